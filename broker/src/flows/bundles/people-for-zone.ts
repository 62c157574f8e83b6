// Whom the workstations of a zone know while no broker answers, and what policy says of each there:
// all who have a right in the zone, and of the others as many as emergency access may need. Pure.

import type { PersonId } from '@wardkey/protocol/ids'
import type { RefusalCode } from '@wardkey/protocol/codes'
import { termAt } from '../../policy/access-standing.ts'
import { maySpeakInEmergency } from '../../policy/emergency-witness.ts'
import type { Zone } from '../../policy/zone-settings.ts'
import { decideBeforehand } from './decided-beforehand.ts'
import type { Beforehand, ViewedAt } from './decided-beforehand.ts'
import { turnOf } from './in-turns.ts'
import type { InTurns } from './in-turns.ts'
import type { KnownPerson } from './known-person.ts'

export interface ChosenPerson {
  readonly person: KnownPerson
  /** What policy says of her here whatever her badge and PIN; absent where it says yes. */
  readonly refusal: RefusalCode | undefined
  /** What it says later, by time alone. */
  readonly beforehand: Beforehand
  readonly mayBreakGlass: boolean
  /** In an emergency, for somebody else. */
  readonly mayWitness: boolean
}

/** Now, or at some moment for which a bundle has the answer. */
export function isEverAllowed({ refusal, beforehand }: ChosenPerson): boolean {
  return refusal === undefined || beforehand.later.some((one) => one.refusal === undefined)
}

/** As many as a bundle can hold (offline-bundle). */
const peopleMax = 20_000

/**
 * `before` are those who were chosen last time: who of the others is known stays so while there is
 * room, lest each first tap of a day push somebody else out and send everything anew.
 */
export function* peopleForZone(
  zone: Pick<Zone, 'id' | 'kind' | 'settings'>,
  all: Iterable<KnownPerson>,
  othersMax: number,
  before: ReadonlySet<PersonId>,
  now: ViewedAt,
): InTurns<readonly ChosenPerson[]> {
  const allowed: ChosenPerson[] = []
  const others: ChosenPerson[] = []
  let seen = 0
  for (const person of all) {
    if (++seen % turnOf === 0) yield
    const chosen = chooseFor(zone, person, now)
    if (!chosen) continue
    if (isEverAllowed(chosen)) allowed.push(chosen)
    else others.push(chosen)
  }
  const rank = ({ person }: ChosenPerson): number =>
    before.has(person.id) ? Number.MAX_SAFE_INTEGER : person.seenMs
  const known = [
    ...(allowed.length > peopleMax ? allowed.sort(newestFirst).slice(0, peopleMax) : allowed),
    ...others.sort((a, b) => rank(b) - rank(a) || byId(a, b)).slice(0, othersMax),
  ]
  return known.slice(0, peopleMax).sort(byId)
}

/** Nothing where nobody there needs to know her. */
export function chooseFor(
  zone: Pick<Zone, 'id' | 'kind' | 'settings'>,
  person: KnownPerson,
  now: ViewedAt,
): ChosenPerson | undefined {
  // Nothing to show and nothing to type: she could not be known by anything.
  if (person.cards.length === 0 && (person.staffNumber === undefined || !person.pin)) {
    return undefined
  }
  const beforehand = decideBeforehand(zone, person, now)
  const chosen = {
    ...{ person, refusal: beforehand.refusal, beforehand },
    mayBreakGlass: mayBreakGlass(zone, person, now.nowMs),
    mayWitness: mayWitness(zone, person, now),
  }
  return isEverAllowed(chosen) || chosen.mayBreakGlass ? chosen : undefined
}

/**
 * Nobody where the zone offers none: then nobody is known there for that alone. Never who is gone
 * or suspended. A lost badge opens nothing, being none of her cards; who has lost
 * the only one is not known by any, and whoever has it may know her number.
 */
function mayBreakGlass(
  { settings }: Pick<Zone, 'settings'>,
  { status, access, cards, hasLostBadge }: KnownPerson,
  nowMs: number,
): boolean {
  const isActive = status === 'active' || status === 'on-leave'
  const isHere = isActive && termAt(access, nowMs) === 'within'
  return settings.emergency.offered && isHere && (cards.length > 0 || !hasLostBadge)
}

/** For as long as a bundle may be used: a role that is hers for a while only does not count. */
function mayWitness(
  zone: Pick<Zone, 'id' | 'kind' | 'settings'>,
  person: KnownPerson,
  { nowMs, untilMs, house }: ViewedAt,
): boolean {
  // Time alone changes her roles by exceptions only.
  const moments = person.access.exceptions ? [nowMs, untilMs] : [nowMs]
  return moments.every((ms) => maySpeakInEmergency(zone, person, { ...house, nowMs: ms }))
}

function newestFirst(a: ChosenPerson, b: ChosenPerson): number {
  return b.person.seenMs - a.person.seenMs || byId(a, b)
}

function byId(a: ChosenPerson, b: ChosenPerson): number {
  return a.person.id < b.person.id ? -1 : 1
}
