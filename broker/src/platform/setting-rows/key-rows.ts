// The settings of the master key: where it is when it is not in the key folder.

import { row, secret } from './setting-row.ts'
import type { SettingRow } from './setting-row.ts'

export const keyRows: readonly SettingRow[] = [
  secret(
    'masterKey',
    '43 characters of base64url',
    '(the file master.key)',
    'The master key, for places that hand out secrets in the environment. Not allowed in the file.',
  ),
  row(
    'keys.masterCommand',
    'list of words',
    '(none)',
    'A program, by its whole path, and its words: it writes the master key to standard output, ' +
      'for keys behind PKCS#11 or a key service (docs/keys-and-backup.md).',
  ),
]
