// badge: whose card is whose.

import { Option } from 'commander'
import type { Command } from 'commander'
import { z } from 'zod'
import { badgeEnrolled, badgesPage } from '@wardkey/protocol/admin/badges'
import type { NewBadge } from '@wardkey/protocol/admin/badges'
import type { CommandTools } from './command-tools.ts'
import { cardForms } from '../../identity/cards/card-forms.ts'
import { exitCodes, Refused } from './exit.ts'
import { textTable, textTime } from './text-table.ts'

const nothing = z.null()

interface EnrolOptions {
  readonly csn?: string
  readonly wiegand?: string
  readonly simulated?: string
  readonly technology?: string
}

export function addBadgeCommands(program: Command, tools: CommandTools): void {
  const badge = program.command('badge').description('badges: enrol, list, suspend, lost …')
  badge
    .command('enrol <person>')
    .description('make a card a person’s badge, and show how its number is written elsewhere')
    .option('--csn <hex>', 'the card’s UID as a PC/SC reader gives it')
    .option('--wiegand <bits:hex>', 'all bits as sent, parity included: 26:02f623ae')
    .addOption(new Option('--simulated <id>', 'a card of the simulated reader').hideHelp())
    .option('--technology <name>', 'the card’s make, where it is known: mifare-classic-sector …')
    .addHelpText(
      'after',
      '\nExample:\n  wardkey-broker badge enrol 3f0c… --csn 04a1b2c3d4e580\n' +
        '\nThe agent prints a card’s number: wardkey-agent readers.',
    )
    .action(async (id: string, options: EnrolOptions) => {
      await enrol(id, options, tools)
    })
  badge
    .command('list <person>')
    .description('all badges that a person has and had, with their numbers')
    .action(async (id: string) => {
      const path = `/people/${encodeURIComponent(id)}/badges`
      const { badges } = await tools.client().ask('GET', path, badgesPage)
      const rows = badges.map((one) => [
        one.badgeId,
        one.number ?? '(forgotten)',
        one.technology,
        one.status,
        textTime(one.fromMs),
      ])
      const text = textTable(['ID', 'NUMBER', 'TECHNOLOGY', 'STATUS', 'SINCE (UTC)'], rows)
      tools.say({ badges }, badges.length === 0 ? 'No badges.\n' : text)
    })
  for (const [name, status, sentence] of marks) {
    badge
      .command(`${name} <badge>`)
      .description(sentence)
      .action(async (id: string) => {
        const path = `/badges/${encodeURIComponent(id)}`
        await tools.client().ask('PATCH', path, nothing, { status })
        tools.say({ status }, `The badge is ${status} now.\n`)
      })
  }
}

const marks = [
  ['suspend', 'suspended', 'refuse a badge for a while; what it has open locks at once'],
  ['lost', 'lost', 'refuse a badge that was lost; what it has open locks at once'],
  ['restore', 'active', 'let a suspended or found badge be used again; the PIN is asked first'],
  ['replace', 'replaced', 'refuse a badge for good; its card may be somebody else’s from now on'],
] as const

async function enrol(id: string, options: EnrolOptions, tools: CommandTools): Promise<void> {
  const body = cardOf(options)
  const path = `/people/${encodeURIComponent(id)}/badges`
  const { badgeId } = await tools.client().ask('POST', path, badgeEnrolled, body)
  const forms = cardForms(body.card.canonical)
  const written = forms.map(({ form, text }) => `  ${form.padEnd(32)}${text}\n`).join('')
  const same = written === '' ? '' : `The same card, as others may write it:\n${written}`
  tools.say({ badgeId, forms }, `${badgeId}\n${same}`)
}

function cardOf({ csn, wiegand, simulated, technology }: EnrolOptions): NewBadge {
  const given = [
    ['csn', csn] as const,
    ['wiegand', wiegand] as const,
    ['simulated', simulated] as const,
  ].flatMap(([kind, text]) => (text === undefined ? [] : [{ kind, text }]))
  const [one, ...others] = given
  if (!one || others.length > 0) {
    throw new Refused(exitCodes.usage, 'Name the card once: --csn or --wiegand.')
  }
  // Spaces, colons and capitals are how people copy a UID; what is looked up by has none of them.
  const canonical =
    one.kind === 'csn' ? one.text.replaceAll(/[\s:-]/g, '').toLowerCase() : one.text.toLowerCase()
  if (one.kind === 'csn' && !/^([0-9a-f]{2}){4,16}$/.test(canonical)) {
    throw new Refused(exitCodes.usage, 'A UID is 4 to 16 bytes in hex: 04a1b2c3d4e580.')
  }
  if (one.kind === 'wiegand' && !/^[0-9]{1,3}:([0-9a-f]{2})+$/.test(canonical)) {
    throw new Refused(exitCodes.usage, 'Wiegand bits are written as count and hex: 26:02f623ae.')
  }
  const card = { technology: one.kind, canonical }
  return technology === undefined ? { card } : { card, technology }
}
