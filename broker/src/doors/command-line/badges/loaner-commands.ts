// badge loaner, badge report-lost and badge report: cards for a shift, and what IT needs to know.

import type { Command } from 'commander'
import { z } from 'zod'
import { badgeReport } from '@wardkey/protocol/admin/badges/badge-report'
import { badgesMarked, loanerAdded, loanersPage } from '@wardkey/protocol/admin/badges/loaners'
import type { BadgeReport } from '@wardkey/protocol/admin/badges/badge-report'
import { personId } from '@wardkey/protocol/ids'
import type { CommandTools } from '../command-tools.ts'
import { Refused } from '../exit.ts'
import { textTable, textTime } from '../text-table.ts'
import { cardOf } from './card-options.ts'
import type { CardOptions } from './card-options.ts'

const nothing = z.null()

export function addLoanerCommands(badge: Command, tools: CommandTools): void {
  const loaner = badge
    .command('loaner')
    .description('badges that are given for a shift at a workstation: add, list, retire')
  loaner
    .command('add <label>')
    .description('add a card to them; the label is what is written on it')
    .option('--csn <hex>', 'the card’s UID as a PC/SC reader gives it')
    .option('--wiegand <bits:hex>', 'all bits as sent, parity included: 26:02f623ae')
    .option('--technology <name>', 'the card’s make, where it is known')
    .action(async (label: string, options: CardOptions) => {
      const body = { ...cardOf(options), label }
      const { loanerId } = await tools.client().ask('POST', '/loaners', loanerAdded, body)
      tools.say({ loanerId }, `${loanerId}\n`)
    })
  loaner
    .command('list')
    .description('all of them: which are given now, to whom, and until when')
    .action(async () => {
      const { loaners } = await tools.client().ask('GET', '/loaners', loanersPage)
      const rows = loaners.map(({ loanerId, label, technology, given }) => [
        loanerId,
        label,
        technology,
        given?.personId ?? '(in the pool)',
        given === undefined ? '' : textTime(given.endsMs),
      ])
      const text = textTable(['ID', 'LABEL', 'TECHNOLOGY', 'GIVEN TO', 'UNTIL (UTC)'], rows)
      tools.say({ loaners }, loaners.length === 0 ? 'No loaner badges.\n' : text)
    })
  loaner
    .command('retire <id>')
    .description('take one out of the pool; who has it gets her own badge back')
    .action(async (id: string) => {
      const path = `/loaners/${encodeURIComponent(id)}/retire`
      await tools.client().ask('POST', path, nothing, {})
      tools.say({ retired: id }, 'It is no loaner badge any more.\n')
    })
}

export function addLostCommands(badge: Command, tools: Pick<CommandTools, 'client' | 'say'>): void {
  badge
    .command('report-lost <person>')
    .description('somebody lost her badge: by staff number or id; what it has open locks at once')
    .action(async (who: string) => {
      const id = personId.safeParse(who)
      const owner = id.success
        ? { by: 'person-id', personId: id.data }
        : { by: 'staff-number', staffNumber: who }
      const asking = tools.client().ask('POST', '/badges/lost', badgesMarked, { owner })
      const told = id.success ? await asking : await asking.catch(notANumber)
      const text =
        told.badges === 0
          ? 'She has no badge that opens anything.\n'
          : `${String(told.badges)} of her badges open nothing any more.\n`
      tools.say(told, text)
    })
  badge
    .command('report')
    .description('how many badges anybody can copy, where they count, and what to do first')
    .action(async () => {
      const report = await tools.client().ask('GET', '/badges/report', badgeReport)
      tools.say(report, textOf(report))
    })
}

/** Whatever is no id was taken for a staff number: a name would be, too. */
function notANumber(thrown: unknown): never {
  if (!(thrown instanceof Refused) || thrown.code !== 'person-unknown') throw thrown
  throw new Refused(
    thrown.exitCode,
    'Nobody has that staff number. It is no id, so it was taken for one.\n' +
      'wardkey-broker person list has names and ids: give the id instead. [person-unknown]',
    thrown.code,
  )
}

function textOf(report: BadgeReport): string {
  const { technologies, roles, zones, plan } = report
  const yes = (is: boolean): string => (is ? 'yes' : 'no')
  return [
    `${String(report.cloneable)} of ${String(report.badges)} badges can be copied.\n\n`,
    textTable(
      ['TECHNOLOGY', 'WORTH', 'CAN BE COPIED', 'BADGES', 'PEOPLE'],
      technologies.map((one) => [
        ...[one.technology, String(one.assurance), yes(one.isCloneable)],
        ...[String(one.badges), String(one.people)],
      ]),
    ),
    '\n',
    textTable(
      ['ROLE', 'PEOPLE', 'WITH A COPYABLE BADGE'],
      roles.map((one) => [one.role, String(one.people), String(one.cloneable)]),
    ),
    '\n',
    textTable(
      ['ZONE', 'BADGE ALONE OPENS', 'PEOPLE', 'WITH A COPYABLE BADGE'],
      zones.map((one) => [
        ...[one.zoneId, yes(one.isBadgeAloneEnough)],
        ...[String(one.people), String(one.cloneable)],
      ]),
    ),
    '\nWhat to do, in this order:\n',
    ...plan.map((step, at) => `${String(at + 1).padStart(4)}  ${sentenceOf(step)}\n`),
  ].join('')
}

function sentenceOf(step: BadgeReport['plan'][number]): string {
  return step.what === 'ask-pin'
    ? `zone ${step.zoneId}: ask for the PIN at each tap (pin: each-tap) until its ${String(step.people)} people have badges that prove a key`
    : `role ${step.role}: replace ${String(step.badges)} badges of ${step.technology}`
}
