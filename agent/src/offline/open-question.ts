// A question that is not answered yet: about whom, what was shown of her so far, and what there is
// to decide it by. Writes nothing, opens nothing.

import type { PersonId, TapId } from '@wardkey/protocol/ids'
import type { ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import type { Asked } from './answers.ts'
import { offerOf } from './bundle/emergency-offer.ts'
import type { Usable } from './bundle/knowledge.ts'
import { decideAlone } from './decide-alone.ts'
import type { AloneDecision, AloneFacts } from './decide-alone.ts'
import { decideEmergencyAlone } from './decide-emergency-alone.ts'
import type { Graces } from './graces.ts'
import type { PinTries, Tried } from './pin/pin-tries.ts'
import type { Seats } from './seats.ts'

/** Somebody who is being asked about. */
export interface Open {
  readonly tapId: TapId
  readonly by: 'card' | 'staff-number'
  /** Nothing where a number is nobody's: that is not told before the PIN either. */
  readonly personId: PersonId | undefined
  readonly isEnoughAlone: boolean
  readonly choice: ReasonChoice | undefined
  stage: 'deciding' | 'pin' | 'witness'
  untilMs: number
  isPinProved: boolean
  witnessId: PersonId | undefined
  wrongWitnesses: number
}

/** Who it is, where she has shown it: a number that anybody may type is nobody yet. */
export function shownOf(asked: Open | Asked): Asked {
  if (!('stage' in asked) || asked.by === 'card' || asked.isPinProved) return asked
  return { ...asked, personId: undefined }
}

export interface DecisionNeeds {
  readonly tries: PinTries
  readonly graces: Graces
  readonly seats: Seats
}

/** What is said of it now; `isPinProved`: as if her PIN had been given. */
export function decisionFor(
  open: Open,
  known: Usable,
  needs: DecisionNeeds,
  isPinProved = open.isPinProved,
): AloneDecision {
  const facts = { ...factsOf(open, known, needs), isPinProved }
  const { choice, by } = open
  if (!choice) return decideAlone(facts)
  return decideEmergencyAlone({
    ...facts,
    offer: offerOf(known.bundle, known.rules),
    choice: { reason: choice.reason, hasNote: choice.note !== undefined },
    by,
    isVouchedFor: open.witnessId !== undefined,
  })
}

/** Since when what is asked may be wrong no more, by the person's count and by the place's. */
export function locksOf(
  open: Open,
  known: Usable,
  { tries }: Pick<DecisionNeeds, 'tries'>,
): Pick<AloneFacts, 'pinLockedUntilMs' | 'placeLockedUntilMs'> {
  const person = personOf(open, known)
  const tried = triedOf(open, person)
  const here = tried ? tries.lockedUntilMs(tried) : 0
  // What is counted against the PIN that goes with her badge closes no number, and none closes it.
  const given = open.by === 'card' ? (person?.pin?.lockedUntilMs ?? 0) : 0
  return {
    pinLockedUntilMs: Math.max(here, given),
    placeLockedUntilMs: tries.placeLockedUntilMs(),
  }
}

function factsOf(open: Open, known: Usable, needs: DecisionNeeds): AloneFacts {
  const { graces, seats } = needs
  const { bundle, nowMs } = known
  const person = personOf(open, known)
  // An emergency is a session of its own: nothing that waits here is opened by it.
  const waiting = person && !open.choice ? seats.waitingFor(person) : undefined
  return {
    nowMs,
    bundle,
    person: person ?? { mayBreakGlass: false },
    isEnoughAlone: open.isEnoughAlone,
    hasPin: triedOf(open, person) !== undefined,
    ...locksOf(open, known, needs),
    trustedSinceMs: graces.trustedSinceMs,
    grace: person && graces.of(person),
    isPinProved: open.isPinProved,
    hasSomethingToOpen: bundle.steps.length > 0 || waiting !== undefined,
  }
}

export function personOf({ personId }: Open, { people }: Usable): OfflinePerson | undefined {
  return personId && people.byId(personId)
}

/** Nothing where she has no PIN: then there is none to be wrong. */
export function triedOf({ by }: Open, person: OfflinePerson | undefined): Tried | undefined {
  return person?.pin && { personId: person.personId, by, hash: person.pin.hash }
}

/** As the screen is told it, where it was asked for as one. */
export function emergencyOf({ choice }: Open, { bundle, rules }: Usable) {
  const offer = choice && offerOf(bundle, rules)
  const reason = offer?.reasons.find(({ code }) => code === choice?.reason)?.label
  if (!offer || reason === undefined) return {}
  return { emergency: { reason, lastsMs: offer.lastsMs } }
}
