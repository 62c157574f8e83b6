// What became of an update that a workstation was told to begin: how it ended, or that it did not
// begin after all. Of nothing that is not under way, and of each beginning once.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type {
  UpdateAnswer,
  UpdateRequest,
} from '@wardkey/protocol/workstation/updates/update-exchange'
import type { Fact } from '../../audit/fact.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import { keepWait } from './rollout-rows.ts'
import type { UpdateNeeds } from './update-needs.ts'

type RequestOf<K extends UpdateRequest['kind']> = Extract<UpdateRequest, { kind: K }>

const endings = { healthy: 'UPD-010', failed: 'UPD-102', returned: 'UPD-103' } as const

/** Told again it changes nothing: what it said first of this roll-out holds. */
export async function endUpdate(
  id: WorkstationId,
  request: RequestOf<'ended'>,
  needs: UpdateNeeds,
): Promise<Recorded<UpdateAnswer>> {
  const member = await memberOf(id, request, needs)
  if (member?.state !== 'began') return notUnderWay(id, request, needs)
  const { outcome, flaw, running, number } = request
  const query = needs.db
    .updateTable('rollout_member')
    .set({ state: outcome, at_ms: needs.nowMs(), flaw: flaw ?? null })
    .where('rollout_id', '=', member.rollout_id)
    .where('workstation_id', '=', id)
    .where('state', '=', 'began')
    .compile()
  const about = { rollout: member.rollout_id, number, ring: member.ring, running }
  const fields = { ...about, ...(flaw === undefined ? {} : { flaw }) }
  return noted(newFact(needs, endings[outcome], { workstation: id, fields }), [
    { query, expectRows: 1 },
  ])
}

/**
 * It waits again, and leaves its place to others. Only of the beginning that it names: a word that
 * comes late must not take back the next one, which may be under way.
 */
export async function takeBackBegin(
  id: WorkstationId,
  request: RequestOf<'not-begun'>,
  needs: UpdateNeeds,
): Promise<Recorded<UpdateAnswer>> {
  const member = await memberOf(id, request, needs)
  if (member?.state !== 'began') return notUnderWay(id, request, needs)
  if (member.begin_key !== request.key) return notUnderWay(id, request, needs, 'another-beginning')
  const { number, running, key, waits } = request
  const query = needs.db
    .deleteFrom('rollout_member')
    .where('rollout_id', '=', member.rollout_id)
    .where('workstation_id', '=', id)
    .where('state', '=', 'began')
    .where('begin_key', '=', key)
    .compile()
  const about = { rollout: member.rollout_id, number, ring: member.ring, running }
  const fields = { ...about, ...(waits === undefined ? {} : { why: waits }) }
  const why = waits === undefined ? [] : [keepWait(id, waits, needs)]
  const fact = newFact(needs, 'UPD-012', { workstation: id, fields })
  return noted(fact, [{ query, expectRows: 1 }, ...why])
}

/** Nothing changed; it need not say that again. */
export function notUnderWay(
  id: WorkstationId,
  { kind, number }: Exclude<UpdateRequest, { kind: 'ask' }>,
  needs: UpdateNeeds,
  why = 'not-under-way',
): Recorded<UpdateAnswer> {
  const fields = { said: kind, number, why }
  return noted(newFact(needs, 'UPD-105', { workstation: id, fields }), [])
}

/** In the newest roll-out of that release. */
function memberOf(id: WorkstationId, { number }: { readonly number: number }, needs: UpdateNeeds) {
  return needs.db
    .selectFrom('rollout_member')
    .innerJoin('rollout', 'rollout.id', 'rollout_member.rollout_id')
    .where('rollout.number', '=', number)
    .where('workstation_id', '=', id)
    .orderBy('begun_ms', 'desc')
    .select(['rollout_id', 'rollout_member.state', 'rollout_member.ring', 'begin_key'])
    .executeTakeFirst()
}

function noted(fact: Fact, writes: readonly Write[]): Recorded<UpdateAnswer> {
  return { answer: { kind: 'noted' }, facts: [fact], writes, notices: [] }
}
