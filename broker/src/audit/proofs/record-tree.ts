// Proofs and roots of the record at any size that was hashed: larger subtrees from memory, the
// smaller ones from the lists of leaf hashes on disk. It proves nothing that was not signed: who
// asks compares with a checkpoint.

import { consistencySpans, inclusionSpans, rootOver, subtreesOf } from '../merkle/proof-plans.ts'
import type { Span, Subtree } from '../merkle/proof-plans.ts'
import { keptLevel, KeptNodes } from '../merkle/kept-nodes.ts'
import { emptyFrontier, emptyRoot, grow, rootOf } from '../merkle/tree-hash.ts'
import type { Hash, Keep } from '../merkle/tree-hash.ts'
import type { RecordOnDisk } from '../record-on-disk.ts'

const blockLeaves = 2 ** keptLevel

export class RecordTree {
  readonly #disk: Pick<RecordOnDisk, 'listedLeaves'>
  readonly #nodes = new KeptNodes()

  constructor(disk: Pick<RecordOnDisk, 'listedLeaves'>) {
    this.#disk = disk
  }

  /** For whoever hashes the record, from its first entry on. */
  readonly keep: Keep = (level, index, node) => {
    this.#nodes.keep(level, index, node)
  }

  /** Throws RangeError where the record has no such entry, or was not hashed so far. */
  inclusion(index: number, size: number): Promise<Hash[]> {
    return this.#rootsOf(inclusionSpans(index, size), size)
  }

  consistency(first: number, second: number): Promise<Hash[]> {
    return first === 0
      ? Promise.resolve([])
      : this.#rootsOf(consistencySpans(first, second), second)
  }

  async root(size: number): Promise<Hash> {
    if (size === 0) return emptyRoot
    const [root = emptyRoot] = await this.#rootsOf([{ from: 0, to: size }], size)
    return root
  }

  async #rootsOf(spans: readonly Span[], size: number): Promise<Hash[]> {
    // The spans of one proof that are small are in two blocks at most: each is read once.
    const blocks = new Map<number, Promise<readonly Hash[]>>()
    const roots: Hash[] = []
    for (const span of spans) {
      const nodes: Hash[] = []
      for (const subtree of subtreesOf(span)) {
        nodes.push(
          subtree.level >= keptLevel
            ? this.#kept(subtree)
            : await this.#small(subtree, size, blocks),
        )
      }
      roots.push(rootOver(nodes))
    }
    return roots
  }

  #kept({ level, index }: Subtree): Hash {
    const node = this.#nodes.find(level, index)
    if (!node) throw new RangeError('the record was not hashed so far')
    return node
  }

  async #small(
    { level, index }: Subtree,
    size: number,
    blocks: Map<number, Promise<readonly Hash[]>>,
  ): Promise<Hash> {
    const count = 2 ** level
    const first = index * count
    const from = first - (first % blockLeaves)
    const block =
      blocks.get(from) ?? this.#disk.listedLeaves(from, Math.min(from + blockLeaves, size))
    blocks.set(from, block)
    const leaves = (await block).slice(first - from, first - from + count)
    return rootOf(grow(emptyFrontier, leaves))
  }
}
