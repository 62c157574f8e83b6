// MANIFEST of an archive of evidence: the hash of each file in it, signed with the record's key
// under a name of its own, so that no signature of evidence can pass for one of a checkpoint, nor
// the other way round. Pure.

import { createHash } from 'node:crypto'
import {
  notePartsOf,
  openNote,
  parseVerifierKey,
  signNote,
  verifierKey,
} from '../../signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../../signed-note.ts'
import { evidenceFormat } from '../results.ts'
import type { ArchivedFile } from './stored-zip.ts'

export const manifestName = 'MANIFEST'

/** A key's name is part of its id: this one signs no checkpoint, and a checkpoint's no evidence. */
const nameOf = (origin: string): string => `${origin}/evidence`

export interface ManifestLine {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** The signer is the record's. */
export function writeManifest(files: readonly ArchivedFile[], signer: NoteSigner): string {
  const lines = files.map(({ name, bytes }) => `${sha256(bytes)} ${String(bytes.length)} ${name}\n`)
  const text = `${evidenceFormat}\n${signer.name}\n${lines.join('')}`
  return signNote(text, { name: nameOf(signer.name), key: signer.key })
}

/** The key is the record's. Nothing where it did not sign this, alone. */
export function openManifest(note: string, key: NoteVerifier): readonly ManifestLine[] | undefined {
  const own = parseVerifierKey(verifierKey({ name: nameOf(key.name), key: key.key }))
  const text = own && openNote(note, [own])
  if (text === undefined || notePartsOf(note)?.signatures.length !== 1) return undefined
  const [format, origin, ...lines] = text.slice(0, -1).split('\n')
  if (format !== evidenceFormat || origin !== key.name) return undefined
  const parsed = lines.map(lineOf)
  return parsed.some((line) => !line) ? undefined : parsed.flatMap((line) => line ?? [])
}

function lineOf(text: string): ManifestLine | undefined {
  const [, hash = '', bytes = '', name = ''] =
    /^([0-9a-f]{64}) (0|[1-9][0-9]{0,9}) (\S{1,100})$/.exec(text) ?? []
  return name === '' ? undefined : { name, bytes: Number(bytes), sha256: hash }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
