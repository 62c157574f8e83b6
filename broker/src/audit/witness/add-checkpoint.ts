// The question that a record asks a witness (C2SP tlog-witness, add-checkpoint), and how a witness
// judges it. Pure: the witness's memory and its clock are handed in.

import { openCheckpoint } from '../checkpoint.ts'
import { verifyConsistency } from '../merkle/proofs.ts'
import { emptyRoot, hashBytes } from '../merkle/tree-hash.ts'
import type { Hash } from '../merkle/tree-hash.ts'
import { parseBase64 } from '../signed-note.ts'
import type { NoteVerifier } from '../signed-note.ts'

const proofMax = 63
/** A whole proof and a checkpoint with many signatures are far smaller. */
export const questionBytesMax = 64 * 1024

export interface Question {
  readonly old: number
  readonly proof: readonly Hash[]
  readonly note: string
}

export function writeQuestion({ old, proof, note }: Question): string {
  const lines = [`old ${String(old)}`, ...proof.map((hash) => hash.toString('base64'))]
  return `${lines.join('\n')}\n\n${note}`
}

/** Nothing where it is not written as the protocol has it. */
export function parseQuestion(text: string): Question | undefined {
  const end = text.indexOf('\n\n')
  if (end < 0 || text.length > questionBytesMax) return undefined
  const [first = '', ...rest] = text.slice(0, end).split('\n')
  const old = /^old (0|[1-9][0-9]{0,15})$/.exec(first)?.[1]
  if (old === undefined || !Number.isSafeInteger(Number(old))) return undefined
  const proof = rest.flatMap((line) => parseBase64(line) ?? [])
  if (rest.length > proofMax || proof.length !== rest.length) return undefined
  if (proof.some(({ length }) => length !== hashBytes)) return undefined
  return { old: Number(old), proof, note: text.slice(end + 2) }
}

/** What a witness remembers of a record: the newest checkpoint that it has cosigned. */
export interface Remembered {
  readonly size: number
  readonly root: Hash
}

export const nothingRemembered: Remembered = { size: 0, root: emptyRoot }

export type Judgement =
  | { readonly kind: 'cosign'; readonly origin: string; readonly next: Remembered }
  /** The witness has seen this size: 409, which says so. */
  | { readonly kind: 'conflict'; readonly size: number }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 | 422 }

export const originOf = (note: string): string => note.slice(0, Math.max(0, note.indexOf('\n')))

/**
 * Cosigns nothing but what one of the record's own keys signed and what continues, by a proof, the
 * checkpoint that is remembered of it. The order of the noes is the specification's.
 */
export function judge(
  { old, proof, note }: Question,
  logs: readonly NoteVerifier[],
  remembered: Remembered,
): Judgement {
  const origin = originOf(note)
  if (!logs.some(({ name }) => name === origin)) return { kind: 'refused', status: 404 }
  const checkpoint = openCheckpoint(note, logs)
  if (!checkpoint) return { kind: 'refused', status: 403 }
  const { size, root } = checkpoint
  if (old > size) return { kind: 'refused', status: 400 }
  if (old !== remembered.size) return { kind: 'conflict', size: remembered.size }
  // Another record of the same size, signed with the same key: the clearest sign of a fork.
  if (old === size && !root.equals(remembered.root)) return { kind: 'conflict', size }
  return verifyConsistency(old, size, remembered.root, root, proof)
    ? { kind: 'cosign', origin, next: { size, root } }
    : { kind: 'refused', status: 422 }
}
