// Roll-outs as the store has them, and the one write that changes one: guarded by its version, so
// that two who act at once do not both.

import { updateManifest } from '@wardkey/protocol/workstation/updates/manifest'
import type { UpdateManifest } from '@wardkey/protocol/workstation/updates/manifest'
import type { Write } from '../../store/store.ts'
import type { ReleaseTable, RolloutTable } from '../../store/tables/fleet-tables.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { RingCount } from './advance.ts'
import { parseRings, ringOf } from './rings.ts'
import type { Rings } from './rings.ts'

type Db = Pick<FlowNeeds, 'db'>

export interface Rollout extends Omit<RolloutTable, 'rings'> {
  readonly rings: Rings
  readonly release: string
  readonly text: string
}

type Row = RolloutTable & Pick<ReleaseTable, 'release' | 'manifest'>

/** The newest first. */
export async function listRollouts({ db }: Db, most = 20): Promise<readonly Rollout[]> {
  const rows = await joined({ db }).orderBy('begun_ms', 'desc').orderBy('id').limit(most).execute()
  return rows.map(rolloutOf)
}

/** What goes out now; or the newest that was not stopped, for who comes late. */
export async function currentRollout({ db }: Db): Promise<Rollout | undefined> {
  const row = await joined({ db })
    .where('state', '<>', 'stopped')
    .orderBy('begun_ms', 'desc')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && rolloutOf(row)
}

export async function findRollout({ db }: Db, id: string): Promise<Rollout | undefined> {
  const row = await joined({ db }).where('rollout.id', '=', id).executeTakeFirst()
  return row && rolloutOf(row)
}

function joined({ db }: Db) {
  return db
    .selectFrom('rollout')
    .innerJoin('update_release', 'update_release.number', 'rollout.number')
    .selectAll('rollout')
    .select(['update_release.release', 'update_release.manifest'])
}

function rolloutOf({ rings, manifest, ...row }: Row): Rollout {
  return { ...row, rings: parseRings(rings), text: manifest }
}

/** Of a text whose signature was looked at when it was added. */
export function manifestOf(text: string): UpdateManifest {
  const [body = ''] = text.split('.')
  return updateManifest.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
}

export function changeRollout(
  { id, version }: Pick<Rollout, 'id' | 'version'>,
  change: Partial<Omit<RolloutTable, 'id' | 'version'>>,
  { db }: Db,
): Write {
  const query = db
    .updateTable('rollout')
    .set({ ...change, version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .compile()
  return { query, expectRows: 1 }
}

/** Why it has not begun, as the newest of its kind. */
export function keepWait(
  workstation: string,
  why: string,
  { db, nowMs }: Db & Pick<FlowNeeds, 'nowMs'>,
): Write {
  const row = { why, at_ms: nowMs() }
  const query = db
    .insertInto('update_wait')
    .values({ workstation_id: workstation, ...row })
    .onConflict((conflict) => conflict.column('workstation_id').doUpdateSet(row))
    .compile()
  return { query }
}

/**
 * Whoever began and has said nothing for so long is no longer under way: it may be dark, and that
 * is the worst that a release can do. Installing and the health gate take minutes.
 */
export const silentMs = 2 * 3_600_000

/** Workstations that are enrolled, by ring, with what became of them; silence is a failure. */
export async function countRings(
  { id, rings }: Pick<Rollout, 'id' | 'rings'>,
  { db, nowMs }: Db & Pick<FlowNeeds, 'nowMs'>,
): Promise<readonly RingCount[]> {
  const rows = await db
    .selectFrom('workstation')
    .leftJoin('rollout_member as member', (join) =>
      join.onRef('member.workstation_id', '=', 'workstation.id').on('member.rollout_id', '=', id),
    )
    .where('workstation.status', '=', 'active')
    .select(['workstation.id', 'zone_id', 'asset_tag', 'member.state', 'member.at_ms'])
    .execute()
  const counts = rings.map(() => ({ size: 0, members: [] as RingCount['members'][number][] }))
  for (const { id: workstation, zone_id: zoneId, asset_tag: assetTag, state, at_ms: at } of rows) {
    const count = counts[ringOf({ id: workstation, zoneId, assetTag }, rings)]
    if (!count) continue
    count.size += 1
    if (state === null || at === null) continue
    const isSilent = state === 'began' && nowMs() - at >= silentMs
    count.members.push(isSilent ? { state: 'failed', atMs: at + silentMs } : { state, atMs: at })
  }
  return counts
}
