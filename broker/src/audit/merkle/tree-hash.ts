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

/** The frontier after leaves, by their hashes in order. Amortised one node hash a leaf. */
export function grow(frontier: Frontier, leaves: Iterable<Hash>, keep?: Keep): Frontier {
  const nodes = [...frontier.nodes]
  let { size } = frontier
  for (const leaf of leaves) {
    let node = leaf
    let level = 0
    // Each trailing 1 bit of the size is a complete subtree that this leaf completes one larger.
    let bits = size
    for (; bits % 2 === 1; bits = Math.floor(bits / 2)) {
      const left = nodes.pop()
      if (!left) throw new Error('a frontier with fewer nodes than its size has bits')
      node = nodeHash(left, node)
      level += 1
      keep?.(level, Math.floor(bits / 2), node)
    }
    nodes.push(node)
    size += 1
  }
  return { size, nodes }
}

/** MTH(D[size]), RFC 6962 §2.1. */
export function rootOf(frontier: Frontier): Hash {
  const last = frontier.nodes.at(-1)
  if (!last) return emptyRoot
  return frontier.nodes.slice(0, -1).reduceRight<Hash>((right, left) => nodeHash(left, right), last)
}
