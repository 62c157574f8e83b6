// A change of the record's key, as a signed note of its own: it names both keys, the one before
// signs the one after and the one after the one before. Pure; nothing here keeps a key.

import { keyChangeReason } from '@wardkey/protocol/admin/keys/key-words'
import type { KeyChangeReason } from '@wardkey/protocol/admin/keys/key-words'
import { openNote, parseVerifierKey, signNote, verifierKey } from '../signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../signed-note.ts'

/** The fact that carries it, in its field `note`. */
export const keyChangeCode = 'KEY-003'

export interface KeyChange {
  readonly from: NoteVerifier
  readonly to: NoteVerifier
  /** `compromised`: somebody else may have the key before; what it alone signed proves little. */
  readonly reason: KeyChangeReason
  /** As it was signed. */
  readonly note: string
}

const headline = 'wardkey-record-key-change-1'
const noteCharsMax = 2048
/** Both in one fact: a note is its field, and the code stands as the encoder writes it. */
const mark = Buffer.from(`"code":"${keyChangeCode}"`)

export function signKeyChange(from: NoteSigner, to: NoteSigner, reason: KeyChangeReason): string {
  const text = `${headline}\n${verifierKey(from)}\n${verifierKey(to)}\n${reason}\n`
  return signNote(text, from, to)
}

/**
 * Nothing where it is not one that both of its keys signed, for one record. Whether the key before
 * was the record's at all is for whoever asks.
 */
export function openKeyChange(note: string): KeyChange | undefined {
  if (note.length > noteCharsMax) return undefined
  const [first, fromText = '', toText = '', said] = note.split('\n')
  const from = parseVerifierKey(fromText)
  const to = parseVerifierKey(toText)
  const reason = keyChangeReason.options.find((one) => one === said)
  if (first !== headline || !from || !to || reason === undefined) return undefined
  if (from.name !== to.name || from.keyId.equals(to.keyId)) return undefined
  const text = `${headline}\n${fromText}\n${toText}\n${reason}\n`
  // Each for itself: one signature of two would be enough for the note.
  const isBoth = [from, to].every((key) => openNote(note, [key]) === text)
  return isBoth ? { from, to, reason, note } : undefined
}

/** The note in an entry that says it changes the key; '' where it holds none; nothing otherwise. */
export function keyChangeIn(body: Uint8Array): string | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (!bytes.includes(mark)) return undefined
  const fact = parsed(bytes.toString('utf8'))
  if (valueOf(fact, 'code') !== keyChangeCode) return undefined
  const note = valueOf(valueOf(fact, 'fields'), 'note')
  return typeof note === 'string' ? note : ''
}

/** The notes of a file, as `wardkey-broker record keys` writes it. */
export const changesIn = (text: string): readonly string[] =>
  text.split(/(?=^wardkey-record-key-change-1$)/m)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}

const valueOf = (object: unknown, name: string): unknown =>
  typeof object === 'object' && object !== null && Object.hasOwn(object, name)
    ? Reflect.get(object, name)
    : undefined
