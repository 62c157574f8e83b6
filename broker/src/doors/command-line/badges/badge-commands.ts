// badge: whose card is whose.

import { Option } from 'commander'
import type { Command } from 'commander'
import { z } from 'zod'
import { badgeEnrolled, badgesPage } from '@wardkey/protocol/admin/badges'
import type { CommandTools } from '../command-tools.ts'
import { cardForms } from '../../../identity/cards/card-forms.ts'
import { cardNumberFormats, parseCardNumber } from '../../../identity/cards/card-numbers.ts'
import { textTable, textTime } from '../text-table.ts'
import { cardOf } from './card-options.ts'
import type { CardOptions } from './card-options.ts'
import { importBadges } from './import-badges.ts'
import type { BadgeImportOptions } from './import-badges.ts'
import { addLoanerCommands, addLostCommands } from './loaner-commands.ts'

const nothing = z.null()

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
    .action(async (id: string, options: CardOptions) => {
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
        one.isResting ? 'resting (loaner)' : one.status,
        textTime(one.sinceMs),
      ])
      const text = textTable(['ID', 'NUMBER', 'TECHNOLOGY', 'STATUS', 'SINCE (UTC)'], rows)
      tools.say({ badges }, badges.length === 0 ? 'No badges.\n' : text)
    })
  addImport(badge, tools)
  addLoanerCommands(badge, tools)
  addLostCommands(badge, tools)
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

function addImport(badge: Command, tools: CommandTools): void {
  badge
    .command('import <file>')
    .description('take a list of badges (CSV): look at whom each means, then do that')
    .option('--preview', 'show row by row what would change; changes nothing')
    .option('--apply <digest>', 'do what the preview with this digest showed, and nothing else')
    .option('--format <name>', 'how the numbers are written: hex, decimal, H10301:123 …')
    .option('--delimiter <character>', 'between cells (default: comma, semicolon or tab)')
    .option('--encoding <name>', 'of the file (default: UTF-8, or by its byte order mark)')
    .addHelpText(
      'after',
      '\nColumns: number, one of staff_number, user_name and person_id, and where they are needed\n' +
        'format and technology. The formats and an example: docs/badges.md.',
    )
    .action(async (file: string, options: BadgeImportOptions) => {
      await importBadges(file, options, tools)
    })
  badge
    .command('forms <number>')
    .description('all cards that a number could be, by how it may have been written')
    .action((number: string) => {
      const all = readingsOf(number)
      const rows = all.map(({ format, canonical }) => [format, canonical])
      const text = textTable(['WRITTEN AS', 'IS THE CARD'], rows)
      tools.say({ readings: all }, all.length === 0 ? 'It is no card’s number.\n' : text)
    })
}

/** What a reader would report, under each format of which the text is a number. */
function readingsOf(text: string): readonly { format: string; canonical: string }[] {
  return cardNumberFormats.flatMap((name) => {
    const card = parseCardNumber(text, { name })
    return card ? [{ format: name, canonical: card.canonical }] : []
  })
}

const marks = [
  ['suspend', 'suspended', 'refuse a badge for a while; what it has open locks at once'],
  ['lost', 'lost', 'refuse a badge that was lost; what it has open locks at once'],
  ['restore', 'active', 'let a suspended or found badge be used again; the PIN is asked first'],
  ['replace', 'replaced', 'refuse a badge for good; its card may be somebody else’s from now on'],
] as const

async function enrol(id: string, options: CardOptions, tools: CommandTools): Promise<void> {
  const body = cardOf(options)
  const path = `/people/${encodeURIComponent(id)}/badges`
  const { badgeId } = await tools.client().ask('POST', path, badgeEnrolled, body)
  const forms = cardForms(body.card.canonical)
  const written = forms.map(({ form, text }) => `  ${form.padEnd(32)}${text}\n`).join('')
  const same = written === '' ? '' : `The same card, as others may write it:\n${written}`
  tools.say({ badgeId, forms }, `${badgeId}\n${same}`)
}
