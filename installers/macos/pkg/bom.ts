// The list of contents of a package (Bom): blocks with numbers, some of them trees, as the
// system's installer keeps and checks it. Written from the format's facts. Pure.

import { posixCksum } from './posix-cksum.ts'
import type { Entry } from './entries.ts'

const headerBytes = 512
const leafMax = 256
const nodeBytes = 4096
const kinds = { file: 1, folder: 2, link: 3 } as const

class Blocks {
  readonly #blocks: Buffer[] = [Buffer.alloc(0)]
  add(block: Buffer): number {
    return this.#blocks.push(block) - 1
  }
  set(id: number, block: Buffer): void {
    this.#blocks[id] = block
  }
  get all(): readonly Buffer[] {
    return this.#blocks
  }
}

export function packBom(entries: readonly Entry[], mtime: number): Buffer {
  const blocks = new Blocks()
  const files = entries.filter(({ kind }) => kind === 'file')
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0)
  const variables = {
    BomInfo: blocks.add(words(1, entries.length + 1, 1, 0, 0, bytes >>> 0, 0)),
    Paths: addPaths(blocks, entries, mtime),
    HLIndex: addTree(blocks, [], nodeBytes),
    VIndex: blocks.add(Buffer.concat([words(1, addTree(blocks, [], 128), 0), Buffer.alloc(1)])),
    Size64: addTree(blocks, [], nodeBytes),
  }
  return store(blocks.all, variables)
}

function addPaths(blocks: Blocks, entries: readonly Entry[], mtime: number): number {
  const ids = new Map(entries.map(({ path }, n) => [path, n + 1]))
  const leaves = entries.map((entry, n): Leaf => {
    const parent = ids.get(parentOf(entry.path)) ?? 0
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1)
    const info = blocks.add(words(n + 1, blocks.add(about(entry, mtime))))
    return { info, file: blocks.add(Buffer.concat([words(parent), Buffer.from(`${name}\0`)])) }
  })
  return addTree(blocks, leaves, nodeBytes)
}

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0))

function about({ kind, mode, content }: Entry, mtime: number): Buffer {
  const head = Buffer.alloc(2 + 2 + 2)
  head.writeUInt8(kinds[kind], 0)
  head.writeUInt8(1, 1)
  head.writeUInt16BE(3, 2)
  head.writeUInt16BE(mode, 4)
  const isFolder = kind === 'folder'
  const size = isFolder ? 0 : content.length
  const link = kind === 'link' ? Buffer.from(`${content.toString()}\0`) : Buffer.alloc(0)
  const sum = isFolder ? 0 : posixCksum(content)
  const parts = [head, words(0, 0, mtime, size), Buffer.of(1), words(sum, link.length), link]
  return Buffer.concat(parts)
}

interface Leaf {
  readonly info: number
  readonly file: number
}

/** The block of the tree; its pages follow each other, below one page above them if several. */
function addTree(blocks: Blocks, leaves: readonly Leaf[], pageBytes: number): number {
  const pages: Leaf[][] = []
  for (let at = 0; at < leaves.length; at += leafMax) pages.push(leaves.slice(at, at + leafMax))
  if (pages.length === 0) pages.push([])
  const ids = pages.map(() => blocks.add(Buffer.alloc(0)))
  for (const [n, page] of pages.entries()) {
    const [next = 0, before = 0] = [ids[n + 1], ids[n - 1]]
    blocks.set(ids[n] ?? 0, node(true, page, next, before, pageBytes))
  }
  const above = pages.map((page, n): Leaf => ({ info: ids[n] ?? 0, file: page.at(-1)?.file ?? 0 }))
  const [only = 0] = ids
  const root = ids.length === 1 ? only : blocks.add(node(false, above, 0, 0, pageBytes))
  const head = [Buffer.from('tree'), words(1, root, pageBytes, leaves.length), Buffer.alloc(1)]
  return blocks.add(Buffer.concat(head))
}

function node(
  isLeaf: boolean,
  rows: readonly Leaf[],
  next: number,
  before: number,
  bytes: number,
): Buffer {
  const block = Buffer.alloc(Math.max(bytes, 12 + rows.length * 8))
  block.writeUInt16BE(isLeaf ? 1 : 0, 0)
  block.writeUInt16BE(rows.length, 2)
  block.writeUInt32BE(next, 4)
  block.writeUInt32BE(before, 8)
  for (const [n, { info, file }] of rows.entries()) {
    block.writeUInt32BE(info, 12 + n * 8)
    block.writeUInt32BE(file, 16 + n * 8)
  }
  return block
}

function store(blocks: readonly Buffer[], variables: Readonly<Record<string, number>>): Buffer {
  const named = Object.entries(variables).map(([name, block]) =>
    Buffer.concat([words(block), Buffer.of(name.length), Buffer.from(name)]),
  )
  const vars = Buffer.concat([words(named.length), ...named])
  const addresses: number[] = []
  let at = headerBytes
  for (const block of blocks) {
    addresses.push(block.length === 0 ? 0 : at, block.length)
    at += block.length
  }
  // What follows is free space: two rows of it, both empty.
  const index = Buffer.concat([words(blocks.length, ...addresses), words(2, 0, 0, 0, 0)])
  const head = Buffer.alloc(headerBytes)
  head.write('BOMStore')
  words(1, blocks.length - 1, at + vars.length, index.length, at, vars.length).copy(head, 8)
  return Buffer.concat([head, ...blocks, vars, index])
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4)
  for (const [n, value] of values.entries()) buffer.writeUInt32BE(value, n * 4)
  return buffer
}
