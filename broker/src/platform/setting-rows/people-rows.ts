// The settings of people from HR, but for the mapping of roles, which is a list.

import { row } from './setting-row.ts'
import type { SettingRow } from './setting-row.ts'

export const peopleRows: readonly SettingRow[] = [
  row(
    'people.adopt',
    'administrator or staff-number',
    'administrator',
    'Who says that HR’s system speaks of somebody who was added by hand: an administrator ' +
      '(wardkey-broker people adopt), or the staff number where the name is hers too, HR says that ' +
      'she works here, and a rule gives her a role. The preview of an import shows it in either ' +
      'case.',
  ),
]
