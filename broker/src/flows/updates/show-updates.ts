// What is shown of releases and roll-outs: each ring's counts, and of each workstation its ring, how
// its update went, and why it waits. Reads only.

import type {
  RingMemberShown,
  RolloutShown,
  UpdatesShown,
} from '@wardkey/protocol/admin/updates/rollouts'
import type { FlowNeeds } from '../flow-needs.ts'
import { listRollouts, manifestOf } from './rollout-rows.ts'
import type { Rollout } from './rollout-rows.ts'
import { ringOf } from './rings.ts'

type Db = Pick<FlowNeeds, 'db'>

export async function showUpdates({ db }: Db): Promise<UpdatesShown> {
  const releases = await db
    .selectFrom('update_release')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(50)
    .execute()
  const rollouts: RolloutShown[] = []
  for (const rollout of await listRollouts({ db }, 5)) {
    rollouts.push(shown(rollout, await showMembers(rollout, { db })))
  }
  return {
    releases: releases.map((row) => {
      const { expiresMs, files } = manifestOf(row.manifest)
      const { number, release, added_ms: addedMs, added_by: addedBy } = row
      const targets = files.map(({ target }) => target)
      return { number, release, addedMs, addedBy, expiresMs, targets }
    }),
    rollouts,
  }
}

/** All that are enrolled, by ring and place. */
export async function showMembers(
  { id, rings }: Pick<Rollout, 'id' | 'rings'>,
  { db }: Db,
): Promise<readonly RingMemberShown[]> {
  const rows = await db
    .selectFrom('workstation')
    .leftJoin('rollout_member as member', (join) =>
      join.onRef('member.workstation_id', '=', 'workstation.id').on('member.rollout_id', '=', id),
    )
    .leftJoin('update_wait as wait', 'wait.workstation_id', 'workstation.id')
    .where('workstation.status', '=', 'active')
    .select(['workstation.id', 'place', 'zone_id', 'asset_tag', 'state', 'flaw'])
    .select(['member.at_ms as at_ms', 'wait.why as why', 'wait.at_ms as waits_ms'])
    .orderBy('place')
    .orderBy('workstation.id')
    .execute()
  const all = rows.map((row): RingMemberShown => {
    const { id: workstationId, place, zone_id: zoneId, asset_tag: assetTag, state } = row
    const ring = ringOf({ id: workstationId, zoneId, assetTag }, rings)
    const why = state === null ? (row.why ?? 'not-heard') : row.flaw
    const atMs = state === null ? row.waits_ms : row.at_ms
    return {
      ...{ workstationId, place, zoneId, ring, state: state ?? 'waiting' },
      ...(why === null ? {} : { why }),
      ...(atMs === null ? {} : { atMs }),
    }
  })
  return all.sort((a, b) => a.ring - b.ring)
}

function shown(rollout: Rollout, members: readonly RingMemberShown[]): RolloutShown {
  const { id, number, release, state, ring, ring_ms: ringMs } = rollout
  const { approved_ms: approvedMs, approved_by: approvedBy } = rollout
  return {
    ...{ rolloutId: id, number, release, state, ring, ringMs },
    ...{ begunMs: rollout.begun_ms, begunBy: rollout.begun_by },
    ...(approvedMs === null ? {} : { approvedMs }),
    ...(approvedBy === null ? {} : { approvedBy }),
    rings: rollout.rings.map(({ soakMs, failedMax }, at) => {
      const here = members.filter((one) => one.ring === at)
      const count = (state: RingMemberShown['state']): number =>
        here.filter((one) => one.state === state).length
      const waiting: Record<string, number> = {}
      for (const { state: of, why = 'not-heard' } of here) {
        if (of === 'waiting') waiting[why] = (waiting[why] ?? 0) + 1
      }
      return {
        ...{ size: here.length, healthy: count('healthy'), failed: count('failed') },
        ...{ returned: count('returned'), began: count('began'), waiting, soakMs, failedMax },
      }
    }),
  }
}
