// What settings must be to each other. Each rule says what is wrong and what to do; none reads
// anything but the settings.

import { isAbsolute, relative, resolve } from 'node:path'
import type { SettingKey, Settings } from './settings-schemas.ts'

export interface Complaint {
  readonly key: SettingKey
  readonly inside: readonly (string | number)[]
  readonly text: string
}

type Rule = (settings: Settings) => readonly Complaint[]

/** All complaints, in the order of the rules. */
export function judgeTogether(settings: Settings): readonly Complaint[] {
  return rules.flatMap((rule) => rule(settings))
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(host)
}

/** True for the folder itself and for whatever is below it. */
export function isWithin(folder: string, parent: string): boolean {
  const way = relative(resolve(parent), resolve(folder))
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}

const complain = (
  isWrong: boolean,
  key: SettingKey,
  text: string,
  inside: Complaint['inside'] = [],
): readonly Complaint[] => (isWrong ? [{ key, inside, text }] : [])

const keysApart: Rule = ({ keysDir, dataDir }) =>
  complain(
    isWithin(keysDir, dataDir) || isWithin(dataDir, keysDir),
    'keysDir',
    'must not share a folder with dataDir: a copy of the data would bring the keys along',
  )

/** A program that is looked for along the way is whoever's comes first. */
const masterOnce: Rule = (settings) => {
  const command = settings['keys.masterCommand']
  const [program] = command
  return [
    ...complain(
      program !== undefined && !isAbsolute(program),
      'keys.masterCommand',
      'has to begin with the whole path of a program',
    ),
    ...complain(
      command.length > 0 && settings.masterKey !== '',
      'keys.masterCommand',
      'is of no use beside masterKey: give one of them',
    ),
  ]
}

/** Whoever could open both would have everything with two files from one shelf. */
const backupsApart: Rule = (settings) =>
  settings['backup.keyRecipients'].flatMap((recipient, at) =>
    complain(
      settings['backup.recipients'].includes(recipient),
      'backup.keyRecipients',
      'has to be somebody else than in backup.recipients',
      [at],
    ),
  )

const storeAddress: Rule = (settings) =>
  complain(
    settings['store.kind'] === 'postgres' && settings['store.postgresUrl'] === '',
    'store.postgresUrl',
    'is needed when store.kind is postgres',
  )

const tlsPair: Rule = (settings) =>
  complain(
    (settings['web.tlsCertFile'] === '') !== (settings['web.tlsKeyFile'] === ''),
    'web.tlsCertFile',
    'and web.tlsKeyFile belong together: give both or neither',
  )

const plainOnlyOnLoopback: Rule = (settings) =>
  (['web.host', 'admin.host'] as const).flatMap((key) =>
    complain(
      settings['web.tlsCertFile'] === '' && !isLoopback(settings[key]),
      key,
      'without TLS only loopback is allowed: set web.tlsCertFile and web.tlsKeyFile, or 127.0.0.1',
    ),
  )

const publicUrl: Rule = (settings) =>
  (['web.publicUrl', 'admin.publicUrl'] as const).flatMap((key) => bareAddress(key, settings[key]))

function bareAddress(key: 'web.publicUrl' | 'admin.publicUrl', text: string): ReturnType<Rule> {
  if (text === '') return []
  const url = new URL(text)
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  return [
    ...complain(!isBare, key, 'is scheme, host and port only, without a path'),
    ...complain(
      url.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, '')),
      key,
      'has to be https, except on loopback',
    ),
  ]
}

/** An address that means "all of them" is no address that anybody could go to. */
const publicUrlNeeded: Rule = (settings) =>
  complain(
    ['0.0.0.0', '::'].includes(settings['web.host']) && settings['web.publicUrl'] === '',
    'web.publicUrl',
    'is needed when web.host stands for every address of the machine',
  )

/** Roles that nobody could prove to have would look like a console. */
const consoleWhole: Rule = (settings) => [
  ...consoleRoleKeys.flatMap((key) =>
    complain(
      settings[key].length > 0 && settings['account.issuer'] === '',
      key,
      'is of no use without account.issuer',
    ),
  ),
  ...complain(
    consoleRoleKeys.some((key) => settings[key].length > 0) &&
      ['0.0.0.0', '::'].includes(settings['admin.host']) &&
      settings['admin.publicUrl'] === '',
    'admin.publicUrl',
    'is needed for the console when admin.host stands for every address of the machine',
  ),
]

const graceOrder: Rule = (settings) =>
  complain(
    settings['grace.rollingMs'] > settings['grace.absoluteMs'],
    'grace.rollingMs',
    'is longer than grace.absoluteMs, so it would never count',
  )

const zonesOnce: Rule = ({ zones }) =>
  repeats(zones.map(({ id }) => id)).flatMap((at) =>
    complain(true, 'zones', 'names a zone that is there already', [at, 'id']),
  )

