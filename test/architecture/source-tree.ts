// The source files that git tracks or would track, as rules read them: path and text.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string
  readonly text: string
}

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Tracked files, and new ones that are not ignored, whose names end in one of these. */
export function filesEnding(...endings: readonly string[]): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  })
  return listed
    .split('\n')
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .filter((path) => existsSync(root + path))
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8') }))
}

export const isTest = (path: string): boolean =>
  path.endsWith('.test.ts') || path.startsWith('test/') || path.includes('/kit/')

/** What a file imports: static, re-exported, dynamic, and for types alike. */
export function importsOf({ text }: SourceFile): string[] {
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g,
  )
  return Array.from(found, ([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '')
}
