// Checkpoints (C2SP tlog-checkpoint v1.0.0): a signed statement of how large the record was and what
// its root hash was. Pure.

import { hashBytes } from './merkle/tree-hash.ts'
import { openNote, signNote } from './signed-note.ts'
import type { NoteSigner, NoteVerifier } from './signed-note.ts'

export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
}

/** Signs a checkpoint; the origin is the signer's name, as the specification advises. */
export function signCheckpoint(size: number, root: Uint8Array, signer: NoteSigner): string {
  const text = `${signer.name}\n${String(size)}\n${Buffer.from(root).toString('base64')}\n`
  return signNote(text, signer)
}

/** Opens a checkpoint that one of the keys signed for its own origin; nothing otherwise. */
export function openCheckpoint(
  note: string,
  verifiers: readonly NoteVerifier[],
): Checkpoint | undefined {
  const text = openNote(note, verifiers)
  const [origin, size, root] = text?.split('\n') ?? []
  if (origin === undefined || size === undefined || root === undefined) return undefined
  if (!verifiers.some(({ name }) => name === origin)) return undefined
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || !/^[A-Za-z0-9+/]{43}=$/.test(root)) return undefined
  const bytes = Buffer.from(root, 'base64')
  return bytes.length === hashBytes ? { origin, size: Number(size), root: bytes } : undefined
}
