// The settings of updates of workstations, for people.

import { inFile, row } from './setting-row.ts'
import type { SettingRow } from './setting-row.ts'

export const updateRows: readonly SettingRow[] = [
  row(
    'updates.releaseKey',
    'Ed25519 key, base64url',
    '(none)',
    'The key that signs releases for workstations. Without it nothing is rolled out from here.',
  ),
  row(
    'updates.folder',
    'folder',
    '(none)',
    'Where the files of releases are; with several brokers each has them. `wardkey-broker updates ' +
      'add` puts them there.',
  ),
  row(
    'updates.atOnce',
    'number, 1 to 1000',
    '10',
    'How many workstations may be in the middle of an update at once.',
  ),
  inFile(
    'updates.rings',
    'list',
    '(those of the release)',
    'The house’s own rings, in their order; whoever is in none is in the last. One entry each:',
  ),
  inFile('updates.rings[].zones', 'list of zones', '(none)', 'Zones that are in it as a whole.'),
  inFile('updates.rings[].assets', 'list', '(none)', 'What asset tags of it begin with.'),
  inFile(
    'updates.rings[].percent',
    'number, 0 to 100',
    '0',
    'With so many of 100 of all workstations, those of the rings before it among them.',
  ),
  inFile(
    'updates.rings[].soakHours',
    'hours',
    '',
    'So long half of it has to be well before the next ring goes on.',
  ),
  inFile(
    'updates.rings[].failedMax',
    'number',
    '0',
    'When more have failed or gone back, the roll-out pauses by itself.',
  ),
]
