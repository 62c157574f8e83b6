// “This was not me”: the badge of a tap is suspended as a lost one is, all that she has open ends,
// and the record has her word for it, by which the alert is raised. Said once more it changes
// nothing. It is about whoever says it and about nobody else.

import type { DisownOrder, Disowned } from '@wardkey/protocol/console/own-record'
import type { PersonId } from '@wardkey/protocol/ids'
import { badgesOf } from '../../identity/badges.ts'
import type { Badge } from '../../identity/badges.ts'
import { raisePerson } from '../../identity/guard-person.ts'
import { findPerson } from '../../identity/people.ts'
import { sessionsOfPerson } from '../../sessions/living-session.ts'
import { markBadges } from '../badges/mark-badges.ts'
import type { Mark } from '../badges/mark-badges.ts'
import type { Ending } from '../end-here.ts'
import { marksOf } from '../errands/marks-of.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'
import type { Recorded } from '../recorded.ts'
import type { ToldFact } from '../timeline/told-fact.ts'
import { findOwnTap, readDisowned } from './find-own-tap.ts'
import type { OwnTap } from './find-own-tap.ts'

export type DisownAnswer =
  | ({ readonly kind: 'disowned' } & Disowned)
  | { readonly kind: 'refused'; readonly code: 'own-tap-unknown' }

/** Badges as such may be said again on another day: one may have been given back meanwhile. */
const againMs = 86_400_000

/** What was open with a badge that somebody else had is not brought back by the next tap. */
const ending: Ending = { reason: 'badge-disowned', because: 'revoked', code: 'badge-not-usable' }

export async function disownTap(
  person: PersonId,
  order: DisownOrder,
  needs: FlowNeeds,
): Promise<Recorded<DisownAnswer>> {
  const { db } = needs
  // Before all else that is read: of two words at once the second finds the first.
  const her = await findPerson(db, person)
  const own = order.what === 'tap' ? await findOwnTap(person, order.index, needs) : undefined
  if (!her || (order.what === 'tap' && !own)) return refused(person, order, needs)
  const badges = await badgesOf(db, person)
  const used = badges.find(({ id }) => id === own?.tap.badge)
  const marks = marksOf.disowned(badges, used?.id)
  if (await wasSaid(person, own, marks, needs)) return again(person, own, needs)
  const opened = marks.filter(({ badge }) => badge.status !== 'lost')
  const isOpen = await isStillOpen(person, own, opened, needs)
  const isChanged = isOpen || marks.length > 0
  const how = isOpen ? ending : undefined
  const marked = isChanged ? await markBadges(person, marks, byPerson(person), needs, how) : nothing
  const sessions = marked.sessions
  const badgesTaken = opened.length
  return {
    answer: { kind: 'disowned', badges: badgesTaken, sessions, wasSaid: false },
    facts: [
      newFact(needs, 'BDG-008', {
        ...aboutTap(person, own, used),
        fields: { ...fieldsOf(person, own), badges: badgesTaken, sessions },
      }),
      ...marked.facts,
    ],
    writes: [raisePerson(db, person, her.version), ...marked.writes],
    notices: marked.notices,
  }
}

const nothing = { facts: [], writes: [], notices: [], sessions: 0 }

/** Of one tap once is for good: what came after it is another tap. */
async function wasSaid(
  person: PersonId,
  own: OwnTap | undefined,
  marks: readonly Mark[],
  needs: FlowNeeds,
): Promise<boolean> {
  const nowMs = needs.nowMs()
  const fromMs = own ? own.tap.recordedMs : nowMs - againMs
  const said = await readDisowned(person, { fromMs, toMs: nowMs + 1 }, needs)
  if (own) return said.some(({ fields }) => fields['tap'] === own.tap.index)
  return marks.length === 0 && said.some(({ fields }) => fields['what'] === 'badges')
}

/** A tap of long ago, with a badge that opens nothing any more, leaves what she has open now. */
async function isStillOpen(
  person: PersonId,
  own: OwnTap | undefined,
  marks: readonly Mark[],
  { db }: FlowNeeds,
): Promise<boolean> {
  if (!own || marks.length > 0) return true
  return (await sessionsOfPerson(db, person)).some(({ id }) => id === own.tap.session)
}

function aboutTap(person: PersonId, own: OwnTap | undefined, used: Badge | undefined) {
  const { workstation, session, zone } = whereOf(own, person) ?? {}
  return {
    person,
    ...(workstation && { workstation }),
    ...(session && { session }),
    ...(zone === undefined ? {} : { zone }),
    ...(used && { badge: used.id }),
  }
}

/** Of a fact in which she spoke for a colleague the session is not hers. */
function whereOf(own: OwnTap | undefined, person: PersonId): Partial<ToldFact> | undefined {
  if (own?.tap.person === person) return own.tap
  return own && { workstation: own.tap.workstation, zone: own.tap.zone }
}

function fieldsOf(person: PersonId, own: OwnTap | undefined) {
  const by = byPerson(person)
  if (!own) return { by, what: 'badges' }
  const { tap, line } = own
  return { by, what: 'tap', tap: tap.index, line: line.index, tapMs: tap.atMs, code: line.code }
}

function again(
  person: PersonId,
  own: OwnTap | undefined,
  needs: FlowNeeds,
): Recorded<DisownAnswer> {
  const fields = fieldsOf(person, own)
  return {
    answer: { kind: 'disowned', badges: 0, sessions: 0, wasSaid: true },
    facts: [newFact(needs, 'BDG-009', { person, fields })],
    writes: [],
    notices: [],
  }
}

/** Whether it is somebody else's or nobody's is not told, and neither is which it was. */
function refused(person: PersonId, order: DisownOrder, needs: FlowNeeds): Recorded<DisownAnswer> {
  const line = order.what === 'tap' ? { line: order.index } : {}
  const fields = { by: byPerson(person), what: order.what, ...line }
  return {
    answer: { kind: 'refused', code: 'own-tap-unknown' },
    facts: [newFact(needs, 'BDG-102', { person, rule: 'own-tap-unknown', fields })],
    writes: [],
    notices: [],
  }
}
