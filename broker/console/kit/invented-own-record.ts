// What is kept about nobody: a week of somebody invented, who looked at it, and a house's figures.

import { figuresShown } from '@wardkey/protocol/admin/figures/figures'
import {
  disowned,
  disownOrder,
  ownRecord,
  ownRecordQuery,
} from '@wardkey/protocol/console/own-record'
import { personIdOf } from './invented-hospital.ts'
import { inventTimeline } from './invented-timeline.ts'

export function inventOwnRecord(
  query: Readonly<Record<string, string>>,
  visits: number,
  /** Of which lines she has said that it was not she. */
  said: ReadonlySet<number> = new Set(),
) {
  const { fromMs, toMs } = ownRecordQuery.parse(query)
  const line = inventTimeline({ personId: personIdOf(40), fromMs, toMs }, visits)
  const sentences = new Map([
    ['TAP-001', 'A tap opened a session.'],
    ['SES-003', 'A session was locked.'],
    ['SSO-002', 'An EHR received a token for a session.'],
    ['PRE-002', 'A door said that a person came or went.'],
  ])
  const facts = line.facts.map((fact) => ({
    ...fact,
    sentence: sentences.get(fact.code) ?? fact.code,
    ...(fact.index % 17 === 3 ? { why: 'The role is not one of the zone’s.' } : {}),
    ...(/^(TAP|SES)-/.test(fact.code) ? { notMe: said.has(fact.index) ? 'said' : 'sayable' } : {}),
  }))
  const look = (index: number, of: object) => ({
    ...{ index, atMs: toMs - index * 3_600_000, what: 'entry', by: 'office', roles: [] },
    ...of,
  })
  return ownRecord.parse({
    ...line,
    facts: facts.reverse(),
    looks: [
      look(1, { what: 'timeline', roles: ['privacy'], fromMs, toMs }),
      look(5, { roles: ['service-desk', 'it'] }),
      look(9, { what: 'badges', roles: ['service-desk'] }),
      look(20, { by: 'program' }),
      look(30, { what: 'timeline', by: 'herself', fromMs, toMs }),
    ],
    areLooksCut: false,
  })
}

/** One badge, and what was open with it; of the same line again nothing. */
export function inventDisowned(body: unknown, said: Set<number>) {
  const order = disownOrder.parse(body)
  const wasSaid = order.what === 'tap' && said.has(order.index)
  if (order.what === 'tap') said.add(order.index)
  const done = wasSaid ? { badges: 0, sessions: 0 } : { badges: 1, sessions: 2 }
  return disowned.parse({ ...done, wasSaid })
}

/** Six months before now, of 30 days each: what no calendar has, and no table cares about. */
export function inventFigures(nowMs: number) {
  const monthMs = 30 * 86_400_000
  return figuresShown.parse({
    months: Array.from({ length: 6 }, (_, back) => ({
      ...{ fromMs: nowMs - (back + 1) * monthMs, untilMs: nowMs - back * monthMs },
      dayOne: { people: 14 + back, right: 12 + back },
      revoked: { count: 4, medianMs: 900 + back * 130 },
      exceptions: { approved: 6 - back, ended: 3, medianHeldMs: 5 * 3_600_000 },
      reviews: { due: 9, inTime: 9 - (back % 3) },
      incidents: back === 2 ? { count: 1, medianDetectMs: 61_000 } : { count: 0 },
      ...{ sharing: back % 2, lostBadges: 3 },
    })),
  })
}
