// Checkpoints (C2SP tlog-checkpoint v1.0.0): a signed statement of how large the record was and
// what its root hash was. Pure.

import { hashBytes } from './merkle/tree-hash.ts'
import { openNote, parseBase64, signNote } from './signed-note.ts'
import type { NoteSigner, NoteVerifier } from './signed-note.ts'

export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
}

/**
 * Signs a checkpoint; the origin is the signer's name, as the specification advises. Others that
 * sign it too are keys of the same record: the one under which it changes them.
 */
export function signCheckpoint(
  size: number,
  root: Uint8Array,
  signer: NoteSigner,
  ...others: readonly NoteSigner[]
): string {
  const text = `${signer.name}\n${String(size)}\n${Buffer.from(root).toString('base64')}\n`
  return signNote(text, signer, ...others)
}

/** Opens a checkpoint that one of the keys signed for its own origin; nothing otherwise. */
export function openCheckpoint(
  note: string,
  verifiers: readonly NoteVerifier[],
): Checkpoint | undefined {
  // Only a key that bears the origin's name speaks for it, however many others are known.
  const own = verifiers.filter(({ name }) => note.startsWith(`${name}\n`))
  const [origin = '', size = '', base64 = ''] = openNote(note, own)?.split('\n') ?? []
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined
  const root = parseBase64(base64)
  return root?.length === hashBytes ? { origin, size: Number(size), root } : undefined
}
