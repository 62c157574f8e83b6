// The house rules over the whole tree, and each of them seen to fail on a planted fault.

import { describe, expect, it } from 'vitest'
import * as rules from './house-rules.ts'
import { orderFlaws, parseOrder } from './import-order.ts'
import { filesEnding } from './source-tree.ts'
import type { SourceFile } from './source-tree.ts'

const files = filesEnding('.ts', '.tsx', '.js')
const [architecture] = filesEnding('ARCHITECTURE.md')
const order = parseOrder(architecture?.text ?? '')
const pureFiles = files.filter(({ path }) => order.pure.some((at) => path.startsWith(`${at}/`)))
const isOurs = ({ path }: SourceFile): boolean => !path.endsWith('.js') || path.includes('/bin/')
const sources = files.filter(isOurs)
const plant = (path: string, text: string): SourceFile[] => [{ path, text }]
const many = (count: number): SourceFile[] =>
  Array.from({ length: count }, (_, n) => ({ path: `broker/src/x/f${String(n)}.ts`, text: '' }))

describe('the order of imports', () => {
  it('holds', () => {
    expect(orderFlaws(order, sources)).toEqual([])
  })
  it.each([
    ['a peer', 'broker/src/identity/a.ts', "import type { A } from '../policy/a.ts'", 'peers'],
    ['upwards', 'broker/src/store/a.ts', "import { a } from '../flows/a.ts'", 'down only'],
    ['dynamically', 'agent/src/machine/a.ts', "await import('../link/a.ts')", 'down only'],
    ['abroad', 'agent/src/link/a.ts', "import '@wardkey/broker/store/store'", 'does not use'],
    ['from nowhere', 'broker/src/stuff/a.ts', "import '../store/a.ts'", 'no place'],
  ])('sees an import of %s', (_what, path, text, word) => {
    expect(orderFlaws(order, plant(path, text)).join()).toContain(word)
  })
  it('needs its block', () => {
    expect(() => parseOrder('# nothing')).toThrow()
  })
})

const cases: readonly [string, rules.Rule, readonly SourceFile[], SourceFile[]][] = [
  ['sizes', rules.sizes, sources, plant('a.ts', 'x\n'.repeat(401))],
  [
    'exports',
    rules.exportCounts,
    sources,
    plant('broker/src/a.ts', 'export const a = 1\n'.repeat(9)),
  ],
  ['columns', rules.columns, sources, plant('broker/src/a.ts', `const a = ${'1'.repeat(100)}`)],
  ['names', rules.names, sources, plant('broker/src/utils.ts', '')],
  ['first lines', rules.firstLines, sources, plant('a.ts', 'const a = 1')],
  ['the environment', rules.environment, sources, plant('broker/src/a.ts', 'process.env.HOME')],
  ['purity', rules.purity, pureFiles, plant('agent/src/machine/a.ts', 'Date.now()')],
  ['barrels', rules.barrels, sources, plant('a.ts', "export * from './b.ts'\n")],
  ['catches', rules.catches, sources, plant('a.ts', 'try { a() } catch {}')],
  ['casts', rules.casts, sources, plant('a.ts', 'const a = b as any')],
  ['leftovers', rules.leftovers, sources, plant('a.test.ts', ['it.on', "ly('x', f)"].join(''))],
  [
    'places',
    rules.places,
    filesEnding('.ts', '.tsx', '.md', '.json', '.yaml', 'run'),
    plant('a.ts', ['/wo', 'rk/a'].join('')),
  ],
  ['folders', rules.folders, sources, many(16)],
  [
    'cycles',
    rules.cycles,
    sources,
    [...plant('a.ts', "import './b.ts'"), ...plant('b.ts', "import type { A } from './a.ts'")],
  ],
]

describe.each(cases)('%s', (_name, rule, tree, fault) => {
  it('are kept by the tree', () => {
    expect(rule(tree)).toEqual([])
  })
  it('are seen to be broken', () => {
    expect(rule(fault)).not.toEqual([])
  })
})

it('numbers each decision once', () => {
  const numbers = filesEnding('.md')
    .filter(({ path }) => path.startsWith('docs/decisions/'))
    .map(({ path }) => path.slice('docs/decisions/'.length).slice(0, 4))
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(numbers.every((number) => /^[0-9]{4}$/.test(number))).toBe(true)
})
