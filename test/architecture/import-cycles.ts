// Rings of imports: which files cannot be understood without each other. Pure.

import { posix } from 'node:path'
import type { Rule } from './house-rules.ts'
import { importsOf } from './source-tree.ts'
import type { SourceFile } from './source-tree.ts'

/** Cycles that are meant, by a file in them, and why. */
const allowedCycles: ReadonlyMap<string, string> = new Map([
  [
    'broker/src/doors/workstations/agent-socket.ts',
    'a socket knows its connection: one object in two',
  ],
])

export const cycles: Rule = (files) => {
  const known = new Map(files.map((file) => [file.path, file]))
  const targets = (file: SourceFile): SourceFile[] =>
    importsOf(file).flatMap((specifier) => {
      if (!specifier.startsWith('.')) return []
      const target = known.get(posix.join(posix.dirname(file.path), specifier))
      return target ? [target] : []
    })
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: SourceFile, way: readonly string[]): void => {
    const at = way.indexOf(file.path)
    const cycle = at < 0 ? [] : way.slice(at)
    if (at >= 0 && !cycle.some((path) => allowedCycles.has(path))) {
      found.push([...cycle, file.path].join(' → '))
    }
    if (at >= 0 || done.has(file.path)) return
    for (const target of targets(file)) visit(target, [...way, file.path])
    done.add(file.path)
  }
  for (const file of files) visit(file, [])
  return found
}
