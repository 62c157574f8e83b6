// The house rules that are about names, sizes and words: each a function from files to those that
// break it. Pure.

import { posix } from 'node:path'
import { isTest } from './source-tree.ts'
import type { SourceFile } from './source-tree.ts'

export type Rule = (files: readonly SourceFile[]) => string[]

const bannedNames = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'shared',
  'types',
  'misc',
  'manager',
  'service',
]
const linesMax = 400
const testLinesMax = 600
const columnsMax = 100
const exportsMax = 8
const perFolderMax = 15
const crowdedFolders = /\/(flows|pages|migrations|decisions|scenes)$|^test\/kit$/

/** Files that may export more, and why. */
const allowedExports: ReadonlyMap<string, string> = new Map([
  ['agent/src/machine/proofs/bench.ts', 'the hand of the machine’s proofs'],
  ['agent/src/machine/limits.ts', 'the limits of the machine, in one place'],
  ['agent/src/machine/moves.ts', 'the moves that phases share; each phase uses a few'],
  ['agent/src/readers/hid/rf-ideas-report.ts', 'one report format, in and out'],
  ['broker/src/sessions/living-session.ts', 'reads and guarded writes of one table'],
  ['demo/src/ehr/pages/words.ts', 'the demo EHR’s wording'],
  ['protocol/src/admin/people.ts', 'schemas of one resource'],
])

export const each =
  (judge: (file: SourceFile) => string | undefined): Rule =>
  (files) =>
    files.flatMap((file) => {
      const flaw = judge(file)
      return flaw === undefined ? [] : [`${file.path}: ${flaw}`]
    })

export const sizes: Rule = each(({ path, text }) => {
  const lines = text.split('\n').length - 1
  const max = path.endsWith('.test.ts') ? testLinesMax : linesMax
  return lines > max ? `${String(lines)} lines, more than ${String(max)}` : undefined
})

export const exportCounts: Rule = each(({ path, text }) => {
  if (isTest(path)) return undefined
  if (allowedExports.has(path)) return undefined
  const values = text.match(/^export (?!type|interface)/gm)?.length ?? 0
  return values > exportsMax ? `${String(values)} exports` : undefined
})

export const columns: Rule = each(({ path, text }) => {
  if (isTest(path)) return undefined
  // A string or an address that does not fit is not broken for it; Prettier sees to the rest.
  const at = text
    .split('\n')
    .findIndex((line) => line.length > columnsMax && !/:\/\/|['`]/.test(line))
  return at < 0 ? undefined : `line ${String(at + 1)} is too long`
})

export const names: Rule = each(({ path }) => {
  const parts = path.split('/')
  const bad = parts.find((part) => bannedNames.includes(part.replace(/\.[a-z.]+$/, '')))
  if (bad !== undefined) return `${bad} says nothing`
  const file = parts.at(-1) ?? ''
  return /^[a-z0-9.-]+$/.test(file) ? undefined : 'is not kebab-case'
})

export const firstLines: Rule = each(({ path, text }) => {
  // A test's name says what it holds.
  if (path.endsWith('.test.ts')) return undefined
  const start = text.startsWith('#!') ? text.slice(text.indexOf('\n') + 1) : text
  return start.startsWith('// ') || start.startsWith('/*')
    ? undefined
    : 'does not say what it holds'
})

export const leftovers: Rule = each(({ path, text }) => {
  if (path.startsWith('test/architecture/')) return undefined
  const found = /\b(TODO|FIXME|XXX)\b|@ts-(ignore|nocheck)/.exec(text)
  return found ? `has "${found[0]}"` : undefined
})

/** Paths of somebody's machine and hosts of package registries have no place in a project. */
export const places: Rule = each(({ text }) => {
  const found = new RegExp(
    [['/wo', 'rk/'].join(''), ['/ho', 'me/[a-z]'].join(''), ['registry', '.npmjs'].join('')].join(
      '|',
    ),
  ).exec(text)
  return found ? `names ${found[0]}` : undefined
})

export const folders: Rule = (files) => {
  const counts = new Map<string, number>()
  for (const { path } of files.filter((file) => !file.path.endsWith('.test.ts'))) {
    const folder = posix.dirname(path)
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts].flatMap(([folder, count]) =>
    count > perFolderMax && !crowdedFolders.test(folder)
      ? [`${folder}: ${String(count)} files, more than ${String(perFolderMax)}`]
      : [],
  )
}
