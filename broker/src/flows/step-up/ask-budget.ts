// How often somebody may be asked for a signature in vain before asking rests: whoever is asked
// again and again taps in the end to be left alone. What she signed is never counted against her.
// The budget is pure; what was asked is read from the record.

import type { PersonId } from '@wardkey/protocol/ids'
import type { FlowNeeds } from '../flow-needs.ts'
import { readBack } from '../timeline/read-told.ts'
import type { ToldFact } from '../timeline/told-fact.ts'

/** So many that were cancelled, refused, left to run out or are still being asked … */
export const inVainMax = 5
/** … within this; then asking rests until the first of them is so long ago. */
export const inVainMs = 10 * 60_000
const factsMax = 2000

type Asked = Pick<ToldFact, 'code' | 'atMs' | 'fields'>

/** Until when asking rests; nothing where it does not. `facts`: her newest first. */
export function restsUntilMs(facts: readonly Asked[], nowMs: number): number | undefined {
  const signed = new Set(facts.filter(isSigned).map(signatureOf))
  const inVain = facts.filter(
    (fact) =>
      fact.code === 'SIG-001' && nowMs - fact.atMs < inVainMs && !signed.has(signatureOf(fact)),
  )
  const first = inVain.map(({ atMs }) => atMs).sort((a, b) => b - a)[inVainMax - 1]
  return first === undefined ? undefined : first + inVainMs
}

const isSigned = ({ code }: Asked): boolean => code === 'SIG-002'
const signatureOf = ({ fields }: Asked) => fields['signature']

export async function readAsked(
  person: PersonId,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<readonly Asked[]> {
  const subject = { column: 'person_id', ids: [person] } as const
  // What another broker wrote, whose clock is ahead, counts as well: she signed it.
  const times = { fromMs: nowMs() - inVainMs, toMs: nowMs() + inVainMs }
  return (await readBack(db, subject, times, factsMax, ['SIG-001', 'SIG-002'])).facts
}
