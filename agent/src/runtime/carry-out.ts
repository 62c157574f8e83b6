// Carries out what the machine wants done: words to the broker, windows to the launch. It decides
// nothing, and adds only what the machine does not know: ids of messages, clock times,
// measurements.

import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { Link } from '../link/link.ts'
import type { Effect } from '../machine/effect.ts'
import { askMs, checkMs, signMs } from '../machine/limits.ts'
import type { Card } from '../machine/state.ts'
import type { Clock } from '../platform/clock.ts'
import type { AlonePort, AloneQuestion, AloneReport } from '../offline/alone-port.ts'
import type { StageTimes } from './times/stage-times.ts'
import type { Windows } from './windows.ts'

export interface CarryOutNeeds {
  readonly link: Pick<Link, 'ask' | 'tell' | 'tellSurely'>
  /** Absent where a workstation is not to decide anything by itself. */
  readonly alone: Pick<AlonePort, 'ask' | 'report' | 'resumed'> | undefined
  readonly clock: Clock
  readonly windows: Windows
  readonly stages: StageTimes
}

type Asking = Extract<
  Effect,
  { kind: 'send-tap' | 'send-break-glass' | 'send-pin' | 'send-witness' | 'send-cancel' }
>
type Running = Extract<Effect, { kind: 'send-errand' | 'send-errand-answer' }>
type Signing = Extract<Effect, { kind: 'send-sign-tap' | 'send-sign-pin' | 'send-sign-cancel' }>
type AskingSteps = Extract<Effect, { kind: 'send-launch-again' }>
type Paging = Extract<Effect, { kind: 'open-page' | 'close-page' }>
type Showing = Extract<Effect, { kind: 'cover' | 'end-launch' | 'reveal' | 'launch' | 'banner' }>

export function carryOut(effect: Effect, needs: CarryOutNeeds): void {
  switch (effect.kind) {
    case 'send-tap':
    case 'send-break-glass':
    case 'send-pin':
    case 'send-witness':
    case 'send-cancel':
      askAbout(effect, needs)
      return
    case 'send-errand':
    case 'send-errand-answer':
      runErrand(effect, needs)
      return
    case 'send-sign-tap':
    case 'send-sign-pin':
    case 'send-sign-cancel':
      askToSign(effect, needs)
      return
    case 'send-launch-again': {
      const { tapId, sessionId } = effect
      needs.link.ask({ kind: 'launch-again', tapId, sessionId }, askMs)
      return
    }
    case 'open-page':
    case 'close-page':
      page(effect, needs)
      return
    case 'cover':
    case 'end-launch':
    case 'reveal':
    case 'launch':
    case 'banner':
      show(effect, needs)
      return
    case 'send-leave':
    case 'send-end':
    case 'send-lock-was-wrong':
    case 'send-launched':
    case 'send-resumed':
    case 'send-presence':
    case 'send-health':
      tell(effect, needs)
  }
}

function askAbout(effect: Asking, needs: CarryOutNeeds): void {
  const { link, alone, clock, stages } = needs
  const nowMs = clock.monoMs()
  const atMs = clock.wallMs()
  const { tapId, isAlone } = effect
  switch (effect.kind) {
    case 'send-tap':
      stages.begin(tapId, nowMs)
      put({ kind: 'tap', tapId, card: claimOf(effect.card), atMs }, askMs, isAlone, needs)
      return
    case 'send-break-glass': {
      const { who, choice } = effect
      stages.begin(tapId, nowMs)
      const claim = who.by === 'card' ? { by: who.by, card: claimOf(who.card) } : who
      put({ kind: 'break-glass', tapId, who: claim, choice, atMs }, askMs, isAlone, needs)
      return
    }
    case 'send-pin':
      stages.mark('pin-given', nowMs)
      put({ kind: 'pin', tapId, pin: effect.pin }, checkMs, isAlone, needs)
      return
    case 'send-witness':
      put({ kind: 'witness', tapId, card: claimOf(effect.card), atMs }, askMs, isAlone, needs)
      return
    case 'send-cancel': {
      const cancel = { kind: 'cancel', tapId, reason: effect.reason } as const
      if (isAlone) alone?.ask(cancel)
      else link.tell(cancel)
    }
  }
}

