// A question that is not answered yet: about whom, and what was shown of her so far. Pure.

import type { PersonId, TapId } from '@wardkey/protocol/ids'
import type { ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import type { OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import type { Asked } from './answers.ts'
import type { Usable } from './bundle/knowledge.ts'
import { decideAlone, decideEmergencyAlone } from './decide-alone.ts'
import type { AloneDecision, EmergencyFacts } from './decide-alone.ts'
import type { Tried } from './pin/pin-tries.ts'

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
  if (!('by' in asked) || asked.by === 'card' || asked.isPinProved) return asked
  return { ...asked, personId: undefined }
}

export function decisionFor(open: Open, facts: EmergencyFacts): AloneDecision {
  return open.choice ? decideEmergencyAlone(facts) : decideAlone(facts)
}

export function personOf({ personId }: Open, { people }: Usable): OfflinePerson | undefined {
  return personId && people.byId(personId)
}

/** Nothing where she has no PIN: then there is none to be wrong. */
export function triedOf({ by }: Open, person: OfflinePerson | undefined): Tried | undefined {
  return person?.pin && { personId: person.personId, by, hash: person.pin.hash }
}

export function emergencyOf({ choice }: Open, { bundle, rules }: Usable) {
  const reason = rules.emergency?.reasons.find(({ code }) => code === choice?.reason)?.label
  return reason === undefined ? {} : { emergency: { reason, lastsMs: bundle.emergencyLastsMs } }
}
