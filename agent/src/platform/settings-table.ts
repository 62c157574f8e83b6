// Every setting of the agent: its name, what it is, what it is unless said otherwise, and a sentence.
// The parser, the help and docs/settings.md are made from this one table.

import { z } from 'zod'

export interface SettingRow {
  readonly key: string
  readonly type: string
  readonly schema: z.ZodType
  readonly defaultText: string
  readonly secret: boolean
  readonly sentence: string
}

const yesNo = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
  .default(false)
const address = z.string().regex(/^[A-Za-z0-9.:[\]-]{1,255}:[0-9]{1,5}$/)
const list = (item: z.ZodType<string, string>) =>
  z.union([
    z.array(item).max(16),
    z
      .string()
      .transform((text) => text.split(',').map((part) => part.trim()))
      .pipe(z.array(item).max(16)),
  ])
const program = z.strictObject({
  path: z.string().min(1).max(1024),
  arguments: z.array(z.string().max(200)).max(32).default([]),
  /** Names that a launch step may give values for; `{name}` in an argument. */
  placeholders: z
    .array(z.string().regex(/^[a-z_]{1,32}$/))
    .max(16)
    .default([]),
})

export const schemas = {
  'broker.addresses': list(address).default([]),
  'broker.serverName': z.string().max(255).default(''),
  dataDir: z.string().min(1).max(1024).default('/var/lib/wardkey-agent'),
  runtimeDir: z.string().min(1).max(1024).default('/run/wardkey-agent'),
  'identity.store': z.enum(['keyring', 'file']).default('keyring'),
  'readers.pcsc': yesNo.default(true),
  'readers.hid': yesNo.default(true),
  'readers.debounceMs': z.coerce.number().int().min(200).max(10_000).default(1500),
  'readers.wiegand35': z.enum(['corporate-1000']).default('corporate-1000'),
  'readers.wiegand37': z.enum(['h10302', 'h10304']).default('h10302'),
  'screen.port': z.coerce.number().int().min(0).max(65_535).default(0),
  'screen.language': z
    .string()
    .regex(/^([a-z]{2})?$/)
    .default(''),
  'browser.path': z.string().max(1024).default(''),
  'browser.headless': yesNo,
  'browser.unsafeNoSandbox': yesNo,
  programs: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), program).default({}),
  serviceDesk: z.string().max(60).default(''),
  'log.level': z.enum(['debug', 'info', 'warn', 'error']).default('info'),
} as const

const row = (
  key: keyof typeof schemas,
  type: string,
  defaultText: string,
  sentence: string,
): SettingRow => ({ key, type, schema: schemas[key], defaultText, secret: false, sentence })

export const settingsTable: readonly SettingRow[] = [
  row(
    'broker.addresses',
    'list of host:port',
    '(none)',
    'Brokers to speak with, in the order to try them.',
  ),
  row(
    'broker.serverName',
    'text',
    '(the host)',
    'The name the broker’s certificate is for, where it is not the host of the address.',
  ),
  row(
    'dataDir',
    'folder',
    '/var/lib/wardkey-agent',
    'Where the certificate, the outbox and, if `identity.store` is `file`, the key are kept.',
  ),
  row(
    'runtimeDir',
    'folder',
    '/run/wardkey-agent',
    'Where the browser’s throw-away profile and the status file are; emptied at each start.',
  ),
  row(
    'identity.store',
    'keyring or file',
    'keyring',
    'Where the private key is: the system’s keyring, or a file that only this user can read.',
  ),
  row('readers.pcsc', 'yes or no', 'true', 'Use PC/SC readers.'),
  row('readers.hid', 'yes or no', 'true', 'Use rf IDEAS readers over USB-HID in SDK mode.'),
  row(
    'readers.debounceMs',
    'milliseconds',
    '1500',
    'The same card again within this time is the same tap.',
  ),
  row(
    'readers.wiegand35',
    'name',
    'corporate-1000',
    'Which 35-bit Wiegand format the site’s cards have.',
  ),
  row(
    'readers.wiegand37',
    'h10302 or h10304',
    'h10302',
    'Which 37-bit Wiegand format the site’s cards have.',
  ),
  row('screen.port', 'port', '0', 'Loopback port of the lock screen; 0 takes any free one.'),
  row('screen.language', 'en or de', '(the browser’s)', 'Language of the lock screen.'),
  row(
    'browser.path',
    'file',
    '(found by itself)',
    'The browser that shows lock screen and charts.',
  ),
  row(
    'browser.headless',
    'yes or no',
    'false',
    'Run the browser without a display; for demonstrations and tests.',
  ),
  row(
    'browser.unsafeNoSandbox',
    'yes or no',
    'false',
    'Switches the browser’s sandbox off. Refused except in demonstrations and tests.',
  ),
  row(
    'programs',
    'map',
    '(none)',
    'Programs that a launch step may start, by name: path, arguments, placeholders.',
  ),
  row('serviceDesk', 'text', '(none)', 'Number to call, shown until the zone’s own is known.'),
  row('log.level', 'debug, info, warn or error', 'info', 'How much the operator’s log says.'),
]
