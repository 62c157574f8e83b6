// Once a minute: a roll-out goes on to its next ring, pauses itself, or is over, as `advance` says.
// Several brokers may do it: the row's version lets one of them through.

import { newFact } from '../flow-needs.ts'
import type { Perform } from '../perform.ts'
import type { Recorded } from '../recorded.ts'
import { advance } from './advance.ts'
import type { Advance } from './advance.ts'
import { changeRollout, countRings, currentRollout } from './rollout-rows.ts'
import type { Rollout } from './rollout-rows.ts'
import type { UpdateNeeds } from './update-needs.ts'

export async function runRollouts(
  needs: UpdateNeeds & { readonly perform: Perform },
): Promise<void> {
  const rollout = await currentRollout(needs)
  if (rollout?.state !== 'running') return
  const next = await nextOf(rollout, needs)
  if (next.kind === 'stay') return
  await needs.perform(async (look) => {
    const now = look === 'fresh' ? ((await currentRollout(needs)) ?? rollout) : rollout
    const isSame = now.version === rollout.version
    return isSame ? moved(rollout, next, needs) : leftAlone(rollout, needs)
  })
}

async function nextOf(rollout: Rollout, needs: UpdateNeeds): Promise<Advance> {
  const { rings, ring, ring_ms: ringMs, approved_ms: approvedMs, counted_ms: countedMs } = rollout
  const counts = await countRings(rollout, needs)
  const isApproved = approvedMs !== null
  return advance({ rings, ring, ringMs, isApproved, countedMs, counts, nowMs: needs.nowMs() })
}

function moved(
  rollout: Rollout,
  next: Exclude<Advance, { kind: 'stay' }>,
  needs: UpdateNeeds,
): Recorded<undefined> {
  const { id, number, release } = rollout
  const about = { rollout: id, number, release }
  const as = (
    code: 'UPD-007' | 'UPD-008' | 'UPD-104',
    fields: Readonly<Record<string, number>>,
    change: Parameters<typeof changeRollout>[1],
  ): Recorded<undefined> => ({
    answer: undefined,
    facts: [newFact(needs, code, { fields: { ...about, ...fields } })],
    writes: [changeRollout(rollout, change, needs)],
    notices: [],
  })
  switch (next.kind) {
    case 'open':
      return as('UPD-007', { ring: next.ring }, { ring: next.ring, ring_ms: needs.nowMs() })
    case 'pause': {
      const { ring, unwell } = next
      return as('UPD-104', { ring, unwell }, { state: 'paused' })
    }
    case 'done':
      return as('UPD-008', {}, { state: 'done' })
  }
}

/** Another broker, or somebody, was faster. */
function leftAlone({ id }: Rollout, needs: UpdateNeeds): Recorded<undefined> {
  const facts = [newFact(needs, 'UPD-011', { fields: { rollout: id } })] as const
  return { answer: undefined, facts, writes: [], notices: [] }
}
