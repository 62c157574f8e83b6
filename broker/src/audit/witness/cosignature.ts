// Cosignatures (C2SP tlog-cosignature, Ed25519): a witness says that at a time a checkpoint was the
// newest it had seen of a record, and that it continued the one before. Pure.

import { sign, verify } from 'node:crypto'
import { keyTypes, notePartsOf, parseVerifierKey, signatureLine } from '../signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../signed-note.ts'

const timeBytes = 8
const signatureBytes = 64

/** The line that a witness adds below a checkpoint. Throws where the note is none. */
export function cosign(note: string, atSeconds: number, cosigner: NoteSigner): string {
  const parts = notePartsOf(note)
  if (!parts) throw new Error('not a note')
  const time = Buffer.alloc(timeBytes)
  time.writeBigUInt64BE(BigInt(atSeconds))
  const signature = sign(null, messageOf(parts.text, BigInt(atSeconds)), cosigner.key)
  return signatureLine(cosigner, keyTypes.cosignature, Buffer.concat([time, signature]))
}

/** A witness's key, `name+id+key`; nothing where it is none. */
export const parseWitnessKey = (text: string): NoteVerifier | undefined =>
  parseVerifierKey(text, keyTypes.cosignature)

export interface Cosigned {
  readonly witness: string
  readonly atSeconds: number
}

/** Which of the witnesses have cosigned it; a line that does not hold counts as none. */
export function cosignedBy(note: string, witnesses: readonly NoteVerifier[]): readonly Cosigned[] {
  const parts = notePartsOf(note)
  if (!parts) return []
  return witnesses.flatMap((witness) => {
    const line = parts.signatures.find(
      ({ name, keyId }) => name === witness.name && keyId.equals(witness.keyId),
    )
    if (line?.signature.length !== timeBytes + signatureBytes) return []
    const time = line.signature.readBigUInt64BE(0)
    const message = messageOf(parts.text, time)
    const isGood = verify(null, message, witness.key, line.signature.subarray(timeBytes))
    return isGood ? [{ witness: witness.name, atSeconds: Number(time) }] : []
  })
}

/** Those lines of an answer that one of the witnesses has made for this checkpoint. */
export function ownLines(note: string, answer: string, witness: NoteVerifier): readonly string[] {
  return answer
    .split('\n')
    .filter((line) => line.startsWith('— '))
    .map((line) => `${line}\n`)
    .filter((line) => cosignedBy(`${textOf(note)}\n${line}`, [witness]).length > 0)
}

/** The note without lines of anybody else: whoever passes it on may have added some. */
export function signedOnlyBy(note: string, verifiers: readonly NoteVerifier[]): string {
  const { text, signatures } = notePartsOf(note) ?? { text: '', signatures: [] }
  const lines = signatures
    .filter((one) =>
      verifiers.some(({ name, keyId }) => name === one.name && keyId.equals(one.keyId)),
    )
    .map(({ name, keyId, signature }) => {
      return `— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`
    })
  return `${text}\n${lines.join('')}`
}

const textOf = (note: string): string => notePartsOf(note)?.text ?? ''

const messageOf = (text: string, time: bigint): Buffer =>
  Buffer.from(`cosignature/v1\ntime ${String(time)}\n${text}`)
