// One place that settings come from, read: names with values, or what is wrong with it. It judges
// no value and does not know which place counts for more.

import { existsSync, readFileSync } from 'node:fs'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { settingsTable } from './settings-table.ts'

export interface SettingsLayer {
  /** Where an operator finds it: a file, a key of the registry. */
  readonly place: string
  readonly values: Readonly<Record<string, unknown>>
  readonly complaints: readonly string[]
}

const bytesMax = 1024 * 1024

export function readSettingsFile(file: string): SettingsLayer {
  const wrong = (what: string): SettingsLayer => ({
    place: file,
    values: {},
    complaints: [`${file}: ${what}`],
  })
  if (!existsSync(file)) return wrong('there is no such file')
  let document: unknown
  try {
    const text = readFileSync(file, 'utf8')
    if (text.length > bytesMax) return wrong('is too long')
    document = parseYaml(text, { maxAliasCount: 0 })
  } catch (thrown) {
    return wrong(whatWas(thrown))
  }
  const isMap = typeof document === 'object' && document !== null && !Array.isArray(document)
  // An empty file says nothing, and that is allowed.
  if (!isMap && document !== null) return wrong('settings are names with values')
  return { place: file, values: flatten(document), complaints: [] }
}

/** Where it was, never what stood there: a parser's second line quotes the file. */
function whatWas(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'cannot be read'
  if ('syscall' in thrown) return 'cannot be read by this user'
  const at = /at line [0-9]+, column [0-9]+/.exec(thrown.message)?.[0]
  return at === undefined ? 'is not YAML that is taken here' : `is not YAML ${at}`
}

/** Settings may be nested: `broker: { addresses: … }` is `broker.addresses`. */
export function flatten(value: unknown, prefix = ''): Record<string, unknown> {
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
