// Proves single facts and growth from the running record. Whatever it gives out it has verified
// first: a record that was changed on disk gets no proof, and says so.

import { Fault } from '../../platform/fault.ts'
import { openCheckpoint } from '../checkpoint.ts'
import { verifyConsistency, verifyInclusion } from '../merkle/proofs.ts'
import { leafHash } from '../merkle/tree-hash.ts'
import type { Hash } from '../merkle/tree-hash.ts'
import type { RecordOnDisk } from '../record-on-disk.ts'
import type { NoteVerifier } from '../signed-note.ts'
import type { RecordTree } from './record-tree.ts'
import type { FactProof } from './tlog-proof.ts'

export interface ProofNeeds {
  readonly disk: RecordOnDisk
  readonly tree: RecordTree
  /** Of the record, also those that have ended. */
  readonly keys: () => readonly NoteVerifier[]
  /** The newest checkpoint that this broker has compared with what is on disk. */
  readonly head: () => { readonly size: number; readonly note: string } | undefined
}

export interface GrowthProof {
  readonly first: number
  readonly second: number
  readonly firstRoot: Hash
  readonly secondRoot: Hash
  readonly path: readonly Hash[]
}

export interface NotProvable {
  readonly kind: 'refused'
  readonly code: 'fact-unknown' | 'fact-gone' | 'fact-not-signed' | 'checkpoint-unknown'
}

export interface Proved<Proof> {
  readonly kind: 'proved'
  readonly proof: Proof
}

export interface ProveRecord {
  /** Under the checkpoint of that size; without one under the newest. */
  readonly fact: (index: number, size?: number) => Promise<Proved<FactProof> | NotProvable>
  /** That the record of the second size continues the one of the first. */
  readonly growth: (first: number, second?: number) => Promise<Proved<GrowthProof> | NotProvable>
}

export function makeProveRecord(needs: ProofNeeds): ProveRecord {
  return {
    fact: (index, size) => proveFact(index, size, needs),
    growth: (first, second) => proveGrowth(first, second, needs),
  }
}

const refused = (code: NotProvable['code']): NotProvable => ({ kind: 'refused', code })
const broken = (reason: string): Fault =>
  new Fault('record-not-valid', 'permanent', { cause: new Error(reason) })

async function proveFact(
  index: number,
  size: number | undefined,
  { disk, tree, keys, head }: ProofNeeds,
): ReturnType<ProveRecord['fact']> {
  const newest = head()
  // Past the newest are checkpoints of other brokers, which this one has not compared yet.
  if (size !== undefined && size > (newest?.size ?? 0)) return refused('checkpoint-unknown')
  const under = size === undefined ? newest : await disk.findCheckpoint(size)
  if (size !== undefined && !under) return refused('checkpoint-unknown')
  const entry = await disk.findEntry(index)
  if (!entry) {
    if (await disk.isGone(index)) return refused('fact-gone')
    if (index < (newest?.size ?? 0)) throw broken(`entry ${String(index)} is gone`)
    return refused('fact-unknown')
  }
  if (!under || index >= under.size) return refused('fact-not-signed')
  const checkpoint = openCheckpoint(under.note, keys())
  const path = await tree.inclusion(index, under.size)
  const isProved =
    checkpoint?.size === under.size &&
    verifyInclusion(index, under.size, leafHash(entry), path, checkpoint.root)
  if (!isProved) throw broken(`entry ${String(index)} is not the one that was signed`)
  const note = await disk.witnessed(under)
  return { kind: 'proved', proof: { index, entry, path, note } }
}

async function proveGrowth(
  first: number,
  second: number | undefined,
  { disk, tree, keys, head }: ProofNeeds,
): ReturnType<ProveRecord['growth']> {
  const newest = head()
  const to = second ?? newest?.size ?? 0
  if (to > (newest?.size ?? 0) || first > to) return refused('checkpoint-unknown')
  const [firstRoot, secondRoot, path] = await Promise.all([
    tree.root(first),
    tree.root(to),
    tree.consistency(first, to),
  ])
  // A size between two checkpoints has no signature of its own; those that have are held to it.
  for (const [size, root] of [
    [first, firstRoot],
    [to, secondRoot],
  ] as const) {
    const note = (await disk.findCheckpoint(size))?.note
    if (note !== undefined && !openCheckpoint(note, keys())?.root.equals(root)) {
      throw broken(`the checkpoint of ${String(size)} entries does not fit them`)
    }
  }
  if (!verifyConsistency(first, to, firstRoot, secondRoot, path)) {
    throw broken('the lists of hashes do not follow from each other')
  }
  return { kind: 'proved', proof: { first, second: to, firstRoot, secondRoot, path } }
}
