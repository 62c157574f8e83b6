// Hashes of an RFC 6962 tree, and the frontier by which it grows without being read again. Pure.

import { hash } from 'node:crypto'

export type Hash = Buffer

export const hashBytes = 32

/** RFC 6962 §2.1: 00 before a leaf, 01 before a node, so that neither can pass for the other. */
export function leafHash(entry: Uint8Array): Hash {
  const bytes = Buffer.allocUnsafe(1 + entry.length)
  bytes[0] = 0
  bytes.set(entry, 1)
  return sha256(bytes)
}

/** Of bytes that begin with the 00 already. */
export const prefixedLeafHash = (bytes: Uint8Array): Hash => sha256(bytes)

export function nodeHash(left: Uint8Array, right: Uint8Array): Hash {
  const bytes = Buffer.allocUnsafe(1 + left.length + right.length)
  bytes[0] = 1
  bytes.set(left, 1)
  bytes.set(right, 1 + left.length)
  return sha256(bytes)
}

const sha256 = (bytes: Uint8Array): Hash => hash('sha256', bytes, 'buffer')

/** The root of the tree without entries. */
export const emptyRoot: Hash = sha256(Buffer.alloc(0))

/** The roots of the complete subtrees of a tree, largest first: one for each 1 bit of its size. */
export interface Frontier {
  readonly size: number
  readonly nodes: readonly Hash[]
}

export const emptyFrontier: Frontier = { size: 0, nodes: [] }

/** Told of each complete subtree: `index` counts those of its level from the left. */
export type Keep = (level: number, index: number, node: Hash) => void

/**
 * The frontier after leaves, by their hashes in order, side by side in one buffer or one by one.
 * One node hash a leaf, over all.
 */
export function grow(frontier: Frontier, leaves: Buffer | Iterable<Hash>, keep?: Keep): Frontier {
  const flat = Buffer.isBuffer(leaves) ? leaves : Buffer.concat([...leaves])
  const before = nodesByLevel(frontier)
  const after: (Hash | undefined)[] = [...before]
  // Level by level: two and two become one of the next, and what is left over is the frontier's.
  let nodes = flat
  let left = frontier.size
  for (let level = 0; nodes.length > 0; level++) {
    const waiting = before[level]
    if (waiting) nodes = Buffer.concat([waiting, nodes])
    const firstParent = Math.floor(left / 2)
    const parents = Math.floor(nodes.length / hashBytes / 2)
    const isLeftOver = (nodes.length / hashBytes) % 2 === 1
    after[level] = isLeftOver ? Buffer.from(nodes.subarray(-hashBytes)) : undefined
    nodes = parentsOf(nodes, parents)
    if (keep) {
      for (let one = 0; one < parents; one++) {
        const at = one * hashBytes
        keep(level + 1, firstParent + one, nodes.subarray(at, at + hashBytes))
      }
    }
    left = firstParent
  }
  const size = frontier.size + flat.length / hashBytes
  return { size, nodes: after.flatMap((node) => node ?? []).reverse() }
}

/** The node that each level of the frontier waits with, the leaves' first. */
function nodesByLevel({ size, nodes }: Frontier): readonly (Hash | undefined)[] {
  const smallestFirst = [...nodes].reverse()
  const levels: (Hash | undefined)[] = []
  for (let bits = size; bits > 0; bits = Math.floor(bits / 2)) {
    levels.push(bits % 2 === 1 ? smallestFirst.shift() : undefined)
  }
  return levels
}

/** Siblings lie side by side: each pair is hashed as it is, behind its 01. */
function parentsOf(nodes: Buffer, count: number): Buffer {
  const parents = Buffer.allocUnsafe(count * hashBytes)
  const pair = Buffer.allocUnsafe(1 + 2 * hashBytes)
  pair[0] = 1
  for (let one = 0; one < count; one++) {
    const at = one * 2 * hashBytes
    nodes.copy(pair, 1, at, at + 2 * hashBytes)
    sha256(pair).copy(parents, one * hashBytes)
  }
  return parents
}

/** MTH(D[size]), RFC 6962 §2.1. */
export function rootOf(frontier: Frontier): Hash {
  const last = frontier.nodes.at(-1)
  if (!last) return emptyRoot
  return frontier.nodes.slice(0, -1).reduceRight<Hash>((right, left) => nodeHash(left, right), last)
}