/** A question goes where the machine put it, and nowhere else. */
function put(
  question: Exclude<AloneQuestion, { kind: 'cancel' }>,
  withinMs: number,
  isAlone: boolean,
  { link, alone }: CarryOutNeeds,
): void {
  if (isAlone) alone?.ask(question)
  else link.ask(question, withinMs)
}

function runErrand(effect: Running, { link, clock }: CarryOutNeeds): void {
  const { tapId } = effect
  const card = effect.card ? { card: claimOf(effect.card) } : {}
  if (effect.kind === 'send-errand') {
    const { errand } = effect
    link.ask({ kind: 'errand', tapId, errand, ...card, atMs: clock.wallMs() }, askMs)
    return
  }
  const { answer } = effect
  const isPin = answer.by === 'pin' || answer.by === 'new-pin'
  link.ask({ kind: 'errand-answer', tapId, answer, ...card }, isPin ? checkMs : askMs)
}

function askToSign(effect: Signing, { link, clock }: CarryOutNeeds): void {
  const { ceremonyId } = effect
  switch (effect.kind) {
    case 'send-sign-tap': {
      const { tapId } = effect
      const card = claimOf(effect.card)
      link.ask({ kind: 'sign-tap', ceremonyId, tapId, card, atMs: clock.wallMs() }, signMs)
      return
    }
    case 'send-sign-pin':
      link.ask({ kind: 'sign-pin', ceremonyId, pin: effect.pin }, signMs)
      return
    case 'send-sign-cancel':
      link.tell({ kind: 'sign-cancel', ceremonyId, reason: effect.reason })
  }
}

type Telling = Exclude<Effect, Asking | AskingSteps | Running | Signing | Showing | Paging>

function tell(effect: Telling, needs: CarryOutNeeds): void {
  const { link, clock, stages } = needs
  const atMs = clock.wallMs()
  switch (effect.kind) {
    case 'send-leave': {
      const { sessionId, reason } = effect
      report({ kind: 'leave', sessionId, reason, atMs }, needs)
      return
    }
    case 'send-end': {
      const { sessionId, reason } = effect
      link.tellSurely({ kind: 'end', sessionId, reason, atMs })
      return
    }
    case 'send-lock-was-wrong': {
      const { sessionId, reason } = effect
      report({ kind: 'lock-was-wrong', sessionId, reason, atMs }, needs)
      return
    }
    case 'send-presence': {
      const { sessionId, evidence, confidence } = effect
      report({ kind: 'presence', sessionId, evidence, confidence, atMs }, needs)
      return
    }
    case 'send-launched': {
      const { sessionId, outcome } = effect
      report({ kind: 'launched', sessionId, outcome, stagesMs: stages.marks() }, needs)
      return
    }
    case 'send-resumed':
      needs.alone?.resumed()
      link.tellSurely({ kind: 'resumed', reason: effect.reason, atMs })
      return
    case 'send-health':
      link.tell({ kind: 'health', reader: effect.reader, browser: effect.browser })
  }
}

/** What no broker knows of is kept until one does; everything else a broker is told. */
function report(told: AloneReport, { link, alone }: CarryOutNeeds): void {
  if (alone?.report(told) !== true) link.tellSurely(told)
}

function page(effect: Paging, { windows }: CarryOutNeeds): void {
  if (effect.kind === 'open-page') windows.openPage(effect.tapId, effect.page, effect.hasEmergency)
  else windows.closePage(effect.tapId)
}

function show(effect: Showing, { windows }: CarryOutNeeds): void {
  const { sessionId } = effect
  switch (effect.kind) {
    case 'cover':
      windows.cover(sessionId)
      return
    case 'end-launch':
      windows.end(sessionId)
      return
    case 'reveal':
      windows.reveal(sessionId)
      return
    case 'launch':
      windows.launch(sessionId, effect.steps)
      return
    case 'banner':
      windows.banner(sessionId, effect.banner)
  }
}

function claimOf({ technology, canonical, format }: Card): CardClaim {
  return { technology, canonical, ...(format === undefined ? {} : { format }) }
}
