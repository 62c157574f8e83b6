// The agent's settings: read once from file, environment and command line, all complaints at once,
// then frozen. The only place of the agent that reads the environment.

import { existsSync, readFileSync } from 'node:fs'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { schemas, settingsTable } from './settings-table.ts'

type Schemas = typeof schemas
export type Settings = { readonly [K in keyof Schemas]: z.output<Schemas[K]> }

export type ParsedSettings =
  | { readonly kind: 'parsed'; readonly settings: Settings }
  /** One line for each thing that is wrong, with the key's name. */
  | { readonly kind: 'invalid'; readonly complaints: readonly string[] }

/** Command line before environment before file before default. Unknown keys are complaints. */
export function parseSettings(
  file: string | undefined,
  given: Readonly<Record<string, unknown>> = {},
  environment: NodeJS.ProcessEnv = process.env,
): ParsedSettings {
  const complaints: string[] = []
  const fromFile = file === undefined ? {} : readFile(file, complaints)
  const values: Record<string, unknown> = {}
  for (const { key, schema, env } of settingsTable) {
    const fromEnvironment = environment[env]
    const value = given[key] ?? fromEnvironment ?? fromFile[key]
    const parsed = schema.safeParse(value)
    if (parsed.success) values[key] = parsed.data
    else complaints.push(...parsed.error.issues.map((issue) => complaintOf(key, issue)))
  }
  const known = new Set(settingsTable.map(({ key }) => key))
  for (const key of [...Object.keys(fromFile), ...Object.keys(given)]) {
    if (!known.has(key)) complaints.push(`${key}: there is no such setting`)
  }
  if (complaints.length > 0) return { kind: 'invalid', complaints }
  // Each key was parsed by its own schema above.
  return { kind: 'parsed', settings: Object.freeze(values) as Settings }
}

/** Where and what, never the value: a complaint is printed, and kept by who starts us. */
function complaintOf(key: string, issue: z.core.$ZodIssue): string {
  const place = [key, ...issue.path.map(String)].join('.')
  return `${place}: ${issue.message}`
}

/** Settings may be nested in the file: `broker: { addresses: … }` is `broker.addresses`. */
function readFile(file: string, complaints: string[]): Record<string, unknown> {
  if (!existsSync(file)) {
    complaints.push(`${file}: there is no such file`)
    return {}
  }
  let document: unknown
  try {
    document = parseYaml(readFileSync(file, 'utf8'), { maxAliasCount: 0 })
  } catch (thrown) {
    complaints.push(
      `${file}: ${thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : ''}`,
    )
    return {}
  }
  const isMap = typeof document === 'object' && document !== null && !Array.isArray(document)
  // An empty file says nothing, and that is allowed.
  if (!isMap && document !== null) complaints.push(`${file}: settings are names with values`)
  return flatten(document, '')
}

function flatten(value: unknown, prefix: string): Record<string, unknown> {
  const table = z.record(z.string(), z.unknown()).safeParse(value ?? {})
  if (!table.success) return {}
  const flat: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(table.data)) {
    const key = `${prefix}${name}`
    const isGroup = settingsTable.some((row) => row.key.startsWith(`${key}.`))
    if (isGroup) Object.assign(flat, flatten(inner, `${key}.`))
    else flat[key] = inner
  }
  return flat
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
