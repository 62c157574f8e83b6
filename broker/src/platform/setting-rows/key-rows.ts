// The settings of keys (the master key where it is not in the key folder, those that sign people
// in), of backups, and of retention.

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
  row(
    'oidc.keyDays',
    'days',
    '90',
    'So long a key signs people in to EHRs; then the next one takes its place. 0: only by command.',
  ),
  row(
    'oidc.keyShownMs',
    'milliseconds',
    '86400000',
    'So long the next key is shown to EHRs before it signs: longer than any of them keeps a copy.',
  ),
  row(
    'retention.identifierDays',
    'days',
    '2192',
    'So long after somebody left, who she was can be said: until then nobody is forgotten. Six ' +
      'years, as 45 CFR 164.316 wants it; less only where your law says so.',
  ),
  row(
    'backup.recipients',
    'list of recipients',
    '(none)',
    'Who may open backups of the data: age1…, of an identity that is kept elsewhere.',
  ),
  row(
    'backup.keyRecipients',
    'list of recipients',
    '(none)',
    'Who may open backups of the key folder: others than those of the data.',
  ),
]
