// Inclusion and consistency proofs: made from leaf hashes (RFC 6962 §2.1.1 and §2.1.2), verified
// without them (RFC 9162 §2.1.3.2 and §2.1.4.2). Pure; verification never throws.

import { emptyFrontier, grow, hashBytes, nodeHash, rootOf } from './tree-hash.ts'
import type { Hash } from './tree-hash.ts'

/** No tree that can be counted has longer paths; a longer proof is somebody's attempt. */
const pathMax = 63

export function inclusionProof(leaves: readonly Hash[], index: number): Hash[] {
  if (index < 0 || index >= leaves.length) throw new RangeError('no such leaf')
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return index < k
    ? [...inclusionProof(leaves.slice(0, k), index), rootOfLeaves(leaves.slice(k))]
    : [...inclusionProof(leaves.slice(k), index - k), rootOfLeaves(leaves.slice(0, k))]
}

export function consistencyProof(leaves: readonly Hash[], first: number): Hash[] {
  if (first < 1 || first > leaves.length) throw new RangeError('no such size')
  return subproof(leaves, first, true)
}

export function verifyInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false
  if (leaf.length !== hashBytes || !areHashes(proof)) return false
  let fn = index
  let sn = size - 1
  let r: Uint8Array = leaf
  for (const p of proof) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r)
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else r = nodeHash(r, p)
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && isEqual(r, root)
}

export function verifyConsistency(
  first: number,
  second: number,
  firstRoot: Uint8Array,
  secondRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isCount(first) || !isCount(second) || first > second || !areHashes(proof)) return false
  if (first === second) return proof.length === 0 && isEqual(firstRoot, secondRoot)
  if (first === 0) return proof.length === 0
  // A first tree that is complete is itself the first node of the path.
  const path = isPowerOfTwo(first) ? [firstRoot, ...proof] : [...proof]
  const [start, ...rest] = path
  if (!start || proof.length === 0) return false
  let fn = first - 1
  let sn = second - 1
  while (fn % 2 === 1) {
    fn = half(fn)
    sn = half(sn)
  }
  let fr = start
  let sr = start
  for (const c of rest) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(c, fr)
      sr = nodeHash(c, sr)
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else sr = nodeHash(sr, c)
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && isEqual(fr, firstRoot) && isEqual(sr, secondRoot)
}

/** The largest power of two smaller than n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

function subproof(leaves: readonly Hash[], m: number, isWhole: boolean): Hash[] {
  if (m === leaves.length) return isWhole ? [] : [rootOfLeaves(leaves)]
  const k = split(leaves.length)
  return m <= k
    ? [...subproof(leaves.slice(0, k), m, isWhole), rootOfLeaves(leaves.slice(k))]
    : [...subproof(leaves.slice(k), m - k, false), rootOfLeaves(leaves.slice(0, k))]
}

const rootOfLeaves = (leaves: readonly Hash[]): Hash => rootOf(grow(emptyFrontier, leaves))
// Sizes may pass 2^31, so no bit operators on numbers; and log2 rounds 2^49 + 1 to a whole number.
const isPowerOfTwo = (n: number): boolean => (BigInt(n) & (BigInt(n) - 1n)) === 0n
const half = (n: number): number => Math.floor(n / 2)
const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0
const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === hashBytes && Buffer.from(a).equals(b)
const areHashes = (proof: readonly Uint8Array[]): boolean =>
  proof.length <= pathMax && proof.every(({ length }) => length === hashBytes)
