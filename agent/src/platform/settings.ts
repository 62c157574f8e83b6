// The agent's settings: read once from policy, command line, environment and file, all complaints
// at once, then frozen. The only place of the agent that reads the environment.

import { existsSync } from 'node:fs'
import type { z } from 'zod'
import { readSettingsFile } from './settings-file.ts'
import type { SettingsLayer } from './settings-file.ts'
import { settingsTable } from './settings-table.ts'
import type { schemas, SettingKey, SettingRow } from './settings-table.ts'

type Schemas = typeof schemas
export type Settings = { readonly [K in keyof Schemas]: z.output<Schemas[K]> }

export type OriginKind =
  'policy' | 'command-line' | 'environment' | 'file' | 'installer' | 'default'

/** Where a value comes from. What policy says cannot be said otherwise. */
export interface Origin {
  readonly kind: OriginKind
  /** The file, the key of the registry, or the variable. */
  readonly place: string
}
export type Origins = Readonly<Record<SettingKey, Origin>>

export interface ReadSettings {
  readonly settings: Settings
  readonly origins: Origins
  /** What was said and does not count; nothing that would keep the agent from running. */
  readonly notes: readonly string[]
}

export type ParsedSettings =
  | ({ readonly kind: 'parsed' } & ReadSettings)
  | {
      readonly kind: 'invalid'
      /** One line for each thing that is wrong, with the key's name. */
      readonly complaints: readonly string[]
      /** To look at the machine with, each wrong key as if unset. Nothing ever runs on it. */
      readonly remainder: ReadSettings
    }

/** What others than who starts the agent have said, for all of a machine (decision 0044). */
export interface MachineSettings {
  /** The last one counts for most. */
  readonly policy: readonly SettingsLayer[]
  readonly file: SettingsLayer | undefined
  readonly installer: SettingsLayer | undefined
}

/** Without what is said for the whole machine: for demonstrations and tests. */
export function parseSettings(
  file: string | undefined,
  given: Readonly<Record<string, unknown>> = {},
  environment: NodeJS.ProcessEnv = process.env,
): ParsedSettings {
  const layer = file === undefined ? undefined : readSettingsFile(file)
  return parseLayers({ policy: [], file: layer, installer: undefined }, given, environment)
}

/**
 * Policy before the command line before the environment before the file before what the installer
 * wrote before the default. Unknown keys are complaints, but in policy: it reaches machines ahead
 * of the release that knows them.
 */
export function parseLayers(
  machine: MachineSettings,
  given: Readonly<Record<string, unknown>>,
  environment: NodeJS.ProcessEnv = process.env,
): ParsedSettings {
  const layers = layersOf(machine, given, environment)
  const complaints = layers.flatMap((layer) => layer.complaints)
  const values: Partial<Record<SettingKey, unknown>> = {}
  const origins: Partial<Record<SettingKey, Origin>> = {}
  const notes: string[] = []
  for (const row of settingsTable) {
    const { key, schema } = row
    const [first, ...lower] = layers.filter((layer) => isSaid(layer.values[key]))
    const parsed = schema.safeParse(first?.values[key] ?? undefined)
    values[key] = parsed.success ? parsed.data : schema.parse(undefined)
    origins[key] = first ? originIn(first, row) : { kind: 'default', place: '' }
    if (!parsed.success) {
      complaints.push(...parsed.error.issues.map((issue) => complaintOf(row, first, issue)))
    }
    if (first?.kind === 'policy') notes.push(...lower.flatMap((one) => attempt(one, first, key)))
  }
  for (const layer of layers) {
    const unknown = layer.kind === 'policy' ? notes : complaints
    for (const key of Object.keys(layer.values).filter((one) => !known.has(one))) {
      unknown.push(`${key}: there is no such setting${inPlace(layer)}`)
    }
  }
  // Each key was parsed by its own schema above, and each has an origin.
  const read = {
    settings: Object.freeze(values) as Settings,
    origins: origins as Origins,
    notes,
  }
  return complaints.length > 0
    ? { kind: 'invalid', complaints, remainder: read }
    : { kind: 'parsed', ...read }
}

type Layer = SettingsLayer & { readonly kind: Exclude<OriginKind, 'default'> }

/** What counts for most first. */
function layersOf(
  { policy, file, installer }: MachineSettings,
  given: Readonly<Record<string, unknown>>,
  environment: NodeJS.ProcessEnv,
): readonly Layer[] {
  const variables = Object.fromEntries(
    settingsTable.map(({ key, env }): [string, unknown] => [key, environment[env]]),
  )
  return [
    ...policy.toReversed().map((layer): Layer => ({ ...layer, kind: 'policy' })),
    { kind: 'command-line', place: '', values: given, complaints: [] },
    { kind: 'environment', place: '', values: variables, complaints: [] },
    ...(file ? [{ ...file, kind: 'file' } as const] : []),
    ...(installer ? [{ ...installer, kind: 'installer' } as const] : []),
  ]
}

const known: ReadonlySet<string> = new Set(settingsTable.map(({ key }) => key))
const isSaid = (value: unknown): boolean => value !== undefined && value !== null

function originIn({ kind, place }: Layer, { env }: SettingRow): Origin {
  return { kind, place: kind === 'environment' ? env : place }
}

const sayers: Readonly<Partial<Record<OriginKind, string>>> = {
  'command-line': 'the command line',
  environment: 'the environment',
  policy: 'another policy file',
}

/** Somebody tried to say it otherwise. What a machine's file says is merely lower, and no attempt. */
function attempt({ kind }: Layer, { place }: Layer, key: SettingKey): readonly string[] {
  const sayer = sayers[kind]
  if (sayer === undefined) return []
  return [`${key}: is set by policy (${place}); what ${sayer} says does not count`]
}

const inPlace = ({ place }: Layer): string => (place === '' ? '' : ` (${place})`)

/** Where and what, never the value: a complaint is printed, and kept by who starts us. */
function complaintOf({ key }: SettingRow, from: Layer | undefined, issue: z.core.$ZodIssue) {
  const path = [key, ...issue.path.map(String)].join('.')
  return `${path}: ${issue.message}${from ? inPlace(from) : ''}`
}

/** Where settings are unless said otherwise; nothing where there is no such file. */
export function findSettingsFile(
  platform: string = process.platform,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  const usual: Readonly<Record<string, string>> = {
    win32: 'C:\\ProgramData\\Wardkey\\agent.yaml',
    darwin: '/Library/Application Support/Wardkey/agent.yaml',
    linux: '/etc/wardkey/agent.yaml',
  }
  const path = usual[platform]
  return path !== undefined && exists(path) ? path : undefined
}

/** What a program that we start may inherit, before it is narrowed further. A copy of ours. */
export const childEnvironment: Readonly<NodeJS.ProcessEnv> = Object.freeze({ ...process.env })

/** Where windows are shown on X11; empty where there is no display. */
export const displayName = childEnvironment['DISPLAY'] ?? ''
