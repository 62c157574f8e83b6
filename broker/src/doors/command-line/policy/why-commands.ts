// why: one tap, as the record has it, for the service desk.

import type { Command } from 'commander'
import { whyShown } from '@wardkey/protocol/admin/why'
import type { WhyShown } from '@wardkey/protocol/admin/why'
import type { CommandTools } from '../command-tools.ts'
import { textTime } from '../text-table.ts'

export function addWhyCommands(program: Command, tools: CommandTools): void {
  program
    .command('why <tap>')
    .description('why a tap went as it did: by the code that the screen shows, or the tap’s id')
    .addHelpText('after', '\nExample:\n  wardkey-broker why 7QK-M2X')
    .action(async (tap: string) => {
      const why = await tools.client().ask('GET', `/why/${encodeURIComponent(tap)}`, whyShown)
      tools.say(why, textOf(why))
    })
}

type Now = NonNullable<NonNullable<WhyShown['badge']>['now']>
type Row = readonly [string, string]
const row = (name: string, text: string): Row => [name, text]

const outcomes: Readonly<Record<WhyShown['outcome'], string>> = {
  opened: 'It opened a session.',
  'asked-pin': 'It asked for the PIN, and no answer is in the record.',
  refused: 'It was refused.',
  emergency: 'Emergency access was given.',
  ended: 'It was cancelled, or ran out.',
}

function textOf(why: WhyShown): string {
  const { saw, grace, policy, steps } = why
  const rows: Row[] = [
    ['when (UTC)', textTime(why.atMs)],
    ['rule', why.rule + (why.code === undefined ? '' : ` (${why.code})`)],
    ['tap', `${why.tapId} ${why.quote ?? ''}`],
    ['person', [why.personName ?? '', why.personId ?? 'nobody that is known'].join(' ').trim()],
    ...(why.personStatus === undefined ? [] : [row('', `${why.personStatus} now`)]),
    ...(why.badge === undefined ? [] : badgeRows(why.badge)),
    ['workstation', [why.place ?? '', why.workstationId ?? ''].join(' ').trim()],
    ['zone', why.zoneId ?? ''],
    ...(saw ? sawRows(saw) : []),
    ...(why.exceptions ?? []).map(exceptionRow),
    ...(grace ? [graceRow(grace)] : []),
    ...(policy ? [row('policies', `${policy.policies}, by ${policy.rule}`)] : []),
    ...(why.otherwise === undefined ? [] : [row('otherwise', why.otherwise)]),
  ]
  const facts = rows.map(([name, text]) => `${name.padEnd(13)} ${text}`.trimEnd()).join('\n')
  const story = steps.map(({ atMs, sentence }) => `  ${textTime(atMs)}  ${sentence}`).join('\n')
  const gone =
    why.goneBeforeMs === undefined
      ? ''
      : `\nRetention took facts from before ${textTime(why.goneBeforeMs)}: some of it may be gone.\n`
  return `${outcomes[why.outcome]} ${why.sentence}\n${why.next}\n\n${facts}\n\n${story}\n${gone}`
}

function badgeRows({ badgeId, then, now }: NonNullable<WhyShown['badge']>): Row[] {
  return [
    row('badge', badgeId),
    ...(then === undefined ? [] : [row('  at the tap', then)]),
    ...(now ? [row('  now', nowText(now))] : []),
  ]
}

function nowText({ standing, sinceMs, endsMs, hasOther }: Now): string {
  const until = endsMs === undefined ? '' : `, until ${textTime(endsMs)}`
  const other = hasOther ? '; another badge of hers can be used' : ''
  return `${standing} since ${textTime(sinceMs)}${standing === 'expired' ? '' : until}${other}`
}

function sawRows(saw: NonNullable<WhyShown['saw']>): Row[] {
  const { roles, shift, training, ownZones, needsEscort, mode, assurance, zone } = saw
  const list = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(' '))
  return [
    ['her roles', list(roles)],
    ['her shift', shift],
    ['her training', list(training)],
    ...(ownZones === undefined ? [] : [row('her zones', list(ownZones))]),
    ...(needsEscort ? [row('escort', 'needed')] : []),
    ['badge worth', `assurance ${String(assurance)}`],
    ['mode', mode],
    ['zone’s roles', list(zone.roles)],
    ['zone asks', `shift: ${zone.asksShift}; training: ${list(zone.asksTraining)}`],
  ]
}

function exceptionRow({
  id,
  kind,
  what,
  untilMs,
}: NonNullable<WhyShown['exceptions']>[number]): Row {
  return ['exception', `${kind} ${what} until ${textTime(untilMs)} (${id})`]
}

function graceRow({ zoneId, pinAtMs, lastMs }: NonNullable<WhyShown['grace']>): Row {
  return ['last PIN', `${textTime(pinAtMs)} in ${zoneId}, active until ${textTime(lastMs)}`]
}
