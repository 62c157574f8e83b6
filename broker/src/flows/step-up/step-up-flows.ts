// A signature, step by step: asked, badge shown, PIN given, ended. Each step returns what to answer
// and what to write down; what is signed never changes on the way.

import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { RefusalCode } from '@wardkey/protocol/codes'
import type { FactCode } from '@wardkey/protocol/fact-codes'
import { messageId } from '@wardkey/protocol/ids'
import type { CeremonyId, PersonId, WorkstationId } from '@wardkey/protocol/ids'
import type { Kysely } from 'kysely'
import type { Fact } from '../../audit/fact.ts'
import { raisePerson } from '../../identity/guard-person.ts'
import { findPerson } from '../../identity/people.ts'
import { findSeated } from '../../sessions/find-seated.ts'
import { guardOpenAt } from '../../sessions/living-session.ts'
import type { Schema } from '../../store/schema.ts'
import type { Notice, Recorded } from '../recorded.ts'
import { readAsked, restsUntilMs } from './ask-budget.ts'
import { findStepUp, insertStepUp, isOver, moveStepUp } from './step-up-row.ts'
import type { StepUp } from './step-up-row.ts'

/** How long the workstation asks; the waiting browser waits a little longer. */
export const stepUpLifeMs = 60_000

export interface StepUpNeeds {
  readonly db: Kysely<Schema>
  readonly newId: () => string
  readonly nowMs: () => number
  /** The active owner of the card, by badge and person both active; nothing otherwise. */
  readonly activeHolder: (card: CardClaim) => Promise<{ personId: PersonId } | undefined>
}

export type AskAnswer =
  | { readonly kind: 'asked'; readonly id: CeremonyId }
  | { readonly kind: 'resting'; readonly untilMs: number }

/**
 * A signature is asked for: durable first, then the workstation's screen shows it. Not where she
 * was asked too often in vain: then asking rests, and her screen shows nothing of it.
 */
export async function askStepUp(
  asked: Omit<StepUp, 'phase' | 'endedMs' | 'version' | 'expiresMs'>,
  interactionUid: string,
  needs: StepUpNeeds,
): Promise<Recorded<AskAnswer>> {
  const { db } = needs
  const nowMs = needs.nowMs()
  // Before what was asked is counted: of two asks at once the second counts the first.
  const person = await findPerson(db, asked.personId)
  const untilMs = restsUntilMs(await readAsked(asked.personId, needs), nowMs)
  if (untilMs !== undefined) {
    const rests = factOf('SIG-102', asked, needs, { restsUntilMs: untilMs })
    return { answer: { kind: 'resting', untilMs }, writes: [], facts: [rests], notices: [] }
  }
  const stepUp = { ...asked, phase: 'badge' as const, expiresMs: nowMs + stepUpLifeMs }
  return {
    answer: { kind: 'asked', id: asked.id },
    // A signature belongs to an open screen: one that locks at this moment asks nothing.
    writes: [
      ...(person ? [raisePerson(db, person.id, person.version)] : []),
      guardOpenAt(db, asked.sessionId, asked.workstationId),
      insertStepUp(db, stepUp, interactionUid, nowMs),
    ],
    facts: [factOf('SIG-001', stepUp, needs)],
    notices: [askNotice(asked, needs)],
  }
}

function askNotice(
  asked: Pick<StepUp, 'id' | 'sessionId' | 'workstationId' | 'description' | 'application'>,
  needs: StepUpNeeds,
): Notice {
  return {
    kind: 'to-workstation',
    workstationId: asked.workstationId,
    frame: {
      kind: 'ask-signature',
      id: messageId.parse(needs.newId()),
      ceremonyId: asked.id,
      sessionId: asked.sessionId,
      description: asked.description,
      application: asked.application,
      answerWithinMs: stepUpLifeMs,
    },
  }
}

/** A badge is shown for a signature: only the badge of whose session it is goes on to the PIN. */
export async function signTap(
  frame: { readonly ceremonyId: CeremonyId; readonly tapId: string; readonly card: CardClaim },
  workstation: WorkstationId,
  needs: StepUpNeeds,
): Promise<Recorded<BrokerFrame>> {
  const found = await findStepUp(needs.db, frame.ceremonyId)
  const isHere = found?.workstationId === workstation
  if (!found || !isHere || found.phase !== 'badge' || found.expiresMs <= needs.nowMs()) {
    return refuseUnknown(frame.ceremonyId, workstation, needs)
  }
  const holder = await needs.activeHolder(frame.card)
  if (holder?.personId !== found.personId) {
    // The signature stays asked for: a colleague's badge near the reader must not end it.
    return {
      answer: ended(found.id, 'refused', needs, 'step-up-wrong-person', false),
      writes: [],
      facts: [factOf('SIG-101', found, needs, { reason: 'step-up-wrong-person' })],
      notices: [],
    }
  }
  return {
    answer: askPin(found, false, undefined, needs),
    writes: [moveStepUp(needs.db, found, 'pin', null)],
    facts: [factOf('SIG-003', found, needs)],
    notices: [],
  }
}

