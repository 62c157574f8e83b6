// What a wish for emergency access may be answered with, short of access: the question for the PIN,
// the question for a colleague's badge, a refusal. Each with its fact and the tap's new row.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { Fact } from '../audit/fact.ts'
import { aboutWish } from './emergency-wish.ts'
import type { Wish } from './emergency-wish.ts'
import { newFact, newMessageId, refusedFrame } from './flow-needs.ts'
import { nameOf } from './land.ts'
import { markFact } from './mark-facts.ts'
import type { Recorded } from './recorded.ts'
import { askPinFrame } from './tap-question.ts'
import type { TapInNeeds } from './tap-question.ts'
import { keepTap, tapMemoryMs } from './tap-row.ts'
import type { TapAnswer } from './tap-row.ts'

/** A colleague may have to be called over. */
export const witnessAnswerMs = 90_000

export async function askPinFor(
  wish: Wish,
  rule: string,
  again: { readonly isAgain: boolean; readonly failures: number },
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { pinAnswerMs } = needs
  return {
    answer: await pinQuestion(wish, { ...again, answerWithinMs: pinAnswerMs }, needs),
    facts: [factOf(wish, 'TAP-002', rule, needs)],
    writes: [keep(wish, { kind: 'asked-pin', emergency: wish.ask }, pinAnswerMs, needs)],
    notices: [],
  }
}

/**
 * By a staff number it says nothing of whoever it may belong to: neither a name nor the tries that
 * are left, which would tell that there is somebody.
 */
export function pinQuestion(
  { tapId, workstation, asker }: Wish,
  asked: {
    readonly isAgain: boolean
    readonly failures: number
    readonly answerWithinMs: number
  },
  needs: TapInNeeds,
): Promise<BrokerFrameOf<'ask-pin'>> {
  if (asker.by.kind === 'card' && asker.holder) {
    return askPinFrame(tapId, { workstation, holder: asker.holder }, asked, needs)
  }
  const id = newMessageId(needs)
  const { isAgain: again, answerWithinMs } = asked
  return Promise.resolve({ kind: 'ask-pin', id, tapId, again, answerWithinMs })
}

export async function askWitnessFor(
  wish: Wish,
  isAgain: boolean,
  fact: Fact,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  return {
    answer: await witnessQuestion(wish, { isAgain, answerWithinMs: witnessAnswerMs }, needs),
    facts: [fact],
    writes: [keep(wish, { kind: 'asked-witness', emergency: wish.ask }, witnessAnswerMs, needs)],
    notices: [],
  }
}

/** It names who is to be spoken for, as far as the zone shows names: the colleague must know. */
export async function witnessQuestion(
  { tapId, workstation, asker: { holder } }: Wish,
  asked: { readonly isAgain: boolean; readonly answerWithinMs: number },
  needs: TapInNeeds,
): Promise<BrokerFrameOf<'ask-witness'>> {
  const { nameShown } = workstation.zone.settings
  const name = holder && (await nameOf(holder, nameShown, needs))
  return {
    kind: 'ask-witness',
    id: newMessageId(needs),
    tapId,
    ...(name === undefined ? {} : { name }),
    again: asked.isAgain,
    answerWithinMs: Math.max(0, Math.ceil(asked.answerWithinMs)),
  }
}

export function refuseWish(
  wish: Wish,
  refusal: { readonly rule: string; readonly code: RefusalCode; readonly retryAfterMs?: number },
  needs: TapInNeeds,
): Recorded<BrokerFrame> {
  const { rule, code, retryAfterMs } = refusal
  const frame = refusedFrame(needs, wish.tapId, code, retryAfterMs)
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  const fields = { code, quote: frame.quote }
  return {
    answer: frame,
    facts: [factOf(wish, 'BTG-101', rule, needs, fields)],
    writes: [keep(wish, { kind: 'refused', code, ...wait }, tapMemoryMs, needs)],
    notices: [],
  }
}

export function factOf(
  wish: Wish,
  code: Fact['code'],
  rule: string,
  needs: TapInNeeds,
  fields: NonNullable<Fact['fields']> = {},
): Fact {
  const fact = newFact(needs, code, { ...aboutWish(wish), rule, fields })
  return markFact(fact, wish.ask.grantId)
}

function keep(wish: Wish, answer: TapAnswer, lastsMs: number, needs: TapInNeeds) {
  const { holder } = wish.asker
  const tap = { tapId: wish.tapId, workstationId: wish.workstation.id }
  const nowMs = needs.nowMs()
  const outcome = {
    answer,
    ...(holder ? { personId: holder.personId } : {}),
    ...(holder?.badgeId === undefined ? {} : { badgeId: holder.badgeId }),
    expiresMs: nowMs + lastsMs,
  }
  return keepTap(needs.db, tap, wish.known, outcome, nowMs)
}
