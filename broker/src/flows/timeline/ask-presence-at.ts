// Who was at a workstation at the moment of a fact that is about it, from the record alone, and
// which checkpoint holds that fact. Reads only.

import type { PresenceAt } from '@wardkey/protocol/console/presence-at'
import type { Span } from '@wardkey/protocol/console/timeline'
import type { PersonId } from '@wardkey/protocol/ids'
import { askTimeline } from './ask-timeline.ts'
import type { AskNeeds } from './ask-timeline.ts'
import { findTold } from './read-told.ts'
import { shownFact } from './shown-fact.ts'

export type PresenceRead = Omit<PresenceAt, 'people'> & { readonly people: readonly PersonId[] }

/** To both sides: long enough to say since when and until when. */
const aroundMs = 12 * 3_600_000

/** Nothing where there is no such fact, or it is about no workstation. */
export async function askPresenceAt(
  index: number,
  needs: AskNeeds,
): Promise<PresenceRead | undefined> {
  const fact = await findTold(needs.db, index)
  const here = fact?.workstation
  const place = here && needs.places.rulesOf(here)
  if (!fact || !here || !place) return undefined
  const subject = { column: 'workstation_id', ids: [here] } as const
  const { atMs } = fact
  const times = { fromMs: Math.max(0, atMs - aroundMs), toMs: atMs + aroundMs }
  const { spans } = await askTimeline({ subject, ...times }, needs)
  const then = spans.filter((span) => span.fromMs <= atMs && (span.untilMs ?? Infinity) >= atMs)
  const isOpen = ({ lane, kind }: Span): boolean => lane === 'session' && kind === 'open'
  const sessions = then.filter(isOpen)
  const presence = then.filter(({ lane }) => lane === 'presence')
  const people = [fact.person, ...[...sessions, ...presence].map(({ personId }) => personId)]
  const checkpoint = await checkpointOf(index, needs)
  return {
    fact: shownFact(fact, needs.sealed),
    workstation: { workstationId: here, place: place.place, zoneId: place.zoneId },
    people: [...new Set(people.flatMap((id) => id ?? []))],
    ...{ sessions, presence },
    proof: { index, ...(checkpoint ? { checkpoint } : {}) },
  }
}

function checkpointOf(index: number, { db }: AskNeeds) {
  return db
    .selectFrom('checkpoint')
    .select(['size', 'note'])
    .where('size', '>', index)
    .orderBy('size')
    .limit(1)
    .executeTakeFirst()
}
