// The settings of the console: which groups of the hospital's provider give which role in it, and
// whether people see what is kept about themselves.

import { row } from './setting-row.ts'
import type { SettingRow } from './setting-row.ts'

const may = {
  compliance:
    'reads presence and the record, closes emergency reviews, and places and lifts legal holds',
  privacy:
    'reads presence and the record, closes emergency reviews and places legal holds, and reads ' +
    'nothing of badges',
  it: 'sees and revokes workstations, without names',
  serviceDesk: 'helps people with their badges, locks screens and says why a tap was refused',
  manager: 'sees the emergencies and asks for exceptions',
  administrator: 'changes people, badges, workstations, policy and tokens',
} as const

const roleRows: readonly SettingRow[] = (
  ['compliance', 'privacy', 'it', 'serviceDesk', 'manager', 'administrator'] as const
).map((role) =>
  row(
    `console.${role}`,
    'list of words',
    '(none)',
    `Groups of account.issuer, one of which gives this role in the console: it ${may[role]}.`,
  ),
)

export const consoleRows: readonly SettingRow[] = [
  ...roleRows,
  row(
    'console.ownRecord',
    'yes or no',
    'true',
    'Whether people see their own taps, sessions and presence in the console, and who looked at ' +
      'them. With no, whoever has no role there is not let in.',
  ),
  row(
    'console.ownRecordNames',
    'yes or no',
    'false',
    'Whether they see by name who looked at what is kept about them, and not by role alone.',
  ),
]
