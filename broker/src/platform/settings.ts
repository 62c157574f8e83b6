// The broker's settings: read once from file, environment and command line, all complaints at once,
// then frozen. The only place of the broker that reads the environment.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { z } from 'zod'
import { noFile, readSettingsFile } from './settings-file.ts'
import type { SettingsFile } from './settings-file.ts'
import { schemas } from './settings-schemas.ts'
import type { SettingKey, Settings } from './settings-schemas.ts'
import { environmentName } from './setting-rows/setting-row.ts'
import { settingsTable } from './settings-table.ts'
import { judgeTogether } from './settings-together.ts'
import type { Complaint } from './settings-together.ts'

export type { Settings } from './settings-schemas.ts'

export type ParsedSettings =
  | { readonly kind: 'parsed'; readonly settings: Settings }
  /** One line for each thing that is wrong, with its place; never a value, it may be a secret. */
  | { readonly kind: 'invalid'; readonly complaints: readonly string[] }

export interface SettingsSources {
  readonly file?: string
  /** From the command line, by flat key; before everything else. */
  readonly given?: Readonly<Record<string, unknown>>
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Where the file is when nobody names one: what the environment says, or the usual place. */
export function settingsFileOf(
  isThere: (file: string) => boolean,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const named = environment['WARDKEY_SETTINGS']
  if (named !== undefined && named !== '') return named
  return isThere(usualFile) ? usualFile : undefined
}

const usualFile = '/etc/wardkey-broker/settings.yaml'
const keys = Object.keys(schemas) as SettingKey[]
const folders: readonly SettingKey[] = ['dataDir', 'keysDir']
const files: readonly SettingKey[] = [
  'web.tlsCertFile',
  'web.tlsKeyFile',
  'account.secretFile',
  'account.caFile',
]

/**
 * Command line before environment before file before default.
 *
 * `zoneRules` judges what a zone may say; the rules belong to the policy, which settings do not
 * know.
 */
export function parseSettings(sources: SettingsSources, zoneRules: z.ZodType): ParsedSettings {
  const { given = {}, environment = process.env } = sources
  const file = sources.file === undefined ? noFile : readSettingsFile(sources.file, keys)
  const complaints = [...file.complaints]
  const values: Record<string, unknown> = {}
  for (const key of keys) {
    const { value, from } = choose(key, given, environment, file)
    const parsed = schemas[key].safeParse(value)
    if (parsed.success) values[key] = absolute(key, parsed.data, sources.file)
    else {
      for (const { path, message } of parsed.error.issues) {
        complaints.push(say(from(path.map(asStep)), key, path.map(asStep), message))
      }
    }
  }
  complaints.push(...unknownKeys(given, file), ...masterKeyInFile(file))
  if (complaints.length > 0) return { kind: 'invalid', complaints }
  // Each key was parsed by its own schema above.
  const settings = values as Settings
  const place = (complaint: Complaint): string =>
    say(
      complaint.key in file.values ? file.place(complaint.key, complaint.inside) : '',
      complaint.key,
      complaint.inside,
      complaint.text,
    )
  const {
    clients,
    accountSecret,
    complaints: secretComplaints,
  } = readSecrets(settings, sources.file)
  const wrong = [
    ...judgeTogether(settings),
    ...judgeZones(settings, zoneRules),
    ...secretComplaints,
  ]
  if (wrong.length > 0) return { kind: 'invalid', complaints: wrong.map(place) }
  const read = { 'oidc.clients': clients, 'account.secret': accountSecret }
  return { kind: 'parsed', settings: deepFreeze({ ...settings, ...read }) }
}

function choose(
  key: SettingKey,
  given: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
  file: SettingsFile,
): { value: unknown; from: (inside: readonly (string | number)[]) => string } {
  if (given[key] !== undefined) return { value: given[key], from: () => 'command line' }
  const variable = settingsTable.find((row) => row.key === key)?.env
  const value = variable === undefined ? undefined : environment[variable]
  if (variable !== undefined && value !== undefined && value !== '')
    return { value, from: () => variable }
  // A key without a value in YAML is null: as good as not there.
  return { value: file.values[key] ?? undefined, from: (inside) => file.place(key, inside) }
}

function unknownKeys(given: Readonly<Record<string, unknown>>, file: SettingsFile): string[] {
  const isUnknown = (key: string): boolean => !(keys as readonly string[]).includes(key)
  const sentence = 'there is no such setting'
  return [
    ...Object.keys(file.values)
      .filter(isUnknown)
      .map((key) => say(file.place(key, []), key, [], sentence)),
    ...Object.keys(given)
      .filter(isUnknown)
      .map((key) => say('command line', key, [], sentence)),
  ]
}

function masterKeyInFile(file: SettingsFile): string[] {
  if (!('masterKey' in file.values)) return []
  const sentence = `belongs in a file of its own or in ${environmentName('masterKey')}, never here`
  return [say(file.place('masterKey', []), 'masterKey', [], sentence)]
}

function judgeZones({ zones }: Settings, zoneRules: z.ZodType): readonly Complaint[] {
  return zones.flatMap(({ rules }, at) => {
    const parsed = zoneRules.safeParse(rules)
    return (parsed.error?.issues ?? []).map(({ path, message }) => ({
      key: 'zones' as const,
      inside: [at, 'rules', ...path.map(asStep)],
      text: message,
    }))
  })
}

/**
 * Secrets that are in files of their own, read now so that nothing later reads the disk for them.
 */
function readSecrets(
  settings: Settings,
  settingsFile: string | undefined,
): { clients: Settings['oidc.clients']; accountSecret: string; complaints: readonly Complaint[] } {
  const complaints: Complaint[] = []
  const clients = settings['oidc.clients'].map((client, at) => {
    if (client.secretFile === undefined) return client
    const folder = settingsFile === undefined ? '.' : dirname(settingsFile)
    const read = readSecret(resolve(folder, client.secretFile), 32)
    if (read.kind === 'read') return { ...client, secret: read.secret }
    complaints.push({ key: 'oidc.clients', inside: [at, 'secretFile'], text: read.text })
    return client
  })
  const file = settings['account.secretFile']
  if (file === '') return { clients, accountSecret: settings['account.secret'], complaints }
  const read = readSecret(file, 16)
  if (read.kind === 'read') return { clients, accountSecret: read.secret, complaints }
  complaints.push({ key: 'account.secretFile', inside: [], text: read.text })
  return { clients, accountSecret: '', complaints }
}

function readSecret(
  path: string,
  charactersMin: number,
): { kind: 'read'; secret: string } | { kind: 'wrong'; text: string } {
  const wrong = (text: string) => ({ kind: 'wrong', text }) as const
  if (!existsSync(path)) return wrong('there is no such file')
  if (process.platform !== 'win32' && (statSync(path).mode & 0o007) !== 0) {
    return wrong('can be read by everybody: take the rights of others away (chmod o=)')
  }
  const secret = readFileSync(path, 'utf8').trim()
  if (secret.length < charactersMin || secret.length > 512) {
    return wrong(`has to hold ${String(charactersMin)} to 512 characters`)
  }
  return { kind: 'read', secret }
}

/** Relative paths count from where the settings file is, not from where somebody stood. */
function absolute(key: SettingKey, value: unknown, file: string | undefined): unknown {
  const isPath = folders.includes(key) || files.includes(key)
  if (!isPath || typeof value !== 'string' || value === '') return value
  return resolve(file === undefined ? '.' : dirname(file), value)
}

function say(
  place: string,
  key: string,
  inside: readonly (string | number)[],
  text: string,
): string {
  const name = inside.reduce<string>(
    (name, step) => (typeof step === 'number' ? `${name}[${String(step)}]` : `${name}.${step}`),
    key,
  )
  return place === '' ? `${name}: ${text}` : `${place}: ${name}: ${text}`
}

function asStep(step: PropertyKey): string | number {
  return typeof step === 'number' ? step : String(step)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) deepFreeze(inner)
    Object.freeze(value)
  }
  return value
}
