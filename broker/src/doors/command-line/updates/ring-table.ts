// How far a roll-out is, ring by ring, for people who watch it. Pure.

import type { RolloutShown } from '@wardkey/protocol/admin/updates/rollouts'
import { textTable, textTime } from '../text-table.ts'

const hourMs = 3_600_000
const heads = ['RING', 'SIZE', 'WELL', 'FAILED', 'WENT BACK', 'UNDER WAY', 'SOAK (H)', 'WAITING']

export function ringTable(rollout: RolloutShown): string {
  const { rolloutId, release, state, begunBy, begunMs, approvedMs, approvedBy } = rollout
  const approved =
    approvedMs === undefined ? ', waits for a colleague’s word' : ` and ${approvedBy ?? 'alone'}`
  const head = `${rolloutId}: ${release}, ${state}, by ${begunBy}${approved}`
  const rows = rollout.rings.map((ring, at) => [
    `${String(at)}${at === rollout.ring ? ' open' : ''}`,
    ...[ring.size, ring.healthy, ring.failed, ring.returned, ring.began].map(String),
    String(ring.soakMs / hourMs),
    Object.entries(ring.waiting)
      .map(([why, count]) => `${why} ${String(count)}`)
      .join(', '),
  ])
  return `${head}, since ${textTime(begunMs)} UTC\n${textTable(heads, rows)}`
}
