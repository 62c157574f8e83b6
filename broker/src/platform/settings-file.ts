// The settings file: YAML to flat keys, with the line of each, so that a complaint can name it.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { LineCounter, isMap, isNode, isScalar, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { z } from 'zod'

const fileBytesMax = 1_000_000
type Path = readonly (string | number)[]

export interface SettingsFile {
  readonly values: Readonly<Record<string, unknown>>
  /** Where a key, or something inside of its value, is written: "wardkey.yaml:12". */
  readonly place: (key: string, inside: Path) => string
  readonly complaints: readonly string[]
}

export const noFile: SettingsFile = { values: {}, place: () => '', complaints: [] }

/** Reads and flattens; whatever is wrong is a complaint, never an exception. */
export function readSettingsFile(file: string, knownKeys: readonly string[]): SettingsFile {
  if (!existsSync(file)) return { ...noFile, complaints: [`${file}: there is no such file`] }
  if (statSync(file).size > fileBytesMax) {
    return { ...noFile, complaints: [`${file}: it is larger than a settings file can be`] }
  }
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines })
  if (document.errors.length > 0) {
    return {
      ...noFile,
      complaints: document.errors.map(
        (error) => `${file}:${String(error.linePos?.[0].line ?? 1)}: not YAML (${error.code})`,
      ),
    }
  }
  let content: unknown
  try {
    // No aliases: a small file could grow into a huge one (billion laughs).
    content = document.toJS({ maxAliasCount: 0 })
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) throw thrown
    return { ...noFile, complaints: [`${file}: aliases (*name) are not allowed`] }
  }
  const table = z.record(z.string(), z.unknown()).safeParse(content ?? {})
  if (!table.success) return { ...noFile, complaints: [`${file}: the top has to be a map`] }
  return {
    values: flatten(table.data, '', knownKeys),
    place: (key, inside) =>
      `${file}:${String(lineOf(document, lines, [...key.split('.'), ...inside]))}`,
    complaints: [],
  }
}

function flatten(
  value: Readonly<Record<string, unknown>>,
  prefix: string,
  knownKeys: readonly string[],
): Record<string, unknown> {
  const flat: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) {
    const key = `${prefix}${name}`
    const group = knownKeys.some((known) => known.startsWith(`${key}.`))
      ? z.record(z.string(), z.unknown()).safeParse(inner ?? {})
      : undefined
    if (group?.success) Object.assign(flat, flatten(group.data, `${key}.`, knownKeys))
    else flat[key] = inner
  }
  return flat
}

/** The line of the deepest part of the path that is there: a missing one is named by its parent. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  let offset = 0
  for (let depth = 1; depth <= path.length; depth++) {
    const parent: unknown =
      depth === 1 ? document.contents : nodeAt(document, path.slice(0, depth - 1))
    const last = path[depth - 1]
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last)
      if (!pair || !isScalar(pair.key)) break
      offset = pair.key.range?.[0] ?? offset
    } else {
      const node = nodeAt(document, path.slice(0, depth))
      if (!isNode(node)) break
      offset = node.range?.[0] ?? offset
    }
  }
  return lines.linePos(offset).line
}

function nodeAt(document: Document, path: Path): unknown {
  return document.getIn(path, true)
}