const clientsOnce: Rule = (settings) => {
  const clients = settings['oidc.clients']
  return [
    ...repeats(clients.map(({ clientId }) => clientId)).flatMap((at) =>
      complain(true, 'oidc.clients', 'names a client that is there already', [at, 'clientId']),
    ),
    ...repeats(clients.map(({ launch }) => launch?.id)).flatMap((at) =>
      complain(true, 'oidc.clients', 'names a launch that is there already', [at, 'launch', 'id']),
    ),
  ]
}

/** Half a way to tell compliance is none, and nobody would notice before it counts. */
const mailWhole: Rule = (settings) => {
  const parts = ['compliance.mailFrom', 'compliance.smtpHost'] as const
  const isAny = settings['compliance.mailTo'].length > 0
  return parts.flatMap((key) =>
    complain(
      (settings[key] === '') === isAny,
      key,
      isAny ? 'is needed with compliance.mailTo' : 'is of no use without compliance.mailTo',
    ),
  )
}

const webhookAddress: Rule = (settings) => {
  const text = settings['compliance.webhookUrl']
  if (text === '') return []
  const { protocol, hostname, username } = new URL(text)
  return [
    ...complain(
      protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, '')),
      'compliance.webhookUrl',
      'has to be https, except on loopback',
    ),
    ...complain(username !== '', 'compliance.webhookUrl', 'must not hold a user'),
  ]
}

const consoleRoleKeys = [
  'console.compliance',
  'console.privacy',
  'console.it',
  'console.serviceDesk',
  'console.manager',
  'console.administrator',
] as const

/** Half of it would let in whoever the other half should keep out. */
const accountWhole: Rule = (settings) => {
  const isOffered = settings['account.issuer'] !== ''
  const isForConsole = consoleRoleKeys.some((key) => settings[key].length > 0)
  const needed = ['account.clientId', 'account.acr'] as const
  const secrets = ['account.secret', 'account.secretFile'] as const
  const given = secrets.filter((key) => settings[key] !== '')
  return [
    ...needed.flatMap((key) =>
      complain(
        (settings[key].length === 0) === isOffered,
        key,
        isOffered ? 'is needed with account.issuer' : 'is of no use without account.issuer',
      ),
    ),
    // Where nobody may use it at a workstation, it is for the console alone.
    ...complain(
      isOffered && !isForConsole && settings['account.groups'].length === 0,
      'account.groups',
      'is needed with account.issuer, unless it is for the console alone',
    ),
    ...complain(
      !isOffered && settings['account.groups'].length > 0,
      'account.groups',
      'is of no use without account.issuer',
    ),
    ...complain(
      given.length !== (isOffered ? 1 : 0),
      'account.secret',
      isOffered
        ? 'has to be given once: as account.secret or as account.secretFile'
        : 'is of no use without account.issuer',
    ),
  ]
}

const isPlain = (address: string): boolean => {
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, ''))
}

const accountAddress: Rule = (settings) => {
  const text = settings['account.issuer']
  if (text === '') return []
  const { username, search, hash } = new URL(text)
  return [
    ...complain(isPlain(text), 'account.issuer', 'has to be https, except on loopback'),
    ...complain(
      username !== '' || search !== '' || hash !== '',
      'account.issuer',
      'is an address without user, question mark or hash',
    ),
    ...settings['account.origins'].flatMap((origin, at) =>
      complain(isPlain(origin), 'account.origins', 'has to be https, except on loopback', [at]),
    ),
  ]
}

/** A witness beside the data would go back with it. */
const witnessesApart: Rule = (settings) => {
  const witnesses = settings['record.witnesses']
  const key = 'record.witnesses'
  return witnesses.flatMap((witness, at) => [
    ...('folder' in witness
      ? complain(
          isWithin(witness.folder, settings.dataDir) || isWithin(settings.dataDir, witness.folder),
          key,
          'has to be on other storage than dataDir',
          [at, 'folder'],
        )
      : complain(isPlain(witness.url), key, 'has to be https, except on loopback', [at, 'url'])),
    ...complain(
      witnesses.findIndex(({ name }) => name === witness.name) < at,
      key,
      'names a witness that is there already',
      [at, 'name'],
    ),
  ])
}

/** A door into a zone that there is none of would be evidence of nothing. */
const feedZones: Rule = ({ feeds, zones }) =>
  feeds.flatMap(({ doors }, at) =>
    Object.entries(doors).flatMap(([name, { zone }]) =>
      complain(
        zone !== undefined && !zones.some(({ id }) => id === zone),
        'feeds',
        'names a zone that is not in zones',
        [at, 'doors', name, 'zone'],
      ),
    ),
  )

const rules: readonly Rule[] = [
  feedZones,
  witnessesApart,
  accountWhole,
  accountAddress,
  consoleWhole,
  keysApart,
  masterOnce,
  backupsApart,
  storeAddress,
  tlsPair,
  plainOnlyOnLoopback,
  publicUrl,
  publicUrlNeeded,
  graceOrder,
  zonesOnce,
  clientsOnce,
  mailWhole,
  webhookAddress,
]

/** Positions whose value came before. */
function repeats(values: readonly (string | undefined)[]): readonly number[] {
  return values.flatMap((value, at) =>
    value !== undefined && values.indexOf(value) < at ? [at] : [],
  )
}
