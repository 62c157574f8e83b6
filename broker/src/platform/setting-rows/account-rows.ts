// The settings of the hospital's own sign-in, for workstations and the console.

import { row, secret } from './setting-row.ts'
import type { SettingRow } from './setting-row.ts'

export const accountRows: readonly SettingRow[] = [
  row(
    'account.issuer',
    'address',
    '(none)',
    'The hospital’s own sign-in (OpenID Connect), as its tokens name it. With it, people may sign ' +
      'in with their hospital accounts for a new badge or a forgotten PIN; without it, they are ' +
      'not offered to. Its redirect address is web.publicUrl with /enrol/callback.',
  ),
  row('account.clientId', 'text', '(none)', 'The client_id that it knows this broker by.'),
  secret('account.secret', 'text', '(none)', 'The client_secret, at least 16 characters …'),
  row('account.secretFile', 'file', '(none)', '… or the file that holds it.'),
  row(
    'account.acr',
    'list of words',
    '(none)',
    'How people have to have signed in: acr values, one of which its token has to name.',
  ),
  row(
    'account.groups',
    'list of words',
    '(none)',
    'Groups, one of which they have to be in. Without any it is for the console alone.',
  ),
  row('account.groupsClaim', 'name of a claim', 'groups', 'The claim that has their groups.'),
  row(
    'account.claim',
    'name of a claim',
    'preferred_username',
    'The claim that says who it is. Never a mail address: the next one gets it.',
  ),
  row(
    'account.person',
    'user-name or staff-number',
    'user-name',
    'What that claim is to people: the user name that HR gave them, or their staff number.',
  ),
  row('account.scope', 'scopes', 'openid profile', 'The scopes that are asked for.'),
  row(
    'account.origins',
    'list of origins',
    '(none)',
    'Where its pages are, beside the issuer’s own origin: https://login.hospital.example.',
  ),
  row(
    'account.caFile',
    'file',
    '(none)',
    'Certificates (PEM) that its TLS is believed by, beside the usual ones.',
  ),
]
