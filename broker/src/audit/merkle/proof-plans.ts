// Which complete subtrees a proof is made of, so that it can be made from hashes that are kept and
// not from every leaf (RFC 6962 §2.1.1 and §2.1.2). Pure: it names subtrees and hashes nothing
// but what it is given.

import { nodeHash } from './tree-hash.ts'
import type { Hash } from './tree-hash.ts'

/** The leaves from `index * 2^level` on, `2^level` of them. */
export interface Subtree {
  readonly level: number
  readonly index: number
}

/** Leaves from one up to and without another, whose root is one hash of a proof. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** PATH(index, D[size]): the leaf's sibling first. */
export function inclusionSpans(index: number, size: number): Span[] {
  if (!isIndex(index, size)) throw new RangeError('no such leaf')
  const spans: Span[] = []
  let whole: Span = { from: 0, to: size }
  while (whole.to - whole.from > 1) {
    const [left, right] = halves(whole)
    const isLeft = index < left.to
    spans.push(isLeft ? right : left)
    whole = isLeft ? left : right
  }
  return spans.reverse()
}

/** PROOF(first, D[second]); nothing where both are the same. */
export function consistencySpans(first: number, second: number): Span[] {
  if (!isIndex(first - 1, second)) throw new RangeError('no such size')
  const spans: Span[] = []
  let whole: Span = { from: 0, to: second }
  while (whole.to !== first) {
    const [left, right] = halves(whole)
    const isLeft = first <= left.to
    spans.push(isLeft ? right : left)
    whole = isLeft ? left : right
  }
  // Who asks has the root of the first tree, where that is a subtree by itself.
  if (whole.from > 0) spans.push(whole)
  return spans.reverse()
}

/** The complete subtrees that a span of a tree is put together from, the largest first. */
export function subtreesOf({ from, to }: Span): Subtree[] {
  const subtrees: Subtree[] = []
  for (let next = from; next < to;) {
    let level = 0
    let count = 1
    while (count * 2 <= to - next) {
      level += 1
      count *= 2
    }
    if (next % count !== 0) throw new RangeError('a span that no tree has')
    subtrees.push({ level, index: next / count })
    next += count
  }
  return subtrees
}

/** The root over complete subtrees, the largest first. */
export function rootOver(nodes: readonly Hash[]): Hash {
  const last = nodes.at(-1)
  if (!last) throw new RangeError('a span without leaves')
  return nodes.slice(0, -1).reduceRight<Hash>((right, left) => nodeHash(left, right), last)
}

/** Split as RFC 6962 has it: the largest power of two below the count is left. */
function halves({ from, to }: Span): readonly [Span, Span] {
  let k = 1
  while (k * 2 < to - from) k *= 2
  return [
    { from, to: from + k },
    { from: from + k, to },
  ]
}

const isIndex = (index: number, size: number): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size
