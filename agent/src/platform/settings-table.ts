// Every setting of the agent: its name, what it is, what it is unless said otherwise, and a
// sentence. The parser, the help, docs/settings.md, and what policies are set with (installers/)
// are made from this one table.

import { z } from 'zod'

/** How a setting is asked for where a program asks: a policy editor, a profile. */
export type SettingForm =
  | { readonly kind: 'yes-no' | 'list' | 'map' | 'json' }
  | { readonly kind: 'text'; readonly max: number }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly of: readonly string[] }

export interface SettingRow {
  readonly key: SettingKey
  readonly type: string
  readonly schema: z.ZodType
  readonly defaultText: string
  readonly form: SettingForm
  readonly secret: boolean
  /** It may hold what is nobody's business: said to be set, never shown. */
  readonly isHidden: boolean
  /** For demonstrations and tests: in no policy editor and no example. */
  readonly isForTests: boolean
  readonly sentence: string
  /** The environment variable that sets it. */
  readonly env: string
}

/** `broker.addresses` in the environment is WARDKEY_AGENT_BROKER_ADDRESSES. */
export function environmentName(key: string): string {
  const words = key.replace(/[A-Z]/g, (capital) => `_${capital}`).replaceAll('.', '_')
  return `WARDKEY_AGENT_${words.toUpperCase()}`
}

const yesNo = z.union(
  [z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')],
  { error: 'say true or false' },
)
const address = z
  .string()
  .max(261)
  .refine((text) => {
    const found = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})$/.exec(text)
    const port = Number(found?.[1])
    return port >= 1 && port <= 65_535
  }, 'write host:port, [::1]:port for an IPv6 address')
/** `a,b` where only text fits. */
const list = (item: z.ZodType<string, string>) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
    z.array(item).max(16),
  )
const bitCount = z.string().regex(/^[0-9]{2,3}$/)
const bitMeaning = z.enum([
  'h10301',
  'h10306',
  'c1k35',
  'h10302',
  'h10304',
  'c1k48',
  'csn',
  'csn-reversed',
])
/** `34=h10306,37=h10302` where only text fits: the environment and the command line. */
function pairs(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return Object.fromEntries(
    value.split(',').map((pair) => pair.split('=').map((part) => part.trim())),
  )
}
/** A map of maps, as JSON where only text fits. What is no JSON is no map either. */
function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return value
  }
}
const forms = {
  'broker.addresses': { kind: 'list' },
  'broker.serverName': { kind: 'text', max: 255 },
  dataDir: { kind: 'text', max: 1024 },
  runtimeDir: { kind: 'text', max: 1024 },
  'identity.store': { kind: 'choice', of: ['keyring', 'file'] },
  'readers.pcsc': { kind: 'yes-no' },
  'readers.hid': { kind: 'yes-no' },
  'readers.debounceMs': { kind: 'number', min: 200, max: 10_000 },
  'readers.wiegandFormats': { kind: 'map' },
  'presence.socket': { kind: 'text', max: 100 },
  'presence.hid': { kind: 'yes-no' },
  'presence.hidDescriptors': { kind: 'map' },
  'presence.keyboards': { kind: 'map' },
  'screen.port': { kind: 'number', min: 0, max: 65_535 },
  'screen.language': { kind: 'choice', of: ['en', 'de'] },
  'browser.path': { kind: 'text', max: 1024 },
  'browser.headless': { kind: 'yes-no' },
  'browser.unsafeNoSandbox': { kind: 'yes-no' },
  programs: { kind: 'json' },
  serviceDesk: { kind: 'text', max: 60 },
  'updates.releaseKey': { kind: 'text', max: 43 },
  'updates.enabled': { kind: 'yes-no' },
  'updates.everyMinutes': { kind: 'number', min: 5, max: 1440 },
  'updates.folder': { kind: 'text', max: 1024 },
  'log.level': { kind: 'choice', of: ['debug', 'info', 'warn', 'error'] },
} as const satisfies Readonly<Record<string, SettingForm>>
/** From the least to the most that its form says. */
const number = ({ min, max }: { readonly min: number; readonly max: number }) =>
  z.coerce.number().int().min(min).max(max)
const textUpTo = ({ max }: { readonly max: number }) => z.string().max(max)
const usbId = z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/, 'write vvvv:pppp, in lower-case hex')
const hexBytes = z.string().regex(/^([0-9a-f]{2}){8,4096}$/, 'write the bytes in lower-case hex')
const stroke =
  '((ctrl|shift|alt|gui)\\+)*([a-z0-9]|f([1-9]|1[0-9]|2[0-4])|pause|scroll-lock|0x[0-9a-f]{2})'
