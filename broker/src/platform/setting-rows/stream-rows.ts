// The settings of streams, for people.

import { inFile } from './setting-row.ts'
import type { SettingRow } from './setting-row.ts'

export const streamRows: readonly SettingRow[] = [
  inFile(
    'streams',
    'list',
    '(none)',
    'Where facts of the record go, in order and at least once; docs/streams.md has an example for ' +
      'each receiver. One entry each:',
  ),
  inFile('streams[].name', 'name', '', 'What commands, log and metrics call it; keep it.'),
  inFile('streams[].kind', 'syslog, webhook, fhir or file', '', 'The way by which it goes.'),
  inFile('streams[].codes', 'list of codes', '(all)', 'Only these facts: BTG-002, or BTG-*.'),
  inFile(
    'streams[].classes',
    'list of classes',
    '(all)',
    'Or whole classes: sign-in, emergency, presence, offline, people, policy, workstations, ' +
      'administration, system, other. With codes: what is in either.',
  ),
  inFile(
    'streams[].identifiers',
    'ids, staff-numbers or names',
    'ids',
    'How people are called in it. Names bring staff numbers along. Who was forgotten has neither.',
  ),
  inFile(
    'streams[].from',
    'now or beginning',
    'now',
    'Where a stream begins that was never sent; wardkey-broker streams rewind moves it later.',
  ),
  inFile(
    'streams[].… of syslog',
    'map',
    '',
    'host, port (6514), caFile (whose certificates are believed), and, as needed, serverName, ' +
      'certFile with keyFile, format (json or cef), facility (10), bom, hostName, enterprise ' +
      '(32473), resendMs (30000) and resendMin (500): what is sent again after each new connection.',
  ),
  inFile(
    'streams[].… of webhook',
    'map',
    '',
    'url, format (json or ocsf), and, as needed, body (envelope, array or lines), batch (100), ' +
      'caFile, tokenFile with scheme (Bearer), privateAddresses. Signed as Standard Webhooks say; ' +
      'the secret is stream-NAME.secret in the key folder, made when it is missing.',
  ),
  inFile(
    'streams[].… of fhir',
    'map',
    '',
    'url (the server’s base), repeats (if-none-exist, or put with an id of our own), and, as ' +
      'needed, caFile, privateAddresses, and tokenFile, or smart with tokenUrl, clientId and scope; ' +
      'its key is stream-NAME.smart.pem in the key folder, made when it is missing.',
  ),
  inFile(
    'streams[].… of file',
    'map',
    '',
    'folder, format (csv, json or ocsf), rollMb (64) and rollMs (a day): when a new file is begun.',
  ),
  inFile(
    'feeds',
    'list',
    '(none)',
    'Systems of the house that tell of doors and alarms; docs/streams.md has examples. One entry each:',
  ),
  inFile('feeds[].name', 'name', '', 'What commands, the record and metrics call it.'),
  inFile(
    'feeds[].kind',
    'webhook, syslog or list',
    '',
    'How it comes: signed webhooks (secret: feed-NAME.secret in the key folder; hmac with ' +
      'signature, timestamp and prefix for senders with headers of their own), syslog over TLS ' +
      '(host, port, certFile, keyFile, and caFile of those who may send), or by command only.',
  ),
  inFile(
    'feeds[].fields',
    'map',
    '',
    'Which of its fields is badge (with facility), staffNumber, door, direction, time, id, type.',
  ),
  inFile(
    'feeds[].badgeFormat',
    'format of cards',
    'hex',
    'How badge numbers are written: docs/badges.md names the formats.',
  ),
  inFile('feeds[].timeZone', 'time zone', '(none)', 'Of times that come without an offset.'),
  inFile('feeds[].directions', 'map', 'in: [in], out: [out]', 'What stands for in and for out.'),
  inFile(
    'feeds[].doors',
    'map',
    '',
    'Each door by its name there: zone (the zone behind it), name (in the record), direction ' +
      '(where its reader is on one side). Others are counted and not taken.',
  ),
  inFile('feeds[].alarms', 'map', '(none)', 'Types that are alarms, and a word for each.'),
  inFile('feeds[].ignored', 'list', '(none)', 'Types that nothing is taken from.'),
]
