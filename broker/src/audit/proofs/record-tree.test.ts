// Proofs made from kept subtrees are those that the whole list of leaves gives, at every size.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consistencyProof, inclusionProof } from '../merkle/proofs.ts'
import { emptyFrontier, emptyRoot, grow, leafHash, rootOf } from '../merkle/tree-hash.ts'
import type { Hash } from '../merkle/tree-hash.ts'
import { RecordTree } from './record-tree.ts'

const leaves = Array.from({ length: 1500 }, (_, index) => leafHash(Buffer.from(String(index))))

interface Told {
  tree: RecordTree
  reads: number
}

/** A record of so many entries, hashed in pages of different lengths, some of them twice. */
function treeOf(count: number, list: readonly Hash[] = leaves): Told {
  const told: Told = {
    reads: 0,
    tree: new RecordTree({
      listedLeaves: (from, to) => {
        told.reads += 1
        return Promise.resolve(list.slice(from, to))
      },
    }),
  }
  let frontier = emptyFrontier
  for (let page = 1; frontier.size < count; page = (page * 7) % 400) {
    const next = list.slice(frontier.size, Math.min(count, frontier.size + page))
    // A page whose checkpoint another broker signed is hashed again.
    if (page % 3 === 0) grow(frontier, next, told.tree.keep)
    frontier = grow(frontier, next, told.tree.keep)
  }
  return told
}

const hex = (hashes: readonly Hash[]): string[] => hashes.map((hash) => hash.toString('hex'))
const sizes = fc
  .integer({ min: 1, max: leaves.length })
  .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)))

describe('the record’s tree', () => {
  it('proves inclusion as the whole list does', async () => {
    const { tree } = treeOf(leaves.length)
    await fc.assert(
      fc.asyncProperty(sizes, async ([size, index]) => {
        const wanted = inclusionProof(leaves.slice(0, size), index)
        expect(hex(await tree.inclusion(index, size))).toEqual(hex(wanted))
      }),
      { numRuns: 400 },
    )
  })
  it('proves growth as the whole list does', async () => {
    const { tree } = treeOf(leaves.length)
    await fc.assert(
      fc.asyncProperty(sizes, async ([size, before]) => {
        const wanted = consistencyProof(leaves.slice(0, size), before + 1)
        expect(hex(await tree.consistency(before + 1, size))).toEqual(hex(wanted))
      }),
      { numRuns: 400 },
    )
  })
  it('does so for every pair of small sizes', async () => {
    const { tree } = treeOf(40)
    for (let size = 1; size <= 40; size++) {
      const list = leaves.slice(0, size)
      for (let index = 0; index < size; index++) {
        expect(await tree.inclusion(index, size)).toEqual(inclusionProof(list, index))
        expect(await tree.consistency(index + 1, size)).toEqual(consistencyProof(list, index + 1))
      }
    }
  })
  it('has the root of every size', async () => {
    const { tree } = treeOf(leaves.length)
    expect(await tree.root(0)).toEqual(emptyRoot)
    for (const size of [1, 2, 3, 255, 256, 257, 511, 512, 513, 1024, 1499, 1500]) {
      expect(await tree.root(size)).toEqual(rootOf(grow(emptyFrontier, leaves.slice(0, size))))
    }
    expect(await tree.consistency(0, 8)).toEqual([])
  })
  it('reads two blocks at most for a proof', async () => {
    const told = treeOf(leaves.length)
    await told.tree.inclusion(700, 1499)
    expect(told.reads).toBe(2)
  })
  it('refuses what is not there, and what was not hashed', async () => {
    const { tree } = treeOf(300)
    expect(() => tree.inclusion(5, 5)).toThrow(RangeError)
    expect(() => tree.inclusion(-1, 5)).toThrow(RangeError)
    expect(() => tree.inclusion(0.5, 5)).toThrow(RangeError)
    expect(() => tree.consistency(6, 5)).toThrow(RangeError)
    await expect(tree.inclusion(0, 900)).rejects.toThrow(RangeError)
    expect(() => {
      tree.keep(9, 7, leaves[0] ?? emptyRoot)
    }).toThrow(RangeError)
  })
})
