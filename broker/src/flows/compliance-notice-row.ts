// What compliance is still to be told, as rows: written with the grant or the alert they tell of,
// claimed by one broker at a time, and kept until they were told.

import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { EmergencyNeeds } from './tap-question.ts'

type Db = Kysely<Schema>

/** What it tells of. */
export type NoticeAbout =
  | { readonly kind: 'grant'; readonly grantId: string }
  | { readonly kind: 'alert'; readonly alertId: string }

export interface ComplianceNotice {
  readonly id: string
  readonly about: NoticeAbout
  readonly channel: Schema['compliance_notice']['channel']
  readonly createdMs: number
  readonly attempts: number
  readonly version: number
}

/** One for each way by which compliance is told; none where settings name no way. */
export function insertComplianceNotices(
  grantId: string,
  nowMs: number,
  needs: FlowNeeds & { readonly emergency: EmergencyNeeds },
): readonly Write[] {
  return insertNotices({ grant_id: grantId, alert_id: null }, nowMs, needs)
}

export function insertAlertNotices(
  alertId: string,
  nowMs: number,
  needs: FlowNeeds & { readonly emergency: Pick<EmergencyNeeds, 'channels'> },
): readonly Write[] {
  return insertNotices({ grant_id: null, alert_id: alertId }, nowMs, needs)
}

function insertNotices(
  about: Pick<Schema['compliance_notice'], 'grant_id' | 'alert_id'>,
  nowMs: number,
  { db, newId, emergency }: FlowNeeds & { readonly emergency: Pick<EmergencyNeeds, 'channels'> },
): readonly Write[] {
  return emergency.channels.map((channel) => ({
    query: db
      .insertInto('compliance_notice')
      .values({
        ...{ id: newId(), ...about, channel },
        ...{ created_ms: nowMs, next_ms: nowMs, attempts: 0, version: 1 },
      })
      .compile(),
    expectRows: 1,
  }))
}

/** Whose time has come, the oldest first. */
export async function dueNotices(
  db: Db,
  nowMs: number,
  limit: number,
): Promise<readonly ComplianceNotice[]> {
  const rows = await db
    .selectFrom('compliance_notice')
    .selectAll()
    .where('told_ms', 'is', null)
    .where('next_ms', '<=', nowMs)
    .orderBy('next_ms')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    about: aboutOf(row),
    channel: row.channel,
    createdMs: row.created_ms,
    attempts: row.attempts,
    version: row.version,
  }))
}

function aboutOf({ grant_id: grantId, alert_id: alertId }: Schema['compliance_notice']) {
  if (grantId !== null) return { kind: 'grant', grantId } as const
  return { kind: 'alert', alertId: alertId ?? '' } as const
}

/** Of two brokers with one notice the second conflicts. `next`: when somebody may try again. */
export function claimNotice(db: Db, was: ComplianceNotice, nextMs: number): Write {
  const query = db
    .updateTable('compliance_notice')
    .set({ next_ms: nextMs, attempts: was.attempts + 1, version: was.version + 1 })
    .where('id', '=', was.id)
    .where('version', '=', was.version)
    .where('told_ms', 'is', null)
    .compile()
  return { query, expectRows: 1 }
}

/** It could not be told: sooner than the claim runs out, unless somebody else has it by then. */
export function retryNotice(db: Db, claimed: ComplianceNotice, nextMs: number): Write {
  const query = db
    .updateTable('compliance_notice')
    .set({ next_ms: nextMs })
    .where('id', '=', claimed.id)
    .where('version', '=', claimed.version + 1)
    .where('told_ms', 'is', null)
    .compile()
  return { query }
}

/** It was told; whoever had it besides is late and changes nothing. */
export function settleNotice(db: Db, id: string, nowMs: number): Write {
  const query = db
    .updateTable('compliance_notice')
    .set({ told_ms: nowMs })
    .where('id', '=', id)
    .where('told_ms', 'is', null)
    .compile()
  return { query }
}

export async function waitingNotices(db: Db): Promise<number> {
  const row = await db
    .selectFrom('compliance_notice')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('told_ms', 'is', null)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
