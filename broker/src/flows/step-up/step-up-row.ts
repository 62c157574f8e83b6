// A signature's row: read back with its shape, and moved from phase to phase by guarded writes.

import type { Kysely } from 'kysely'
import { z } from 'zod'
import { ceremonyId, personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import type { CeremonyId, PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'
import type { SignedDetail } from './step-up-end.ts'

export type StepUpPhase = Schema['step_up']['phase']

export interface StepUp {
  readonly id: CeremonyId
  readonly sessionId: SessionId
  readonly workstationId: WorkstationId
  readonly personId: PersonId
  readonly clientId: string
  readonly application: string
  readonly description: string
  readonly detail?: SignedDetail
  readonly phase: StepUpPhase
  readonly expiresMs: number
  readonly endedMs: number | null
  readonly version: number
}

const detailColumn = z.strictObject({
  type: z.literal('wardkey_signature'),
  description: z.string(),
  hash: z.string(),
  hash_alg: z.literal('sha-256'),
})

type Db = Kysely<Schema>

export const findStepUp = (db: Db, id: CeremonyId): Promise<StepUp | undefined> =>
  find(db, 'id', id)

export const findByInteraction = (db: Db, uid: string): Promise<StepUp | undefined> =>
  find(db, 'interaction_uid', uid)

export function insertStepUp(
  db: Db,
  stepUp: Omit<StepUp, 'endedMs' | 'version'>,
  interactionUid: string,
  nowMs: number,
): Write {
  const query = db
    .insertInto('step_up')
    .values({
      id: stepUp.id,
      interaction_uid: interactionUid,
      session_id: stepUp.sessionId,
      workstation_id: stepUp.workstationId,
      person_id: stepUp.personId,
      client_id: stepUp.clientId,
      application: stepUp.application,
      description: stepUp.description,
      detail: stepUp.detail === undefined ? null : JSON.stringify(stepUp.detail),
      phase: stepUp.phase,
      created_ms: nowMs,
      expires_ms: stepUp.expiresMs,
      ended_ms: null,
      version: 1,
    })
    .compile()
  return { query, expectRows: 1 }
}

/** Moves on from what was read; somebody else's move in between is a conflict. */
export function moveStepUp(db: Db, was: StepUp, phase: StepUpPhase, endedMs: number | null): Write {
  const query = db
    .updateTable('step_up')
    .set({ phase, ended_ms: endedMs, version: was.version + 1 })
    .where('id', '=', was.id)
    .where('version', '=', was.version)
    .compile()
  return { query, expectRows: 1 }
}

export const isOver = (stepUp: StepUp): boolean =>
  stepUp.phase !== 'badge' && stepUp.phase !== 'pin'

async function find(
  db: Db,
  column: 'id' | 'interaction_uid',
  value: string,
): Promise<StepUp | undefined> {
  const row = await db
    .selectFrom('step_up')
    .selectAll()
    .where(column, '=', value)
    .executeTakeFirst()
  if (!row) return undefined
  return {
    id: ceremonyId.parse(row.id),
    sessionId: sessionId.parse(row.session_id),
    workstationId: workstationId.parse(row.workstation_id),
    personId: personId.parse(row.person_id),
    clientId: row.client_id,
    application: row.application,
    description: row.description,
    ...(row.detail === null ? {} : { detail: detailColumn.parse(JSON.parse(row.detail)) }),
    phase: row.phase,
    expiresMs: row.expires_ms,
    endedMs: row.ended_ms,
    version: row.version,
  }
}
