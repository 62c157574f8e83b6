// Signed notes (C2SP signed-note v1.0.0) with Ed25519: made by the broker, opened by anybody who
// has the verifier key. Pure; nothing here keeps a key. What witnesses add is witness/cosignature's.

import { createHash, createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** What a key signs with: notes, or checkpoints of others with the time (tlog-cosignature). */
export const keyTypes = { note: 0x01, cosignature: 0x04 } as const
export type KeyType = (typeof keyTypes)[keyof typeof keyTypes]
const keyIdBytes = 4
const signatureBytes = 64
const noteBytesMax = 64 * 1024
const signaturesMax = 32
/** The DER header of an Ed25519 public key (RFC 8410 §4). */
const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex')

export interface NoteSigner {
  readonly name: string
  readonly key: KeyObject
}

export interface NoteVerifier {
  readonly name: string
  readonly keyId: Buffer
  readonly key: KeyObject
}

/** Appends signatures to a text, which must end in a newline and hold no control characters. */
export function signNote(text: string, ...signers: readonly NoteSigner[]): string {
  if (!isNoteText(text)) throw new Error('not the text of a note')
  const lines = signers.map((signer) =>
    signatureLine(signer, keyTypes.note, sign(null, Buffer.from(text), signer.key)),
  )
  return `${text}\n${lines.join('')}`
}

/** One line below a note, with its line end. */
export function signatureLine(signer: NoteSigner, type: KeyType, signature: Uint8Array): string {
  const keyId = keyIdOf(signer.name, publicBytes(signer.key), type)
  return `— ${signer.name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`
}

/** `name+keyid+base64`, as it is given to auditors. */
export function verifierKey(signer: NoteSigner, type: KeyType = keyTypes.note): string {
  const key = publicBytes(signer.key)
  const typed = Buffer.concat([Buffer.of(type), key]).toString('base64')
  return `${signer.name}+${keyIdOf(signer.name, key, type).toString('hex')}+${typed}`
}

/** Reads a verifier key; nothing where it is none, or its key id is not that of its key. */
export function parseVerifierKey(
  text: string,
  type: KeyType = keyTypes.note,
): NoteVerifier | undefined {
  const parts = /^([^+\s]{1,255})\+([0-9a-f]{8})\+(.{44})$/.exec(text.trim())
  const [, name = '', id = '', base64 = ''] = parts ?? []
  const typed = parseBase64(base64)
  if (typed?.length !== 33 || typed[0] !== type) return undefined
  const bytes = typed.subarray(1)
  const keyId = keyIdOf(name, bytes, type)
  if (keyId.toString('hex') !== id) return undefined
  const key = createPublicKey({
    key: Buffer.concat([spkiHeader, bytes]),
    format: 'der',
    type: 'spki',
  })
  return { name, keyId, key }
}

/**
 * The text of a note that a known key signed; nothing otherwise. Signatures of unknown keys are
 * passed over, a wrong one of a known key spoils the note (C2SP signed-note, "Verifiers").
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): string | undefined {
  const parts = notePartsOf(note)
  if (!parts) return undefined
  const { text, signatures } = parts
  let known = 0
  for (const one of signatures) {
    const verifier = verifiers.find((key) => isBy(key, one))
    if (!verifier) continue
    const isGood =
      one.signature.length === signatureBytes &&
      verify(null, Buffer.from(text), verifier.key, one.signature)
    if (!isGood) return undefined
    known += 1
  }
  return known > 0 ? text : undefined
}

export interface NoteSignature {
  readonly name: string
  readonly keyId: Buffer
  readonly signature: Buffer
}

const isBy = ({ name, keyId }: NoteVerifier, signature: NoteSignature): boolean =>
  signature.name === name && signature.keyId.equals(keyId)

/** What a note consists of, signed by whomever; nothing where it is not written as one. */
export function notePartsOf(
  note: string,
): { readonly text: string; readonly signatures: readonly NoteSignature[] } | undefined {
  if (Buffer.byteLength(note) > noteBytesMax) return undefined
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, end + 1)
  const lines = note.slice(end + 2, -1).split('\n')
  if (!isNoteText(text) || lines.length > signaturesMax) return undefined
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const [, name = '', base64 = ''] = /^— ([^+\s]+) (\S+)$/.exec(line) ?? []
    const blob = parseBase64(base64)
    if (!blob || blob.length <= keyIdBytes) return undefined
    const keyId = blob.subarray(0, keyIdBytes)
    signatures.push({ name, keyId, signature: blob.subarray(keyIdBytes) })
  }
  return { text, signatures }
}

/**
 * Bytes from base64 as RFC 4648 §3.5 wants it written, nothing from any other spelling: a text
 * whose spare bits or padding can be changed unseen is not what somebody signed.
 */
export function parseBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined
}

function keyIdOf(name: string, key: Buffer, type: KeyType): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(type))
    .update(key)
    .digest()
    .subarray(0, keyIdBytes)
}

function publicBytes(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(spkiHeader.length)
}

function isNoteText(text: string): boolean {
  return text.endsWith('\n') && !/[\u0000-\u0009\u000b-\u001f]/.test(text)
}
