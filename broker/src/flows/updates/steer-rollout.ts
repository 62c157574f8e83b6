// Roll-outs are begun, approved beyond their first ring by somebody else, paused, resumed and
// stopped. What goes out by itself is another's (run-rollouts).

import type { AdminCaller } from '../admin-tokens.ts'
import { newFact } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { mayGiveAlone } from '../token-grants/token-power.ts'
import { isOneHand } from '../two-people.ts'
import { changeRollout, findRollout, listRollouts, manifestOf } from './rollout-rows.ts'
import type { Rollout } from './rollout-rows.ts'
import { ringsFor } from './rings.ts'
import { refuseUpdate } from './update-needs.ts'
import type { UpdateNeeds } from './update-needs.ts'

export interface RolloutOrder extends Pick<AdminCaller, 'by' | 'madeMs'> {
  readonly number: number
}

export interface RolloutBegun {
  readonly kind: 'begun'
  readonly id: string
  /** False where somebody else has to say yes before the second ring. */
  readonly isApproved: boolean
}

/** Goes to the first ring, and no further unless nobody is there who could approve it. */
export async function beginRollout(
  { number, by, madeMs }: RolloutOrder,
  needs: UpdateNeeds,
): Promise<Recorded<RolloutBegun | AdminRefused>> {
  const { db, updates } = needs
  const refuse = (code: AdminRefused['code']) => refuseUpdate(code, { by, number }, needs)
  if (!updates) return refuse('updates-off')
  const row = await db
    .selectFrom('update_release')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirst()
  if (!row) return refuse('release-unknown')
  const nowMs = needs.nowMs()
  const manifest = manifestOf(row.manifest)
  if (nowMs >= manifest.expiresMs) return refuse('update-expired')
  const before = await listRollouts(needs)
  if (before.some(({ state }) => state === 'running' || state === 'paused')) {
    return refuse('rollout-under-way')
  }
  const isApproved = await mayGiveAlone({ by, madeMs }, needs)
  const id = needs.newId()
  const query = db
    .insertInto('rollout')
    .values({
      ...{ id, number, state: 'running', ring: 0, ring_ms: nowMs, at_once: updates.atOnce },
      ...{ rings: JSON.stringify(ringsFor(updates.rings, manifest)), begun_ms: nowMs },
      ...{ begun_by: by, approved_ms: isApproved ? nowMs : null, approved_by: null },
      ...{ counted_ms: nowMs, version: 1 },
    })
    .compile()
  const fields = { by, rollout: id, number, release: row.release, isApproved }
  return {
    answer: { kind: 'begun', id, isApproved },
    facts: [newFact(needs, 'UPD-002', { fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

export interface RolloutWord extends Actor {
  readonly id: string
}

type Done = Recorded<{ readonly kind: 'done' } | AdminRefused>

export async function approveRollout({ id, by }: RolloutWord, needs: UpdateNeeds): Promise<Done> {
  const rollout = await findRollout(needs, id)
  const refuse = (code: AdminRefused['code']) => refuseUpdate(code, { by, rollout: id }, needs)
  if (!rollout) return refuse('rollout-unknown')
  const isOver = rollout.state === 'stopped' || rollout.state === 'done'
  if (isOver || rollout.approved_ms !== null) return refuse('rollout-decided')
  if (isOneHand(rollout.begun_by, by, await tokenAskers(needs))) return refuse('rollout-own')
  const change = { approved_ms: needs.nowMs(), approved_by: by }
  return changed(rollout, 'UPD-003', change, by, needs)
}

export type Steering = 'pause' | 'resume' | 'stop'

const steerings = {
  pause: { from: ['running'], to: 'paused', code: 'UPD-004' },
  resume: { from: ['paused'], to: 'running', code: 'UPD-005' },
  stop: { from: ['running', 'paused', 'done'], to: 'stopped', code: 'UPD-006' },
} as const

/** Whoever lets it go on has looked at what failed: that stops it no more. */
export async function steerRollout(
  { id, by, what }: RolloutWord & { readonly what: Steering },
  needs: UpdateNeeds,
): Promise<Done> {
  const rollout = await findRollout(needs, id)
  const refuse = (code: AdminRefused['code']) => refuseUpdate(code, { by, rollout: id }, needs)
  if (!rollout) return refuse('rollout-unknown')
  const { from, to, code } = steerings[what]
  if (!from.some((state) => state === rollout.state)) return refuse('rollout-decided')
  const counted = what === 'resume' ? { counted_ms: needs.nowMs() } : {}
  return changed(rollout, code, { state: to, ...counted }, by, needs)
}

function changed(
  rollout: Rollout,
  code: 'UPD-003' | (typeof steerings)[Steering]['code'],
  change: Parameters<typeof changeRollout>[1],
  by: string,
  needs: UpdateNeeds,
): Done {
  const { id, number, release, ring } = rollout
  const fields = { by, rollout: id, number, release, ring }
  return {
    answer: { kind: 'done' },
    facts: [newFact(needs, code, { fields })],
    writes: [changeRollout(rollout, change, needs)],
    notices: [],
  }
}
