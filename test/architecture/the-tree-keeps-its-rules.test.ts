// The house rules over the whole tree, and each of them seen to fail on a planted fault.

import { describe, expect, it } from 'vitest'
import * as code from './code-rules.ts'
import * as rules from './house-rules.ts'
import { cycles } from './import-cycles.ts'
import { orderFlaws, parseOrder } from './import-order.ts'
import { filesEnding } from './source-tree.ts'
import type { SourceFile } from './source-tree.ts'

const files = filesEnding('.ts', '.tsx', '.js')
const [architecture] = filesEnding('ARCHITECTURE.md')
const order = parseOrder(architecture?.text ?? '')
const pureFiles = files.filter((file) => code.saysPure(file, order.pure))
const isOurs = ({ path }: SourceFile): boolean => !path.endsWith('.js') || path.includes('/bin/')
const sources = files.filter(isOurs)
const plant = (path: string, text: string): SourceFile[] => [{ path, text }]
const inBroker = (text: string): SourceFile[] => plant('broker/src/a.ts', text)
const inMachine = (text: string): SourceFile[] => plant('agent/src/machine/a.ts', text)
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
    [
      'what only tests have',
      'agent/src/link/a.ts',
      "import '../../../test/kit/a.ts'",
      'only tests',
    ],
    ['a hand for tests', 'agent/src/link/a.ts', "import './a-for-tests.ts'", 'only tests'],
    ['what no package has', 'broker/src/store/a.ts', "import '../../../docs/a.ts'", 'outside'],
    ['a type in passing', 'agent/src/link/a.ts', "let a: import('../screen/b.ts').B", 'peers'],
    ['from nowhere', 'broker/src/stuff/a.ts', "import '../store/a.ts'", 'no place'],
  ])('sees an import of %s', (_what, path, text, word) => {
    expect(orderFlaws(order, plant(path, text)).join()).toContain(word)
  })
  it('needs its block', () => {
    expect(() => parseOrder('# nothing')).toThrow()
  })
})

const cases: readonly [string, rules.Rule, readonly SourceFile[], SourceFile[][]][] = [
  ['sizes', rules.sizes, sources, [plant('a.ts', 'x\n'.repeat(401))]],
  ['exports', rules.exportCounts, sources, [inBroker('export const a = 1\n'.repeat(9))]],
  [
    'columns',
    rules.columns,
    sources,
    [inBroker(`const a = ${'1'.repeat(100)}`), inBroker(`// ${'a '.repeat(60)}`)],
  ],
  [
    'names',
    rules.names,
    sources,
    [plant('broker/src/utils.ts', ''), plant('broker/src/shared/a.ts', ''), plant('aB.ts', '')],
  ],
  ['first lines', rules.firstLines, sources, [plant('a.ts', 'const a = 1')]],
  [
    'the environment',
    code.environment,
    sources,
    [inBroker('process.env.HOME'), inBroker("process['env']"), inBroker("import 'node:process'")],
  ],
  [
    'purity',
    code.purity,
    pureFiles,
    [
      'Date.now()',
      'new Date()',
      'const { log } = console',
      'crypto.randomUUID()',
      "import { readFileSync } from 'node:fs'",
      "import { randomBytes } from 'node:crypto'",
      "import WebSocket from 'ws'",
    ].map(inMachine),
  ],
  [
    'barrels',
    code.barrels,
    sources,
    [plant('a.ts', "export * from './b.ts'\n"), plant('a/index.ts', 'export const a = 1')],
  ],
  [
    'catches',
    code.catches,
    sources,
    [plant('a.ts', 'try { a() } catch {}'), plant('a.ts', 'try {} catch (e) { /* no */ }')],
  ],
  [
    'casts',
    code.casts,
    sources,
    [
      inBroker('const a = b as any'),
      inBroker('const a = b as unknown as B'),
      inBroker('const a = JSON.parse(b) as B'),
      inBroker('function a(b: any[]) {}'),
    ],
  ],
  ['leftovers', rules.leftovers, sources, [plant('a.ts', ['// TO', 'DO: more'].join(''))]],
  [
    'picked tests',
    code.focused,
    sources,
    ["it.only('a', f)", "describe.skip('a', f)", "it.each([1])('a', f).only()", 'test.todo()'].map(
      (text) => plant('a.test.ts', text),
    ),
  ],
  ['places', rules.places, filesEnding(''), [plant('a.ts', ['/wo', 'rk/a'].join(''))]],
  ['folders', rules.folders, sources, [many(16)]],
  [
    'cycles',
    cycles,
    sources,
    [[...plant('a.ts', "import './b.ts'"), ...plant('b.ts', "import type { A } from './a.ts'")]],
  ],
]

describe.each(cases)('%s', (_name, rule, tree, faults) => {
  it('are kept by the tree', () => {
    expect(rule(tree)).toEqual([])
  })
  it.each(faults)('are seen to be broken', (...fault) => {
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
