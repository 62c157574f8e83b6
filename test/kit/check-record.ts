// Verifies a whole record the way an auditor does: from its export and its public key, and a
// checkpoint seen before where there is one; nothing else. Every journey and fault test ends in it.

import type { Kysely } from 'kysely'
import { openCheckpoint } from '@wardkey/broker/audit/checkpoint'
import { exportRecord } from '@wardkey/broker/audit/export-record'
import { parseRecordLine } from '@wardkey/broker/audit/record-lines'
import { parseVerifierKey } from '@wardkey/broker/audit/signed-note'
import { RecordVerifier } from '@wardkey/broker/audit/verify-record'
import type { Schema } from '@wardkey/broker/store/schema'
import { z } from 'zod'

const factShape = z.looseObject({ id: z.string(), code: z.string(), atMs: z.number() })
export type RecordedFact = z.infer<typeof factShape>

/** A database, whose record is exported first, or the lines of an export. */
export type RecordSource = Kysely<Schema> | AsyncIterable<string> | Iterable<string>

/**
 * Throws where the record is not whole, holds a fact twice, or does not continue the earlier
 * checkpoint. Returns its facts in order.
 */
export async function checkRecord(
  source: RecordSource,
  vkey: string,
  earlierNote?: string,
): Promise<RecordedFact[]> {
  const key = parseVerifierKey(vkey)
  if (!key) throw new Error('the verifier key does not parse')
  const earlier = earlierNote === undefined ? undefined : openCheckpoint(earlierNote, [key])
  if (earlierNote !== undefined && !earlier) throw new Error('the earlier checkpoint is none')
  const verifier = new RecordVerifier([key], earlier)
  const facts: RecordedFact[] = []
  for await (const text of 'selectFrom' in source ? linesOf(source, key.name) : source) {
    verifier.take(text)
    const line = parseRecordLine(text)
    if (line?.kind === 'entry') facts.push(factShape.parse(JSON.parse(line.body)))
  }
  const verdict = verifier.end()
  if (verdict.kind !== 'valid') throw new Error(`the record: ${JSON.stringify(verdict)}`)
  const ids = new Set(facts.map(({ id }) => id))
  if (ids.size !== facts.length) throw new Error('a fact is in the record twice')
  return facts
}

async function* linesOf(db: Kysely<Schema>, origin: string): AsyncGenerator<string> {
  for await (const line of exportRecord(db, origin, 0)) yield JSON.stringify(line)
}
