// What every flow returns: an answer, the facts that must be written for it, and the writes that go
// with them. An answer without facts does not compile.

import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { PersonId, SessionId, WorkstationId, ZoneId } from '@wardkey/protocol/ids'
import type { Fact } from '../audit/fact.ts'
import type { Write } from '../store/store.ts'

/**
 * The outcome of one flow, not yet true: nothing of it may be told to anybody until `perform` has
 * committed writes and facts in one transaction and got the store's receipt for them.
 */
export interface Recorded<Answer> {
  readonly answer: Answer
  readonly facts: readonly [Fact, ...Fact[]]
  readonly writes: readonly Write[]
  /** What others must hear once it is durable: carried out after the commit, in order. */
  readonly notices: readonly Notice[]
  /** A session that this unit opens anew, and the emergency grant it is of, if it is of one. */
  readonly opens?: { readonly sessionId: SessionId; readonly grantId: string | null }
}

export type Notice =
  | {
      readonly kind: 'to-workstation'
      readonly workstationId: WorkstationId
      readonly frame: BrokerFrame
    }
  /**
   * It is not known whether a unit was written that has a word for this workstation. It has to say
   * hello again: then what it shows is compared with what is.
   */
  | { readonly kind: 'workstation-in-doubt'; readonly workstationId: WorkstationId }
  /** Tokens for the session are refused from now on, until it is opened again. */
  | { readonly kind: 'session-locked'; readonly sessionId: SessionId }
  /** The chart of this session at this workstation is over: its EHRs are told. */
  | {
      readonly kind: 'session-left'
      readonly sessionId: SessionId
      readonly personId: PersonId
      readonly workstationId: WorkstationId
      readonly because: 'moved' | 'ended' | 'revoked'
    }
  /** Compliance is to be told now. */
  | { readonly kind: 'emergency-given'; readonly grantId: string }
  | { readonly kind: 'person-revoked'; readonly personId: PersonId }
  /** She lost a role: zones that are for none of those she has left let her in no more. */
  | {
      readonly kind: 'role-lost'
      readonly personId: PersonId
      readonly roles: readonly string[]
    }
  /** Its certificate or zone changed, or it was revoked: what is remembered of it is forgotten. */
  | {
      readonly kind: 'workstation-changed'
      readonly workstationId: WorkstationId
      readonly isRevoked: boolean
    }
  | { readonly kind: 'zone-changed'; readonly zoneId: ZoneId }
  /** Policies or the mode of a place (`*`: the house): screens that are open are looked at. */
  | { readonly kind: 'rules-changed'; readonly place: ZoneId | '*' }
