// Verifies an archive of evidence with nothing but the record's key, and better a checkpoint that
// was kept before. It believes nothing that it has not followed to a signature. Pure.

import { z } from 'zod'
import { openCheckpoint } from '../../checkpoint.ts'
import type { Checkpoint } from '../../checkpoint.ts'
import { verifyProof } from '../../proofs/tlog-proof.ts'
import type { NoteVerifier } from '../../signed-note.ts'
import { evidenceResults } from '../results.ts'
import type { EvidenceResults } from '../results.ts'
import { continuesFrom, growthFile, isGrown } from './growth.ts'
import { manifestName, openManifest, sha256 } from './manifest.ts'
import { readZip } from './stored-zip.ts'
import { proofName } from './write-archive.ts'

/** A larger file is none of these: it is not read. */
export const archiveBytesMax = 64 * 1024 * 1024

export type ArchiveFlaw =
  /** Not an archive as they are written here. */
  | 'unreadable'
  | 'signature'
  /** A file is not as the manifest says, or not in it. */
  | 'file'
  | 'results'
  | 'checkpoint'
  | 'proof'
  /** The record says of this making something else than the archive. */
  | 'making'
  | 'growth'
  /** It does not continue the checkpoint that was kept. */
  | 'another-record'
  | 'no-proof'

export type ArchiveVerdict =
  | {
      readonly kind: 'valid'
      readonly results: EvidenceResults
      readonly checkpoint: Checkpoint
      readonly proofs: number
    }
  | { readonly kind: 'not-valid'; readonly flaw: ArchiveFlaw; readonly file?: string }

type Files = ReadonlyMap<string, Buffer>

const no = (flaw: ArchiveFlaw, file?: string): ArchiveVerdict => ({
  kind: 'not-valid',
  ...{ flaw, ...(file === undefined ? {} : { file }) },
})

export function verifyArchive(
  zip: Buffer,
  key: NoteVerifier,
  earlier?: Checkpoint,
): ArchiveVerdict {
  const read = zip.length > archiveBytesMax ? undefined : readZip(zip)
  if (!read) return no('unreadable')
  const files = new Map(read.map(({ name, bytes }) => [name, bytes]))
  const lines = openManifest(textOf(files, manifestName), key)
  if (!lines) return no('signature', manifestName)
  const wrong = lines.find(({ name, bytes, sha256: hash }) => {
    const file = files.get(name)
    return file?.length !== bytes || sha256(file) !== hash
  })
  if (wrong) return no('file', wrong.name)
  const listed = new Set([manifestName, ...lines.map(({ name }) => name)])
  const stranger = [...files.keys()].find((name) => !listed.has(name))
  if (stranger !== undefined) return no('file', stranger)
  return verifyContent(files, key, earlier)
}

function verifyContent(files: Files, key: NoteVerifier, earlier?: Checkpoint): ArchiveVerdict {
  const results = parsed(evidenceResults, textOf(files, 'results.json'))
  if (results?.origin !== key.name) return no('results', 'results.json')
  const checkpoint = openCheckpoint(textOf(files, 'checkpoint.note'), [key])
  if (checkpoint?.size !== results.record.size) return no('checkpoint', 'checkpoint.note')
  const places = placesOf(results)
  const bad = places.find((index) => !isProved(files, index, key, checkpoint))
  if (bad !== undefined) return no('proof', proofName(bad))
  const known = new Set(places.map(proofName))
  const more = [...files.keys()].find((name) => name.startsWith('proofs/') && !known.has(name))
  if (more !== undefined) return no('proof', more)
  if (!isOfThisMaking(files, results, key)) return no('making', proofName(results.record.madeAt))
  const growth = parsed(growthFile, textOf(files, 'growth.json'))
  if (!growth?.every((one) => isGrown(one, checkpoint))) return no('growth', 'growth.json')
  const continues = earlier ? continuesFrom(earlier, checkpoint, growth) : 'yes'
  if (continues !== 'yes') return no(continues)
  return { kind: 'valid', results, checkpoint, proofs: places.length }
}

/** Every place in the record that results name, once, in order. */
export function placesOf({ record, rules }: EvidenceResults): readonly number[] {
  const named = rules.flatMap(({ checks }) => checks).flatMap((one) => [one.shows, one.breaks])
  return [...new Set([record.madeAt, ...named.flat()])].sort((a, b) => a - b)
}

function isProved(files: Files, index: number, key: NoteVerifier, under: Checkpoint): boolean {
  const verdict = verifyProof(textOf(files, proofName(index)), [key])
  if (verdict.kind !== 'proved' || verdict.proof.index !== index) return false
  const { size, root } = verdict.checkpoint
  return size === under.size && root.equals(under.root)
}

const making = z.looseObject({
  code: z.literal('EVD-001'),
  fields: z.looseObject({
    by: z.string(),
    purpose: z.string(),
    fromMs: z.int(),
    untilMs: z.int(),
  }),
})

function isOfThisMaking(files: Files, results: EvidenceResults, key: NoteVerifier): boolean {
  const verdict = verifyProof(textOf(files, proofName(results.record.madeAt)), [key])
  if (verdict.kind !== 'proved') return false
  const fact = parsed(making, verdict.proof.entry.toString('utf8'))
  const { by, purpose, period } = results
  return (
    fact?.fields.by === by &&
    fact.fields.purpose === purpose &&
    fact.fields.fromMs === period.fromMs &&
    fact.fields.untilMs === period.untilMs
  )
}

const textOf = (files: Files, name: string): string => files.get(name)?.toString('utf8') ?? ''

function parsed<Shape>(schema: z.ZodType<Shape>, text: string): Shape | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
