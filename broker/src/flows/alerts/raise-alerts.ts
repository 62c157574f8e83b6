// What rules have seen becomes alerts: a new one, or one more time of an alert that stands, in one
// unit with how far they had read.

import type { AlertRuleName } from '@wardkey/protocol/admin/alerts/alert-rules'
import type { Fact } from '../../audit/fact.ts'
import type { Sighting } from '../../policy/alerts/alert-fact.ts'
import type { Write } from '../../store/store.ts'
import { insertAlertNotices } from '../compliance-notice-row.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { EmergencyNeeds } from '../tap-question.ts'
import { findStanding, insertAlert, seeAgain } from './alert-row.ts'
import type { Alert } from './alert-row.ts'
import { moveCursor, readCursor, TurnLost } from './alert-cursor.ts'
import type { AlertCursor } from './alert-cursor.ts'

export interface RaiseNeeds extends FlowNeeds {
  readonly emergency: Pick<EmergencyNeeds, 'channels'>
  /** Rules that are told of at once. */
  readonly told: ReadonlySet<AlertRuleName>
}

export interface Turn {
  readonly me: string
  readonly from: AlertCursor
  readonly to: AlertCursor
}

export interface Raised {
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
  readonly isNew: boolean
}

/** As many of a fact's numbers as its length allows; the alert's row has more. */
const numbersMax = 40

/** Throws `TurnLost` where another broker has read on meanwhile. */
export async function raiseAlerts(
  seen: readonly Sighting[],
  turn: Turn,
  needs: RaiseNeeds,
): Promise<Raised> {
  const { holder, cursor } = await readCursor(needs.db)
  const isMine = holder === turn.me && cursor.nextIndex === turn.from.nextIndex
  if (!isMine || cursor.passedMs !== turn.from.passedMs) throw new TurnLost()
  const facts: Fact[] = []
  const writes: Write[] = [moveCursor(needs.db, turn.me, turn.from, turn.to)]
  let isNew = false
  for (const all of bySubject(seen)) {
    const together = merged(all)
    if (!together) continue
    const standing = await findStanding(needs.db, together)
    isNew ||= !standing
    const one = standing
      ? again(standing, together, all.length, needs)
      : anew(together, all.length, needs)
    facts.push(...one.facts)
    writes.push(...one.writes)
  }
  return { facts, writes, isNew }
}

function bySubject(seen: readonly Sighting[]): Iterable<readonly Sighting[]> {
  const groups = new Map<string, Sighting[]>()
  for (const one of seen) {
    const key = `${one.rule} ${one.subject}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return groups.values()
}

function merged([first, ...rest]: readonly Sighting[]): Sighting | undefined {
  if (!first) return undefined
  const all = [first, ...rest]
  return {
    ...first,
    people: [...new Set(all.flatMap(({ people }) => people))],
    facts: [...new Set(all.flatMap(({ facts }) => facts))].sort((a, b) => a - b),
    fromMs: Math.min(...all.map(({ fromMs }) => fromMs)),
    untilMs: Math.max(...all.map(({ untilMs }) => untilMs)),
  }
}

type Parts = Omit<Raised, 'isNew'>

function anew(seen: Sighting, count: number, needs: RaiseNeeds): Parts {
  const nowMs = needs.nowMs()
  const id = needs.newId()
  return {
    facts: [aboutFact('ALR-001', id, seen, count, needs)],
    writes: [
      insertAlert(needs.db, { id, count, nowMs }, seen),
      ...(needs.told.has(seen.rule) ? insertAlertNotices(id, nowMs, needs) : []),
    ],
  }
}

/** The first was said when it was raised; then the second, fourth, eighth: the row counts all. */
function again(was: Alert, seen: Sighting, times: number, needs: RaiseNeeds): Parts {
  const count = was.count + times
  const isSaid = Math.floor(Math.log2(count)) > Math.floor(Math.log2(was.count))
  return {
    facts: isSaid ? [aboutFact('ALR-002', was.id, seen, count, needs)] : [],
    writes: [seeAgain(needs.db, was, seen, times)],
  }
}

function aboutFact(
  code: 'ALR-001' | 'ALR-002',
  id: string,
  { rule, people, workstation, zone, badge, facts }: Sighting,
  count: number,
  needs: RaiseNeeds,
): Fact {
  const [person, other] = people
  return newFact(needs, code, {
    ...(person === undefined ? {} : { person }),
    ...(workstation === undefined ? {} : { workstation }),
    ...(zone === undefined ? {} : { zone }),
    ...(badge === undefined ? {} : { badge }),
    rule,
    fields: {
      ...{ alert: id, count, facts: facts.slice(-numbersMax).join(' ') },
      ...(other === undefined ? {} : { other }),
    },
  })
}
