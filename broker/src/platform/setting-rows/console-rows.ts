// The settings of the console: which groups of the hospital's provider give which role in it.

import { row } from './setting-row.ts'
import type { SettingRow } from './setting-row.ts'

const may = {
  compliance: 'reads presence and the record and closes emergency reviews',
  privacy: 'reads presence and the record and closes emergency reviews, and nothing of badges',
  it: 'sees and revokes workstations, without names',
  serviceDesk: 'helps people with their badges, locks screens and says why a tap was refused',
  manager: 'sees the emergencies and asks for exceptions',
  administrator: 'changes people, badges, workstations, policy and tokens',
} as const

export const consoleRows: readonly SettingRow[] = (
  ['compliance', 'privacy', 'it', 'serviceDesk', 'manager', 'administrator'] as const
).map((role) =>
  row(
    `console.${role}`,
    'list of words',
    '(none)',
    `Groups of account.issuer, one of which gives this role in the console: it ${may[role]}.`,
  ),
)
