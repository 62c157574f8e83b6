// What policy says of one person in one zone, now and for as long as a bundle may be used: again at
// each moment at which something of hers changes by time alone. Pure.

import type { RefusalCode } from '@wardkey/protocol/codes'
import { standingAt, standingChanges } from '../../policy/access-standing.ts'
import { strongestBadge } from '../../policy/strongest-badge.ts'
import { questionOf } from '../../policy/cedar/policy-question.ts'
import type { HouseMode } from '../../policy/cedar/policy-question.ts'
import type { Verdict } from '../../policy/cedar/policy-set.ts'
import { decideTap } from '../../policy/decide-tap.ts'
import type { Zone } from '../../policy/zone-settings.ts'
import type { HouseRules } from '../house-book.ts'
import { modeAt, modeChanges } from '../mode-of.ts'
import type { ZoneModes } from '../mode-of.ts'
import type { KnownPerson } from './known-person.ts'

/** From this moment until the next one of hers. */
export interface Stretch {
  readonly fromMs: number
  /** Whatever her badge and PIN; absent where policy says yes. */
  readonly refusal?: RefusalCode
}

export interface Beforehand {
  readonly refusal: RefusalCode | undefined
  readonly later: readonly Stretch[]
  /** What is after this has not been decided; absent where a bundle is over before. */
  readonly untilMs: number | undefined
  /** For each of her cards: whether it is enough without the PIN, at all these times. */
  readonly areEnough: readonly boolean[]
  /** And whether it is worth enough for what policy says yes to. */
  readonly areWorth: readonly boolean[]
}

/** When, by which rules, and how far ahead. */
export interface ViewedAt {
  readonly nowMs: number
  readonly untilMs: number
  readonly house: HouseRules
  readonly modes: ZoneModes
}

type Placed = Pick<Zone, 'id' | 'kind' | 'settings'>
type Asked = Pick<KnownPerson, 'id' | 'status' | 'roles' | 'access'>

/** As a bundle has room for (offline-bundle). */
const laterMax = 16

export function decideBeforehand(zone: Placed, person: KnownPerson, at: ViewedAt): Beforehand {
  const moments = momentsOf(person, at)
  const later: Stretch[] = []
  let before = refusalIn(zone, person, at.nowMs, at.house, modeAt(at.modes, at.nowMs))
  const first = before
  let untilMs: number | undefined
  for (const fromMs of moments) {
    const refusal = refusalIn(zone, person, fromMs, at.house, modeAt(at.modes, fromMs))
    if (refusal === before) continue
    if (later.length === laterMax) {
      untilMs = fromMs
      break
    }
    later.push({ fromMs, ...(refusal === undefined ? {} : { refusal }) })
    before = refusal
  }
  const times = [at.nowMs, ...moments]
  return { refusal: first, later, untilMs, ...cardsOf(zone, person, times, at) }
}

function momentsOf({ access }: KnownPerson, at: ViewedAt): readonly number[] {
  const { nowMs, untilMs, house, modes } = at
  const ends = modeChanges(modes).filter((ms) => nowMs < ms && ms <= untilMs)
  const own = standingChanges(access, house.calendar, nowMs, untilMs)
  return ends.length === 0 ? own : [...new Set([...own, ...ends])].sort((a, b) => a - b)
}

function cardsOf(zone: Placed, person: KnownPerson, times: readonly number[], at: ViewedAt) {
  const { badgeAloneAssurance } = zone.settings
  const verdicts = person.cards.map(({ assurance }) =>
    times.map((atMs) => {
      const mode = modeAt(at.modes, atMs)
      const by = (worth: number): Verdict => verdictOf(zone, person, atMs, at.house, mode, worth)
      return { card: by(assurance), best: by(strongestBadge) }
    }),
  )
  return {
    areEnough: person.cards.map(
      ({ assurance }, index) =>
        assurance >= badgeAloneAssurance &&
        (verdicts[index] ?? []).every(({ card }) => card.badgeAlone.kind === 'permit'),
    ),
    areWorth: verdicts.map((all) => all.every(({ card, best }) => card.use.kind === best.use.kind)),
  }
}

/** The same rules as for a tap, for somebody whose badge and PIN are as good as can be. */
export function refusalIn(
  zone: Placed,
  person: Asked,
  nowMs: number,
  house: HouseRules,
  mode: HouseMode,
): RefusalCode | undefined {
  const decision = decideTap({
    nowMs,
    person: { status: person.status, term: standingAt(person.access, house.calendar, nowMs).term },
    badge: { status: 'active', assurance: strongestBadge },
    hasPin: true,
    pinLockedUntilMs: 0,
    zone,
    verdict: verdictOf(zone, person, nowMs, house, mode, strongestBadge),
    workstation: { trustedSinceMs: 0, lockedUntilMs: 0 },
    grace: null,
    isPinProved: true,
  })
  return decision.kind === 'refuse' ? decision.code : undefined
}

function verdictOf(
  zone: Placed,
  { id, roles, access }: Asked,
  nowMs: number,
  { policies, calendar }: HouseRules,
  mode: HouseMode,
  assurance: number,
): Verdict {
  const standing = standingAt(access, calendar, nowMs)
  return policies.ask(questionOf({ roles, standing, assurance, mode, zone }), id)
}
