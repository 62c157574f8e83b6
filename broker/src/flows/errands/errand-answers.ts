// What a step of an errand may be answered with: the next step, the same once more, a refusal, or
// that it is done. Each with its facts and the errand's new row.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { OpenWeb } from '@wardkey/protocol/launch-steps'
import type { ErrandFlaw, ErrandStep } from '@wardkey/protocol/workstation/errands'
import { failuresBeforeLock } from '@wardkey/protocol/workstation/pin-lock'
import type { Fact } from '../../audit/fact.ts'
import type { AllowedCard } from '../../identity/cards/allowed-cards.ts'
import { findHolder } from '../../identity/find-card-holder.ts'
import type { PinHashing } from '../../identity/pin-hashing.ts'
import type { PinDigits } from '../../policy/zone-settings.ts'
import type { Write } from '../../store/store.ts'
import { newFact, newMessageId, refusedFrame } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { nameOf } from '../land.ts'
import type { EnterPinNeeds } from '../pin-entry.ts'
import type { Recorded } from '../recorded.ts'
import { personOf, waitsMs } from './errand.ts'
import { beginErrand, endErrand, moveErrand } from './errand-row.ts'
import type { Errand } from './errand.ts'
import { confirmedBy } from './errand-steps.ts'
import { offersAccount } from './sign-in/account-needs.ts'
import type { AccountNeeds } from './sign-in/account-needs.ts'

export interface ErrandNeeds extends EnterPinNeeds {
  readonly hashing: PinHashing
  readonly pinDigits: PinDigits
  readonly allowedCards: readonly AllowedCard[]
  /** A loaner lasts no longer than this. */
  readonly loanerMs: number
  /** Absent where nobody signs in with a hospital account. */
  readonly accounts?: AccountNeeds | undefined
}

/** What the step that was just answered adds to the unit, before what follows from it. */
export interface Added {
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
}
export const nothingAdded: Added = { facts: [], writes: [] }

export interface Again {
  readonly again?: boolean
  readonly flaw?: ErrandFlaw
  readonly triesLeft?: number
  /** The page that `sign-in` is about. */
  readonly signIn?: OpenWeb
}

/** Asks for a step; `added` has at least the fact of what was answered before. */
export async function askStep(
  before: Errand,
  step: ErrandStep,
  added: Added,
  needs: ErrandNeeds,
  again: Again = {},
): Promise<Recorded<BrokerFrame>> {
  const nowMs = needs.nowMs()
  const errand = { ...before, expiresMs: nowMs + waitsMs(step) }
  const keep =
    errand.version === 0 ? beginErrand(needs.db, errand, nowMs) : [moveErrand(needs.db, errand)]
  const [first = factOf(errand, 'ERD-001', needs, { again: again.again === true }), ...rest] =
    added.facts
  return {
    answer: await stepFrame(errand, step, again, needs),
    facts: [first, ...rest],
    writes: [...added.writes, ...keep],
    notices: [],
  }
}

/** The step where it is, told once more: nothing moves by it, its time neither. */
export async function tellStep(
  errand: Errand,
  step: ErrandStep,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  return {
    answer: await stepFrame(errand, step, {}, needs),
    facts: [factOf(errand, 'ERD-001', needs, { again: true })],
    writes: [],
    notices: [],
  }
}

/** That it is done, now or once more: an answer may be lost on its way. */
export async function doneFrame(
  { id, kind, subject, workstation }: Errand,
  endsMs: number | undefined,
  needs: ErrandNeeds,
): Promise<BrokerFrameOf<'errand-done'>> {
  const { nameShown } = workstation.zone.settings
  const name = subject && (await nameOf(subject, nameShown, needs))
  return {
    kind: 'errand-done',
    id: newMessageId(needs),
    tapId: id,
    errand: kind,
    ...(name === undefined ? {} : { name }),
    ...(endsMs === undefined ? {} : { lastsMs: Math.max(0, endsMs - needs.nowMs()) }),
  }
}

/** Nothing is done by it: neither twice, nor for longer. */
export async function tellDone(
  errand: Errand,
  { endsMs }: NonNullable<Errand['proofs']['done']>,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  return {
    answer: await doneFrame(errand, endsMs, needs),
    facts: [factOf(errand, 'ERD-001', needs, { again: true, isDone: true })],
    writes: [],
    notices: [],
  }
}

async function stepFrame(
  errand: Errand,
  step: ErrandStep,
  { again = false, flaw, triesLeft, signIn }: Again,
  needs: ErrandNeeds,
): Promise<BrokerFrameOf<'ask-errand'>> {
  const name = await nameFor(errand, step, needs)
  const byBadge =
    step === 'confirm' ? confirmedBy(errand.kind, errand.proofs.witnesses.length) : undefined
  const left = triesLeft === undefined ? undefined : Math.min(failuresBeforeLock, triesLeft)
  return {
    kind: 'ask-errand',
    id: newMessageId(needs),
    tapId: errand.id,
    errand: errand.kind,
    step,
    isSecond: step.startsWith('witness') && errand.proofs.witnesses.length > 0,
    again,
    answerWithinMs: Math.max(0, errand.expiresMs - needs.nowMs()),
    ...(name === undefined ? {} : { name }),
    ...(byBadge === undefined ? {} : { byBadge }),
    ...(flaw === undefined ? {} : { flaw }),
    ...(step === 'witness-badge' && offersAccount(errand, needs) ? { offersAccount: true } : {}),
    ...(signIn === undefined ? {} : { signIn }),
    ...(left === undefined || left < 1 ? {} : { triesLeft: left }),
  }
}

/**
 * In full where it is to be confirmed: a colleague who may stands there, or it is her own account's
 * word, and of two with one initial the wrong one must not get the badge. A witness is named as
 * every tap names people here.
 */
async function nameFor(
  { subject, proofs, workstation }: Errand,
  step: ErrandStep,
  needs: ErrandNeeds,
): Promise<string | undefined> {
  if (step === 'confirm') return subject && nameOf(subject, 'full', needs)
  if (step !== 'witness-pin' || !proofs.shown) return undefined
  const witness = await findHolder(needs.db, proofs.shown.personId)
  return witness && nameOf(witness, workstation.zone.settings.nameShown, needs)
}

/** It is over, and nothing of it counts. */
export function refuseErrand(
  errand: Pick<Errand, 'id' | 'kind' | 'version' | 'subject' | 'workstation'>,
  refusal: { readonly rule: string; readonly code: RefusalCode; readonly retryAfterMs?: number },
  added: Added,
  needs: FlowNeeds,
): Recorded<BrokerFrame> {
  const { rule, code, retryAfterMs } = refusal
  const frame = refusedFrame(needs, errand.id, code, retryAfterMs)
  const fact = factOf(errand, 'ERD-101', needs, { code, quote: frame.quote }, rule)
  return {
    answer: frame,
    facts: [fact, ...added.facts],
    writes: [...added.writes, ...(errand.version === 0 ? [] : [endErrand(needs.db, errand)])],
    notices: [],
  }
}

export function factOf(
  errand: Pick<Errand, 'id' | 'kind' | 'subject' | 'workstation'>,
  code: Fact['code'],
  needs: Pick<FlowNeeds, 'newId' | 'nowMs'>,
  fields: NonNullable<Fact['fields']> = {},
  rule?: string,
): Fact {
  const person = personOf(errand)
  return newFact(needs, code, {
    ...(person ? { person } : {}),
    workstation: errand.workstation.id,
    zone: errand.workstation.zone.id,
    tap: errand.id,
    ...(rule === undefined ? {} : { rule }),
    fields: { errand: errand.kind, ...fields },
  })
}
