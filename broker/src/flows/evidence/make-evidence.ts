// Makes an archive of evidence: waits until the fact that asks for it is signed, reads the record
// to that checkpoint, looks at the tables, proves what is named, and signs. It changes nothing.

import { openCheckpoint } from '../../audit/checkpoint.ts'
import type { Checkpoint } from '../../audit/checkpoint.ts'
import { placesOf } from '../../audit/evidence/archive/verify-archive.ts'
import { writeArchive } from '../../audit/evidence/archive/write-archive.ts'
import type { Outcome, SeenSettings } from '../../audit/evidence/evidence-rule.ts'
import { judgeRule } from '../../audit/evidence/judge-rules.ts'
import { evidenceFormat } from '../../audit/evidence/results.ts'
import type { EvidenceResults } from '../../audit/evidence/results.ts'
import { allRules } from '../../audit/evidence/rules/all-rules.ts'
import type { GrowthProof, ProveRecord } from '../../audit/proofs/prove-record.ts'
import type { FactProof } from '../../audit/proofs/tlog-proof.ts'
import { RecordOnDisk } from '../../audit/record-on-disk.ts'
import { parseVerifierKey, verifierKey } from '../../audit/signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../../audit/signed-note.ts'
import { Fault } from '../../platform/fault.ts'
import { version } from '../../platform/version.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { EvidenceTask } from './ask-for-evidence.ts'
import { lookAtTables } from './look-at-tables.ts'
import { readRecord } from './read-record.ts'

export interface EvidenceNeeds extends Pick<FlowNeeds, 'db' | 'nowMs'> {
  readonly prove: ProveRecord
  readonly evidence: {
    /** Resolves when everything is under a checkpoint that was committed before. */
    readonly seal: () => Promise<void>
    /** The record's, as of now: one that has ended vouches for nothing new. */
    readonly signer: () => NoteSigner
    readonly settings: SeenSettings
  }
}

export interface Evidence {
  readonly zip: Buffer
  readonly results: EvidenceResults
}

export type OnRead = (read: number, of: number) => void

/** Throws Fault `record-not-valid` where the record is not as it was signed: then there is none. */
export async function makeEvidence(
  task: EvidenceTask,
  needs: EvidenceNeeds,
  onRead: OnRead,
): Promise<Evidence> {
  const { db, evidence } = needs
  await evidence.seal()
  const disk = new RecordOnDisk(db)
  const madeAt = await indexOf(task.factId, needs)
  const signer = evidence.signer()
  const key = keyOf(signer)
  const checkpoint = await checkpointOver(madeAt, disk, key)
  const nowMs = needs.nowMs()
  const read = await readRecord(db, {
    ...{ checkpoint, key, period: task.period, nowMs },
    onRead: (entries) => {
      onRead(entries, checkpoint.size)
    },
  })
  const growth = await growthFrom(task.since, read.makings, checkpoint, disk, needs)
  const outcomes = new Map<string, Outcome>([
    ...read.outcomes,
    ...(await lookAtTables(db, evidence.settings, nowMs)),
    ['record-hashed-again', counted(checkpoint.size)],
    ['record-continues', counted(growth.length)],
  ])
  const rules = allRules.map((rule) => judgeRule(rule, outcomes))
  const { size } = checkpoint
  const { firstMs, factsInPeriod, gone } = read
  const lost = gone.length === 0 ? {} : { gone: [...gone] }
  const record = { size, firstMs, factsInPeriod, madeAt, ...lost }
  const results = { ...about(task, checkpoint, nowMs), record, rules }
  const facts = await proofsOf(results, needs)
  const note = await disk.witnessed(await checkpointRow(size, disk))
  const zip = writeArchive(results, { checkpoint: note, facts, growth }, signer)
  return { zip, results }
}

function about(
  { by, purpose, from, to, timeZone, period, isOpen }: EvidenceTask,
  { origin }: Checkpoint,
  madeMs: number,
) {
  const days = { from, to, timeZone, ...period, isOpen }
  return {
    format: evidenceFormat,
    ...{ origin, release: version, madeMs, by, purpose, period: days },
  } as const
}

async function indexOf(factId: string, { db }: EvidenceNeeds): Promise<number> {
  const row = await db
    .selectFrom('fact')
    .select('idx')
    .where('id', '=', factId)
    .executeTakeFirstOrThrow()
  return row.idx
}

function keyOf(signer: NoteSigner): NoteVerifier {
  const key = parseVerifierKey(verifierKey(signer))
  if (!key) throw new Fault('key-missing', 'permanent')
  return key
}

/** The first one that covers it: every later archive can prove that it continues that one. */
async function checkpointOver(
  index: number,
  disk: RecordOnDisk,
  key: NoteVerifier,
): Promise<Checkpoint> {
  const row = await disk.firstCheckpointOver(index)
  const checkpoint = row && openCheckpoint(row.note, [key])
  if (!checkpoint) throw new Fault('record-not-valid', 'permanent')
  return checkpoint
}

async function checkpointRow(size: number, disk: RecordOnDisk) {
  const row = await disk.findCheckpoint(size)
  if (!row) throw new Fault('record-not-valid', 'permanent')
  return row
}

async function growthFrom(
  since: number | undefined,
  makings: readonly number[],
  { size }: Checkpoint,
  disk: RecordOnDisk,
  { prove }: EvidenceNeeds,
): Promise<readonly GrowthProof[]> {
  const sizes = new Set(since === undefined ? [] : [since])
  for (const index of makings) {
    const earlier = await disk.firstCheckpointOver(index)
    if (earlier && earlier.size < size) sizes.add(earlier.size)
  }
  const proofs: GrowthProof[] = []
  for (const first of [...sizes].sort((a, b) => a - b)) {
    const proved = await prove.growth(first, size)
    if (proved.kind === 'proved') proofs.push(proved.proof)
  }
  return proofs
}

async function proofsOf(
  results: EvidenceResults,
  { prove }: EvidenceNeeds,
): Promise<readonly FactProof[]> {
  const proofs: FactProof[] = []
  for (const index of placesOf(results)) {
    const proved = await prove.fact(index, results.record.size)
    if (proved.kind === 'refused') throw new Fault('record-not-valid', 'permanent')
    proofs.push(proved.proof)
  }
  return proofs
}

const counted = (looked: number): Outcome => ({
  ...{ looked, breaking: 0, figures: {}, shows: [], breaks: [] },
})