/** How a PIN fared, as the identity side says it after it counted the attempt durably. */
export type PinOutcome =
  | { readonly kind: 'matched' }
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  | { readonly kind: 'refused'; readonly code: RefusalCode }

/** The signature that waits for its PIN here, or nothing: then no PIN is checked at all. */
export async function findAwaitingPin(
  id: CeremonyId,
  workstation: WorkstationId,
  needs: StepUpNeeds,
): Promise<StepUp | undefined> {
  const found = await findStepUp(needs.db, id)
  const isHere = found?.workstationId === workstation
  return isHere && found.phase === 'pin' && found.expiresMs > needs.nowMs() ? found : undefined
}

export async function signPin(
  was: StepUp,
  outcome: PinOutcome,
  needs: StepUpNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { db } = needs
  switch (outcome.kind) {
    case 'matched': {
      // The screen may have locked, or the person been revoked, while the PIN was checked.
      const seated = await findSeated(db, was.sessionId, was.workstationId, needs.nowMs())
      if (seated?.personId !== was.personId)
        return endStepUp(was, 'refused', needs, 'session-ended')
      return {
        answer: ended(was.id, 'signed', needs),
        writes: [
          guardOpenAt(db, was.sessionId, was.workstationId),
          moveStepUp(db, was, 'signed', needs.nowMs()),
        ],
        facts: [factOf('SIG-002', was, needs)],
        notices: [],
      }
    }
    case 'wrong':
      return {
        answer: askPin(was, true, outcome.triesLeft, needs),
        writes: [],
        facts: [factOf('SIG-101', was, needs, { reason: 'pin-wrong' })],
        notices: [],
      }
    case 'refused':
      return endStepUp(was, 'refused', needs, outcome.code)
  }
}

/** Cancelled, run out, or refused for good. Ending what has ended changes nothing. */
export function endStepUp(
  was: StepUp,
  phase: 'refused' | 'cancelled' | 'expired',
  needs: StepUpNeeds,
  code: RefusalCode = 'step-up-cancelled',
): Promise<Recorded<BrokerFrame>> {
  return Promise.resolve({
    answer: ended(was.id, phase, needs, code),
    writes: isOver(was) ? [] : [moveStepUp(needs.db, was, phase, needs.nowMs())],
    facts: [factOf('SIG-101', was, needs, { reason: phase })],
    notices: [],
  })
}

function refuseUnknown(
  id: CeremonyId,
  workstation: WorkstationId,
  needs: StepUpNeeds,
): Recorded<BrokerFrame> {
  return {
    answer: ended(id, 'expired', needs, 'step-up-cancelled'),
    writes: [],
    facts: [
      {
        id: needs.newId(),
        code: 'SIG-101',
        atMs: needs.nowMs(),
        workstation,
        fields: { reason: 'not-asked' },
      },
    ],
    notices: [],
  }
}

function askPin(
  was: StepUp,
  isAgain: boolean,
  triesLeft: number | undefined,
  needs: StepUpNeeds,
): BrokerFrame {
  return {
    kind: 'ask-signature-pin',
    id: messageId.parse(needs.newId()),
    ceremonyId: was.id,
    again: isAgain,
    ...(triesLeft === undefined ? {} : { triesLeft }),
    answerWithinMs: Math.max(0, was.expiresMs - needs.nowMs()),
  }
}

function ended(
  id: CeremonyId,
  outcome: 'signed' | 'refused' | 'cancelled' | 'expired',
  needs: StepUpNeeds,
  code?: RefusalCode,
  isOverNow = true,
): BrokerFrame {
  return {
    kind: 'signature-ended',
    id: messageId.parse(needs.newId()),
    ceremonyId: id,
    outcome,
    isOver: isOverNow,
    ...(code === undefined ? {} : { code }),
  }
}

function factOf(
  code: FactCode,
  stepUp: Pick<StepUp, 'id' | 'personId' | 'sessionId' | 'workstationId' | 'clientId' | 'detail'>,
  needs: StepUpNeeds,
  fields: Readonly<Record<string, string | number>> = {},
): Fact {
  return {
    id: needs.newId(),
    code,
    atMs: needs.nowMs(),
    person: stepUp.personId,
    session: stepUp.sessionId,
    workstation: stepUp.workstationId,
    fields: {
      signature: stepUp.id,
      client: stepUp.clientId,
      // The hash, never the text: a description names a patient and a drug.
      ...(stepUp.detail === undefined ? {} : { hash: stepUp.detail.hash }),
      ...fields,
    },
  }
}
