// Every state that waits leaves it on ticks alone: from any state that a run has come to, nothing
// but time leads to locked, with nothing held back.

import type { State } from '@wardkey/agent/machine/state'
import type { Rules } from '../world/rules.ts'
import { Violation } from './violation.ts'

const ticksMax = 8
/** As long as the longest of the machine's own limits that are not the zone's. */
const minMs = 90_000

export function mustEndByTicks(state: State, nowMs: number, rules: Pick<Rules, 'step'>): void {
  let now = state
  let atMs = nowMs
  for (let n = 0; n < ticksMax; n++) {
    if (now.phase.kind === 'locked' && now.late.length === 0) return
    const { idleMs, presentIdleMs, fadeMs } = now.rules
    atMs += Math.max(idleMs, presentIdleMs, minMs) + fadeMs
    now = rules.step(now, { nowMs: atMs, happening: { kind: 'tick' } }).state
  }
  throw new Violation('every wait ends on ticks alone', `${state.phase.kind} → ${now.phase.kind}`)
}
