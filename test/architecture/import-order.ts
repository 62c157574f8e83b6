// The order of imports as ARCHITECTURE.md states it: read from there, and held against each import.
// Pure.

import { posix } from 'node:path'
import { importsOf, isTest } from './source-tree.ts'
import type { SourceFile } from './source-tree.ts'

interface Layers {
  readonly folder: string
  /** From the top: each may import what is in a later one, and nothing beside it. */
  readonly ranks: readonly (readonly string[])[]
}

export interface Order {
  readonly layers: readonly Layers[]
  readonly uses: ReadonlyMap<string, readonly string[]>
  readonly pure: readonly string[]
}

/** Throws where the document has no order block, or a line of it is not understood. */
export function parseOrder(document: string): Order {
  const block = /```order\n([\s\S]*?)```/.exec(document)?.[1]
  if (block === undefined) throw new Error('there is no order block')
  const layers: Layers[] = []
  const uses = new Map<string, readonly string[]>()
  let pure: readonly string[] = []
  for (const line of block.split('\n').filter((text) => text.trim() !== '')) {
    const [name = '', ...words] = line.trim().split(/\s+/)
    if (name === 'pure') pure = words
    else if (words[0] === 'uses') uses.set(name, words.slice(1))
    else {
      const ranks = words.join(' ').split(' > ')
      layers.push({ folder: name, ranks: ranks.map((rank) => rank.trim().split(' ')) })
    }
  }
  if (layers.length === 0) throw new Error('the order block says nothing')
  return { layers, uses, pure }
}

/** One line for each import that the order does not allow. */
export function orderFlaws(order: Order, files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !isTest(path))
    .flatMap((file) =>
      importsOf(file).flatMap((specifier) => {
        const target = targetOf(file.path, specifier)
        const flaw = target && flawOf(order, file.path, target)
        return flaw ? [`${file.path} imports ${target}: ${flaw}`] : []
      }),
    )
}

/** Ours by path or by package name; nothing for libraries and Node's own. */
function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  const ours = /^@wardkey\/([a-z-]+)\/(.+)$/.exec(specifier)
  const [, name = '', path = ''] = ours ?? []
  if (!ours) return undefined
  return name === 'ehr-adapters' ? `${name}/${path}.ts` : `${name}/src/${path}.ts`
}

function flawOf(order: Order, from: string, to: string): string | undefined {
  if (isTest(to)) return 'only tests may'
  const mine = order.layers.find(({ folder }) => from.startsWith(`${folder}/`))
  const home = packageOf(order, from)
  const abroad = packageOf(order, to)
  if (home !== abroad) {
    const allowed = home === undefined ? undefined : order.uses.get(home)
    if (home === undefined || (abroad !== undefined && allowed?.includes(abroad))) return undefined
    return `${home} does not use ${abroad ?? 'what is outside of every package'}`
  }
  if (!mine) return undefined
  const [a, b] = [rankOf(mine, from), rankOf(mine, to)]
  if (a === undefined) return 'the importing file has no place in the order'
  if (b === undefined) return 'what it imports has no place in the order'
  if (a.name === b.name) return undefined
  if (a.rank === b.rank) return 'peers never meet'
  return a.rank > b.rank ? 'down only' : undefined
}

function packageOf(order: Order, path: string): string | undefined {
  const known = [...order.layers.map(({ folder }) => folder), ...order.uses.keys()]
  return known.find((folder) => path.startsWith(`${folder}/`))
}

function rankOf(layers: Layers, path: string): { rank: number; name: string } | undefined {
  const [name = ''] = path.slice(layers.folder.length + 1).split('/')
  const rank = layers.ranks.findIndex((names) => names.includes(name))
  return rank < 0 ? undefined : { rank, name }
}