/** `away:gui+l/near:f24`: either word, or both. */
const sensorKeys = z
  .string()
  .max(80)
  .regex(
    new RegExp(`^(away:${stroke}(/near:${stroke})?|near:${stroke}(/away:${stroke})?)$`),
    'write away:KEY, near:KEY or away:KEY/near:KEY',
  )
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
  'broker.serverName': textUpTo(forms['broker.serverName']).default(''),
  dataDir: textUpTo(forms.dataDir).min(1).default('/var/lib/wardkey-agent'),
  runtimeDir: textUpTo(forms.runtimeDir).min(1).default('/run/wardkey-agent'),
  'identity.store': z.enum(forms['identity.store'].of).default('keyring'),
  'readers.pcsc': yesNo.default(true),
  'readers.hid': yesNo.default(true),
  'readers.debounceMs': number(forms['readers.debounceMs']).default(1500),
  'readers.wiegandFormats': z.preprocess(pairs, z.record(bitCount, bitMeaning)).default({}),
  'presence.socket': textUpTo(forms['presence.socket']).default(''),
  'presence.hid': yesNo.default(true),
  'presence.hidDescriptors': z.preprocess(pairs, z.record(usbId, hexBytes)).default({}),
  'presence.keyboards': z.preprocess(pairs, z.record(usbId, sensorKeys)).default({}),
  'screen.port': number(forms['screen.port']).default(0),
  'screen.language': z
    .string()
    .regex(/^([a-z]{2})?$/)
    .default(''),
  'browser.path': textUpTo(forms['browser.path']).default(''),
  'browser.headless': yesNo.default(false),
  'browser.unsafeNoSandbox': yesNo.default(false),
  programs: z
    .preprocess(fromJson, z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), program))
    .default({}),
  serviceDesk: textUpTo(forms.serviceDesk).default(''),
  'updates.releaseKey': z
    .string()
    .regex(/^([A-Za-z0-9_-]{43})?$/, 'write the key as release-manifest prints it, 43 characters')
    .default(''),
  'updates.enabled': yesNo.default(true),
  'updates.everyMinutes': number(forms['updates.everyMinutes']).default(60),
  'updates.folder': textUpTo(forms['updates.folder']).min(1).default('/var/lib/wardkey-updates'),
  'log.level': z.enum(forms['log.level'].of).default('info'),
} as const

export type SettingKey = keyof typeof schemas

/** Arguments of programs are the house's own words: a password may be among them. */
const hidden: readonly SettingKey[] = ['programs']
const forTests: readonly SettingKey[] = ['browser.headless', 'browser.unsafeNoSandbox']

const row = (key: SettingKey, type: string, defaultText: string, sentence: string): SettingRow => ({
  key,
  type,
  schema: schemas[key],
  defaultText,
  form: forms[key],
  secret: false,
  isHidden: hidden.includes(key),
  isForTests: forTests.includes(key),
  sentence,
  env: environmentName(key),
})

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
    'Where the certificate is kept, what it needs without a broker, and keys where `identity.store` is `file`.',
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
    'readers.wiegandFormats',
    'map of bits to format',
    '26: h10301, 35: c1k35, 48: c1k48',
    'What a number of bits means here, added to the default: h10301, h10306, c1k35, h10302, ' +
      'h10304, c1k48, csn or csn-reversed. 34 and 37 bits mean nothing until they are named.',
  ),
  row(
    'presence.socket',
    'path',
    '(none)',
    'Where programs of this user say whether somebody is near (docs/presence.md): a socket’s path, ' +
      'or `\\\\.\\pipe\\name` on Windows.',
  ),
  row(
    'presence.hid',
    'yes or no',
    'true',
    'Listen to presence sensors over USB-HID (docs/presence.md).',
  ),
  row(
    'presence.hidDescriptors',
    'map of vvvv:pppp to hex',
    '(none)',
    'Report descriptors of presence sensors, by vendor and product, where the system tells none: ' +
      'on Windows and macOS.',
  ),
  row(
    'presence.keyboards',
    'map of vvvv:pppp to keys',
    '(none)',
    'Presence sensors that type, by vendor and product, and the keystrokes that they are set to: ' +
      '`away:f23/near:f24`. Read on Linux only; never name a keyboard that a person uses.',
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
  row(
    'updates.releaseKey',
    'key',
    '(none)',
    'The public key that signs releases, as the vendor told it; without one nothing is ever updated.',
  ),
  row(
    'updates.enabled',
    'yes or no',
    'true',
    'Update this workstation, where there is a release key (docs/updates.md).',
  ),
  row(
    'updates.everyMinutes',
    'minutes',
    '60',
    'How often to ask for a release, spread by a quarter; a broker may say another time.',
  ),
  row(
    'updates.folder',
    'folder',
    '/var/lib/wardkey-updates',
    'Where packages are kept and installed from; administrators alone write it, but for its `in`.',
  ),
  row('log.level', 'debug, info, warn or error', 'info', 'How much the operator’s log says.'),
]
