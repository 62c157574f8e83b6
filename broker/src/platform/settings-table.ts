// Every setting of the broker for people: what it is, what it is unless said otherwise, and a
// sentence. docs/settings.md is made from this table; a test holds it to the schemas.

import { accessReviewRows } from './setting-rows/access-review-rows.ts'
import { accountRows } from './setting-rows/account-rows.ts'
import { alertRows } from './setting-rows/alert-rows.ts'
import { consoleRows } from './setting-rows/console-rows.ts'
import { keyRows } from './setting-rows/key-rows.ts'
import { peopleRows } from './setting-rows/people-rows.ts'
import { inFile, row, secret } from './setting-rows/setting-row.ts'
import type { SettingRow } from './setting-rows/setting-row.ts'
import { streamRows } from './setting-rows/stream-rows.ts'
import { updateRows } from './setting-rows/update-rows.ts'

export const settingsTable: readonly SettingRow[] = [
  row('dataDir', 'folder', '/var/lib/wardkey-broker', 'Where the database of the broker is.'),
  row(
    'keysDir',
    'folder',
    '/etc/wardkey-broker/keys',
    'Where the keys are. Never inside `dataDir`: a copy of the data must not bring the keys along.',
  ),
  ...keyRows,
  row('store.kind', 'sqlite or postgres', 'sqlite', 'Which database holds data and record.'),
  secret(
    'store.postgresUrl',
    'postgres:// address',
    '(none)',
    'Where PostgreSQL is, when `store.kind` is `postgres`.',
  ),
  row(
    'web.host',
    'host or address',
    '127.0.0.1',
    'Where browsers and EHRs are answered. Other than loopback needs `web.tlsCertFile`.',
  ),
  row('web.port', 'port', '8480', 'Port for browsers and EHRs; 0 takes any free one.'),
  row(
    'web.publicUrl',
    'address',
    '(made of host and port)',
    'Scheme, host and port as browsers and EHRs see them; the issuer of every token.',
  ),
  row('web.tlsCertFile', 'file', '(none)', 'Certificate chain (PEM) of the web door.'),
  row('web.tlsKeyFile', 'file', '(none)', 'Private key (PEM) of that certificate.'),
  row(
    'admin.host',
    'host or address',
    '127.0.0.1',
    'Where administration and metrics are answered. Other than loopback needs `web.tlsCertFile`.',
  ),
  row('admin.port', 'port', '8481', 'Port for administration and metrics.'),
  row(
    'admin.publicUrl',
    'address',
    '(made of host and port)',
    'Scheme, host and port as browsers see the console.',
  ),
  row('workstations.host', 'host or address', '127.0.0.1', 'Where workstations connect.'),
  row('workstations.port', 'port', '8443', 'Port for workstations; 0 takes any free one.'),
  row(
    'workstations.names',
    'list of hosts',
    'localhost, 127.0.0.1, ::1',
    'Names and addresses by which workstations reach this broker: they are in its certificate.',
  ),
  row(
    'workstations.brokers',
    'list of host:port',
    '(none)',
    'Other brokers that hold the same record, told to the workstations.',
  ),
  row(
    'workstations.certificateHours',
    'hours, 1 to 2160',
    '168',
    'How long a workstation’s certificate is good for. Revoking does not wait for it.',
  ),
  row(
    'workstations.renewLateHours',
    'hours, 0 to 8760',
    '720',
    'How long after its end a certificate may still be renewed by a workstation that was off.',
  ),
  row(
    'workstations.connectionsMax',
    'number, 1 to 50000',
    '12000',
    'More connections than this are turned away.',
  ),
  row(
    'pin.digits',
    'number, 6 to 12',
    '8',
    'The fewest digits of a PIN. Fewer than 8 is weaker than SP 800-63B-4 asks of a secret ' +
      'that is checked centrally: decide that knowingly.',
  ),
  row('pin.threads', 'number, 1 to 64', '1', 'Threads that check PINs; at most cores less one.'),
  row(
    'pin.queueMax',
    'number, 1 to 10000',
    '100',
    'PINs that may wait; further ones are told at once to come back.',
  ),
  row(
    'grace.rollingMs',
    'milliseconds',
    '3600000',
    'Badge alone is enough for so long after the last activity, unless the zone says otherwise.',
  ),
  row(
    'grace.absoluteMs',
    'milliseconds',
    '43200000',
    'Badge alone is enough for at most so long after the PIN, unless the zone says otherwise.',
  ),
  row('session.maxMs', 'milliseconds', '46800000', 'A session ends this long after it was opened.'),
  row(
    'session.lockedMaxMs',
    'milliseconds',
    '1800000',
    'A locked session waits this long for its person, unless the zone says otherwise.',
  ),
  row('session.pinAnswerMs', 'milliseconds', '30000', 'How long a tap waits for its PIN.'),
  row(
    'emergency.lastsMs',
    'milliseconds',
    '1800000',
    'Emergency access ends this long after it was given, unless the zone says otherwise.',
  ),
  row(
    'emergency.reviewMs',
    'milliseconds',
    '259200000',
    'The review of an emergency access is due this long after it was given.',
  ),
  row(
    'exceptions.maxMs',
    'milliseconds',
    '1209600000',
    'An exception ends at most this long after it was approved.',
  ),
  row(
    'compliance.webhookUrl',
    'address',
    '(none)',
    'Where each emergency access is told at once, signed as Standard Webhooks say; the secret is ' +
      'compliance-webhook.secret in the key folder, made when it is missing.',
  ),
  row(
    'compliance.privateAddresses',
    'list of hosts, addresses or ranges',
    '(none)',
    'Private addresses that the webhook may go to. Others are refused (SSRF).',
  ),
  row(
    'compliance.mailTo',
    'list of mail addresses',
    '(none)',
    'Who is told of each emergency access by mail; with compliance.smtpHost and mailFrom.',
  ),
  row('compliance.mailFrom', 'mail address', '(none)', 'The sender of those mails.'),
  row('compliance.smtpHost', 'host', '(none)', 'The mail server that takes them.'),
  row('compliance.smtpPort', 'number', '587', 'Its port.'),
  row(
    'compliance.smtpTls',
    'starttls, tls or none',
    'starttls',
    'How the way to it is encrypted; starttls insists on it.',
  ),
  row(
    'compliance.smtpUser',
    'text',
    '(none)',
    'Who signs in to it; the password is compliance-smtp.password in the key folder.',
  ),
  row(
    'compliance.names',
    'yes or no',
    'false',
    'Whether mails and webhooks name the person. Notes are never in them.',
  ),
  ...alertRows,
  row(
    'badges.allowed',
    'list of cards',
    '(all)',
    'Which cards are taken as badges: csn, csn-7 (UIDs of seven bytes), H10301, H10301:123 (a ' +
      'facility), H10301:123:1000-4999 (a range). Others are refused, whoever enrols them.',
  ),
  row(
    'badges.loanerMs',
    'milliseconds',
    '43200000',
    'A loaner badge ends this long after it was given, or an hour after her shift: what is first.',
  ),
  ...accountRows,
  ...consoleRows,
  ...accessReviewRows,
  row(
    'record.origin',
    'name',
    'wardkey.invalid/record',
    'The name under which the record is signed. Choose it once: checkpoints name it for ever.',
  ),
  inFile(
    'record.witnesses',
    'list',
    '(none)',
    'Who else keeps the newest checkpoint, so that an older database is found. One entry each: ' +
      'name (in logs and metrics), and either folder (on other storage; one inside of the mount, ' +
      'so that it is missing with it), or url of a program that cosigns (C2SP tlog-witness; ' +
      'another broker’s web.publicUrl with /witness), its key (record head --witness-key), and, ' +
      'as needed, caFile: certificates (PEM) that its TLS is believed by.',
  ),
  row(
    'record.witnessFor',
    'list of name+id+key',
    '(none)',
    'Records whose witness this broker is, by their keys.',
  ),
  ...streamRows,
  ...updateRows,
  row(
    'site.timeZone',
    'time zone',
    'UTC',
    'The time zone of shifts, holidays and windows for updates, as the IANA database names it: Europe/Berlin.',
  ),
  row(
    'site.holidays',
    'list of dates',
    '(none)',
    'Dates like 2026-12-25 that count as Sundays for hours that repeat each week.',
  ),
  inFile('oidc.clients', 'list', '(none)', 'The EHRs that sign people in here, one entry each:'),
  inFile('oidc.clients[].clientId', 'name', '', 'The EHR’s client_id.'),
  inFile('oidc.clients[].name', 'text', '', 'What people call it; shown when they sign.'),
  {
    ...inFile('oidc.clients[].secret', 'text', '', 'Its client_secret, at least 32 characters …'),
    secret: true,
  },
  inFile('oidc.clients[].secretFile', 'file', '', '… or the file that holds it.'),
  inFile('oidc.clients[].redirectUris', 'list of addresses', '', 'Where sign-ins may return to.'),
  inFile(
    'oidc.clients[].postLogoutRedirectUris',
    'list of addresses',
    '(none)',
    'Where a logout may return to.',
  ),
  inFile(
    'oidc.clients[].backchannelLogoutUri',
    'address',
    '(none)',
    'Where the EHR hears that a session ended.',
  ),
  inFile(
    'oidc.clients[].idTokenAlg',
    'ES256 or RS256',
    'ES256',
    'How its tokens are signed; RS256 for EHRs that know nothing else.',
  ),
  inFile(
    'oidc.clients[].launch',
    'map',
    '(none)',
    'How it is opened at a workstation: id, adapter, launchUrl, and, as needed, origins, roles, ' +
      'zoneKinds, readySelector.',
  ),
  row(
    'oidc.privateAddresses',
    'list of hosts, addresses or ranges',
    '(none)',
    'Private addresses that logout notices may go to. Others are refused (SSRF).',
  ),
  row(
    'offline.othersMax',
    'number, 0 to 10000',
    '500',
    'People without a right in a zone whom its workstations know all the same while no broker ' +
      'answers, so that emergency access finds them; those seen last come first.',
  ),
  ...peopleRows,
  inFile(
    'people.roles',
    'list',
    '(none)',
    'Which roles people from HR have. Rules add up, one entry each; whom none fits has no role:',
  ),
  inFile('people.roles[].name', 'name', '', 'What reports and wardkey-broker people map call it.'),
  inFile(
    'people.roles[].jobCode',
    'text or list of texts',
    '(any)',
    'HR’s job code; a star at the end stands for anything. The same for department, division, ' +
      'location, company, group (a group’s name) and scimRole (a role as HR names it). All words ' +
      'that a rule names have to fit.',
  ),
  inFile('people.roles[].roles', 'list of roles', '', 'The roles that it gives.'),
  inFile('zones', 'list', '(none)', 'The zones, one entry each:'),
  inFile('zones[].id', 'name', '', 'Short and stable: it is in tokens and in the record.'),
  inFile('zones[].kind', 'name', '', 'What kind of place it is: nurse-station, pharmacy …'),
  inFile('zones[].label', 'text', '', 'What people call it.'),
  inFile(
    'zones[].rules',
    'map',
    '(the defaults)',
    'roles, asksShift, asksTraining, lockdownRoles, idleMs, fadeMs, staleMs (5000 at least), publicView, ' +
      'presentIdleMs, awayIdleMs, activeMs, ' +
      'cardStays, takeOver, takeOverMs, screensMax, suspendedMax (4 at most), offlineMaxMs, ' +
      'downtimeSteps ' +
      '(each page may name a key: field and name; it is posted, and is downtime-NAME.key in the ' +
      'key folder, made when it is missing), nameShown, pin, ' +
      'badgeAloneAssurance, graceRollingMs, graceAbsoluteMs, lockedMaxMs, serviceDesk, errands ' +
      '(what people may do about badges and PINs there), witnessRoles (who may speak for them), ' +
      'updateWindows (days, from and until by the site’s clock: when its workstations may be ' +
      'updated, unless said otherwise each night from 02:00 until 04:30), ' +
      'emergency (offered, reasons with code, label and asksNote, lastsMs, witness, and ' +
      'witnessRoles: whose people may be that colleague; without it, those of the zone’s ' +
      'witnessRoles and whom policies let in there, or, where nothing says who that is, whoever ' +
      'is at work).',
  ),
  row('metrics.enabled', 'yes or no', 'true', 'Whether /metrics answers at the admin door.'),
  row('log.level', 'debug, info, warn or error', 'info', 'How much the operator’s log says.'),
]
