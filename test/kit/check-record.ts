// Verifies a whole record the way an auditor does: from its export and its public key, nothing
// else. Every journey and every fault test ends in it.

import type { Kysely } from 'kysely'
import { exportRecord } from '@wardkey/broker/audit/export-record'
import { parseVerifierKey } from '@wardkey/broker/audit/signed-note'
import { RecordVerifier } from '@wardkey/broker/audit/verify-record'
import type { Schema } from '@wardkey/broker/store/schema'
import { z } from 'zod'

const factShape = z.looseObject({ id: z.string(), code: z.string(), atMs: z.number() })
export type RecordedFact = z.infer<typeof factShape>

/** Throws where the record is not whole, or holds a fact twice. Returns its facts in order. */
export async function checkRecord(db: Kysely<Schema>, vkey: string): Promise<RecordedFact[]> {
  const key = parseVerifierKey(vkey)
  if (!key) throw new Error('the verifier key does not parse')
  const verifier = new RecordVerifier([key])
  const facts: RecordedFact[] = []
  for await (const line of exportRecord(db, key.name, 0)) {
    verifier.take(JSON.stringify(line))
    if (line.kind === 'entry') facts.push(factShape.parse(JSON.parse(line.body)))
  }
  const verdict = verifier.end()
  if (verdict.kind !== 'valid') throw new Error(`the record: ${JSON.stringify(verdict)}`)
  const ids = new Set(facts.map(({ id }) => id))
  if (ids.size !== facts.length) throw new Error('a fact is in the record twice')
  return facts
}
