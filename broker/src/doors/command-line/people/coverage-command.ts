// people coverage: who can prove who she is, and with what, and what to do about the others.

import type { Command } from 'commander'
import { coverage } from '@wardkey/protocol/admin/badges/coverage'
import type { Coverage, CoverageGap } from '@wardkey/protocol/admin/badges/coverage'
import type { CommandTools } from '../command-tools.ts'
import { textTable } from '../text-table.ts'

/** Of each gap what it is called, and what closes it. */
const gaps: readonly (readonly [gap: CoverageGap, title: string, toDo: string])[] = [
  ['role', 'NO ROLE', 'a rule of people.roles for her post: wardkey-broker people unmapped'],
  ['badge', 'NO BADGE', 'a badge, at any workstation or by wardkey-broker badge enrol'],
  ['pin', 'NO PIN', 'a PIN, at any workstation: F2 on its lock screen'],
  ['staff-number', 'NO NUMBER', 'her staff number from HR: else no emergency without her badge'],
  ['key', 'COPYABLE', 'a badge with a key: wardkey-broker badge report says where to begin'],
]

export function addCoverageCommand(people: Command, tools: CommandTools): void {
  people
    .command('coverage')
    .description('who lacks a role, a badge, a PIN or a staff number, by role and by name')
    .action(async () => {
      const report = await tools.client().ask('GET', '/people/coverage', coverage)
      tools.say(report, textOf(report))
    })
}

function textOf(report: Coverage): string {
  const { people, ready, roles, missing, isCut, tokens } = report
  if (people === 0) return 'There is nobody yet.\n'
  const everybody = { role: '(everybody)', people, ready, lacks: report.lacks }
  const count = (number: number | undefined): string => String(number ?? 0)
  return [
    `${count(ready)} of ${count(people)} people who are active have role, badge and PIN.\n\n`,
    textTable(
      ['ROLE', 'PEOPLE', 'READY', ...gaps.map(([, title]) => title)],
      [everybody, ...roles].map((one) => [
        ...[one.role, count(one.people), count(one.ready)],
        ...gaps.map(([gap]) => count(one.lacks[gap])),
      ]),
    ),
    ...(missing.length === 0 ? [] : ['\n', tableOf(missing)]),
    ...(isCut ? [`There are more than these ${count(missing.length)}.\n`] : []),
    ...toDo(report),
    `\nTokens that are good now: ${count(tokens.all)}, ${count(tokens.withoutEnd)} of them without an end, `,
    `${count(tokens.madeAlone)} with power that one person alone gave (wardkey-broker token list).\n`,
  ].join('')
}

function tableOf(missing: Coverage['missing']): string {
  return textTable(
    ['PERSON', 'NAME', 'ROLES', 'LACKS'],
    missing.map(({ personId, name, roles, lacks }) => [
      ...[personId, name ? `${name.given} ${name.family}` : '(forgotten)'],
      ...[roles.join(' '), lacks.join(' ')],
    ]),
  )
}

function toDo({ lacks }: Coverage): readonly string[] {
  const steps = gaps.filter(([gap]) => (lacks[gap] ?? 0) > 0)
  if (steps.length === 0) return []
  const lines = steps.map(([gap, , what]) => `  ${gap.padEnd(13)} ${what}\n`)
  return ['\nWhat closes which:\n', ...lines]
}
