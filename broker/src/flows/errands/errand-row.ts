// Errands under way as the store has them: one row each, dropped when it is over. What came of it
// is in the record.

import type { Kysely } from 'kysely'
import { badgeId, personId, tapId, workstationId } from '@wardkey/protocol/ids'
import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import { findHolder } from '../../identity/find-card-holder.ts'
import { parseStoredZone } from '../../policy/stored-zone.ts'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'
import { findWorkstation } from '../find-workstation.ts'
import { errandProofs, personOf } from './errand.ts'
import type { Errand } from './errand.ts'

type Db = Kysely<Schema>

/** The errand that goes on at this workstation; nothing once it ran out, or is over. */
export async function findErrand(
  db: Db,
  id: TapId,
  at: WorkstationId,
  nowMs: number,
): Promise<Errand | undefined> {
  const errand = await findErrandAnywhere(db, id, nowMs)
  return errand?.workstation.id === at ? errand : undefined
}

/** For a browser that a workstation opened: it says which errand, and proves that otherwise. */
export async function findErrandAnywhere(
  db: Db,
  id: TapId,
  nowMs: number,
): Promise<Errand | undefined> {
  const row = await db.selectFrom('errand').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.expires_ms <= nowMs) return undefined
  const workstation = await findWorkstation(db, workstationId.parse(row.workstation_id))
  if (workstation?.status !== 'active') return undefined
  const person = row.person_id === null ? undefined : personId.parse(row.person_id)
  return {
    id: tapId.parse(row.id),
    kind: row.kind,
    workstation,
    privileged: await privilegedRoles(db),
    lookup: row.lookup,
    badgeId: row.badge_id === null ? null : badgeId.parse(row.badge_id),
    subject: person && (await findHolder(db, person)),
    proofs: errandProofs.parse(JSON.parse(row.proofs)),
    expiresMs: row.expires_ms,
    version: row.version,
  }
}

/**
 * Whoever may speak for others anywhere, and whom a zone names: a badge in her name is worth more
 * than one ward's.
 */
export async function privilegedRoles(db: Db): Promise<ReadonlySet<string>> {
  const zones = await db.selectFrom('zone').select('settings').execute()
  const all = zones.map(({ settings }) => parseStoredZone(settings))
  return new Set(
    all.flatMap(({ witnessRoles, twoWitnessRoles }) => [...witnessRoles, ...twoWitnessRoles]),
  )
}

/** One errand at a workstation: another that was left there goes. */
export function beginErrand(db: Db, errand: Errand, nowMs: number): readonly Write[] {
  const drop = db.deleteFrom('errand').where('workstation_id', '=', errand.workstation.id)
  const insert = db.insertInto('errand').values({
    id: errand.id,
    workstation_id: errand.workstation.id,
    kind: errand.kind,
    lookup: errand.lookup,
    person_id: personOf(errand) ?? null,
    badge_id: errand.badgeId,
    proofs: JSON.stringify(errand.proofs),
    begun_ms: nowMs,
    expires_ms: errand.expiresMs,
    version: 1,
  })
  return [{ query: drop.compile() }, { query: insert.compile(), expectRows: 1 }]
}

/** A step gets one answer: whoever comes second conflicts, and finds the next step. */
export function moveErrand(db: Db, errand: Errand): Write {
  const query = db
    .updateTable('errand')
    .set({
      person_id: personOf(errand) ?? null,
      badge_id: errand.badgeId,
      proofs: JSON.stringify(errand.proofs),
      expires_ms: errand.expiresMs,
      version: errand.version + 1,
    })
    .where('id', '=', errand.id)
    .where('version', '=', errand.version)
    .compile()
  return { query, expectRows: 1 }
}

export function endErrand(db: Db, { id, version }: Pick<Errand, 'id' | 'version'>): Write {
  const query = db
    .deleteFrom('errand')
    .where('id', '=', id)
    .where('version', '=', version)
    .compile()
  return { query, expectRows: 1 }
}

/** Given up at the workstation. */
export function dropErrand(db: Db, id: TapId, at: WorkstationId): Write {
  const drop = db.deleteFrom('errand').where('id', '=', id).where('workstation_id', '=', at)
  return { query: drop.compile() }
}
