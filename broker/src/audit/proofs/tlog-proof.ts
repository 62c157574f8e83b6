// A proof that one fact is in the record, in a file of its own (C2SP tlog-proof v1): the fact, its
// number, the path to the root, and the signed checkpoint. Pure; whoever has the key needs no more.

import { openCheckpoint } from '../checkpoint.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { verifyInclusion } from '../merkle/proofs.ts'
import { hashBytes, leafHash } from '../merkle/tree-hash.ts'
import { parseBase64 } from '../signed-note.ts'
import type { NoteVerifier } from '../signed-note.ts'

export interface FactProof {
  readonly index: number
  /** The bytes that were hashed; `extra` of the format, which the path vouches for here. */
  readonly entry: Buffer
  /** The leaf's sibling first. */
  readonly path: readonly Buffer[]
  /** The checkpoint as it was signed, with all of its signatures. */
  readonly note: string
}

export type ProofVerdict =
  | { readonly kind: 'proved'; readonly proof: FactProof; readonly checkpoint: Checkpoint }
  | { readonly kind: 'not-proved'; readonly flaw: 'unreadable' | 'checkpoint' | 'path' }

const headline = 'c2sp.org/tlog-proof@v1'
const pathMax = 63
/** An entry of 16 kB in base64, a whole path, and a checkpoint with many witnesses. */
export const proofBytesMax = 128 * 1024

export function writeProof({ index, entry, path, note }: FactProof): string {
  const lines = [
    headline,
    `extra ${entry.toString('base64')}`,
    `index ${String(index)}`,
    ...path.map((hash) => hash.toString('base64')),
  ]
  return `${lines.join('\n')}\n\n${note}`
}

/** Nothing where it is not of this format. */
export function parseProof(text: string): FactProof | undefined {
  if (text.length > proofBytesMax) return undefined
  const end = text.indexOf('\n\n')
  if (end < 0) return undefined
  const [first, extra = '', place = '', ...rest] = text.slice(0, end).split('\n')
  const entry = parseBase64(/^extra (\S+)$/.exec(extra)?.[1] ?? '')
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(place)?.[1]
  if (first !== headline || !entry || index === undefined || rest.length > pathMax) return undefined
  const path = rest.map((line) => parseBase64(line))
  const hashes = path.flatMap((hash) => (hash?.length === hashBytes ? [hash] : []))
  if (hashes.length !== path.length) return undefined
  return { index: Number(index), entry, path: hashes, note: text.slice(end + 2) }
}

/** Believes nothing but the keys: a checkpoint that one of them signed, and a path to it. */
export function verifyProof(text: string, keys: readonly NoteVerifier[]): ProofVerdict {
  const proof = parseProof(text)
  if (!proof) return { kind: 'not-proved', flaw: 'unreadable' }
  const checkpoint = openCheckpoint(proof.note, keys)
  if (!checkpoint) return { kind: 'not-proved', flaw: 'checkpoint' }
  const { index, entry, path } = proof
  const { size, root } = checkpoint
  return verifyInclusion(index, size, leafHash(entry), path, root)
    ? { kind: 'proved', proof, checkpoint }
    : { kind: 'not-proved', flaw: 'path' }
}
