// The workstation as a pure function: what it is, what happened, what follows. Whatever surprises
// it ends in locked; nothing opens it but `admitted` for the very tap it asked about.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { CeremonyId, TapId } from '@wardkey/protocol/ids'
import type { GapReason } from '@wardkey/protocol/workstation/agent-frames'
import type { Event, Happening } from './event.ts'
import {
  giveUp,
  go,
  inTurn,
  leave,
  lock,
  lostChart,
  refuse,
  seatedOf,
  stay,
  tapOf,
} from './moves.ts'
import type { Step } from './moves.ts'
import { heardFrom, onBrokerFrame } from './on/broker-frame.ts'
import { onBody, onBodyLost } from './on/body.ts'
import { onCardAgain, onCardGone, onCardSeen } from './on/card.ts'
import { onErrandLate } from './on/errand.ts'
import { onScreenInput } from './on/screen-input.ts'
import { closePage, onPageEnded } from './on/sign-in-page.ts'
import { onBrowser, onConfirmed, onLaunch, onLink, onOffline, onReader } from './on/surroundings.ts'
import { onChartUsed, onInput } from './on/signs-of-life.ts'
import { onTick } from './on/tick.ts'
import type { LockNotice } from './screen-view.ts'
import type { State } from './state.ts'

/**
 * Moves the workstation one step. Never throws, never waits. An event that means nothing in the
 * present phase changes nothing, so a late answer cannot open a screen that has since locked.
 */
export function step(state: State, event: Event): Step {
  return closePage(state, inTurn(inTurn(take(state, event), giveBackLate), forgetSeat))
}

/** What threatens an open screen is of that screen: the next one begins without it. */
function forgetSeat(state: State): Step {
  if (seatedOf(state.phase)) return stay(state)
  if (state.readerLostSinceMs === undefined && state.confirmByMs === undefined) return stay(state)
  const { readerLostSinceMs: _lost, confirmByMs: _confirm, ...rest } = state
  return stay(rest)
}

function take(state: State, { happening, nowMs }: Event): Step {
  switch (happening.kind) {
    case 'card-seen':
      return onCardSeen(state, happening, nowMs)
    case 'card-again':
      return onCardAgain(state, happening.card, nowMs)
    case 'card-gone':
      return onCardGone(state, happening.card, nowMs)
    case 'body-sensed':
      return onBody(state, { ...happening, evidence: 'proximity' }, nowMs)
    case 'body-lost':
      return onBodyLost(state)
    case 'chart-used':
      return onChartUsed(state, happening.sessionId, nowMs)
    case 'offline-changed':
      return onOffline(state, happening.offline)
    case 'card-refused':
      return onCardRefused(state, happening.code, nowMs)
    case 'reader-changed':
      return onReader(state, happening.reader, nowMs)
    case 'link-changed':
      return onLink(state, happening, nowMs)
    case 'broker-said':
      return onBrokerFrame(heardFrom(state, happening), happening.frame, nowMs)
    case 'alone-confirmed':
      return onConfirmed(state, happening, nowMs)
    case 'tap-unanswered':
      return onTapUnanswered(state, happening.tapId, nowMs)
    case 'signature-unanswered':
      return onSignatureUnanswered(state, happening.ceremonyId)
    case 'screen-said':
      return onScreenInput(state, happening.input, happening.tapId, nowMs)
    case 'window-changed':
      return onWindow(state, happening.isThere, nowMs)
    case 'input-seen':
      return onInput(state, nowMs - happening.agoMs, nowMs)
    case 'launch-stage':
    case 'launch-shown':
    case 'launch-failed':
      return onLaunch(state, happening, nowMs)
    case 'page-ended':
      return onPageEnded(state, happening.tapId, nowMs)
    case 'browser-changed':
      return onBrowser(state, happening.browser, nowMs)
    case 'lock-now':
      return onLockNow(state, happening.reason, nowMs)
    case 'tick':
      return onTick(state, nowMs)
  }
}

/**
 * While the broker may be about to admit, what came too late is kept back; at every other moment it
 * is told that nobody sits there. A session that is open here by now is no longer late.
 */
function giveBackLate(state: State): Step {
  const { phase, late } = state
  const isVouching = phase.kind === 'witnessing' && phase.isAsking
  const isUnderWay = phase.kind === 'asking' || phase.kind === 'checking-pin' || isVouching
  if (late.length === 0 || isUnderWay) return stay(state)
  const here = seatedOf(phase)?.sessionId
  const given = late.filter((id) => id !== here)
  return {
    state: { ...state, late: [] },
    effects: given.map((id) => leave(id, 'answered-late')),
  }
}

/**
 * Said where somebody waits to be let in; over a chart or a question it would only be in the way.
 */
function onCardRefused(state: State, code: RefusalCode, nowMs: number): Step {
  const { kind } = state.phase
  return kind === 'locked' || kind === 'refused' ? refuse(state, nowMs, { code }) : stay(state)
}

function onTapUnanswered(state: State, tapId: TapId, nowMs: number): Step {
  const { phase } = state
  if (phase.kind === 'errand' && phase.tapId === tapId && phase.isAsking) {
    return onErrandLate(state, phase, nowMs)
  }
  if (phase.kind === 'opening' && phase.tapId === tapId && phase.again?.isAsked === true) {
    return lostChart(state, phase.seated.sessionId, nowMs)
  }
  const tap = tapOf(phase)
  if (tap?.tapId !== tapId) return stay(state)
  return inTurn(giveUp(state, tap, 'timeout'), (locked) =>
    refuse(locked, nowMs, { code: 'no-answer', who: tap.who }),
  )
}

/** From the beginning: the badge may be shown again while the question stands. */
function onSignatureUnanswered(state: State, ceremonyId: CeremonyId): Step {
  const { phase } = state
  if (phase.kind !== 'signing' || phase.ceremonyId !== ceremonyId) return stay(state)
  if (phase.signing.step === 'badge' || phase.signing.step === 'pin') return stay(state)
  return go(state, { ...phase, signing: { step: 'badge', wrongBadge: false } })
}

/** Without the lock screen's window nothing can be covered: better locked before than after. */
function onWindow(state: State, isThere: boolean, nowMs: number): Step {
  if (isThere || state.phase.kind === 'locked') return stay(state)
  return lock(state, nowMs, 'browser-lost', { kind: 'browser-lost' })
}

/** What a person did herself, or knows of, needs no notice. */
const isKnown: ReadonlySet<Extract<Happening, { kind: 'lock-now' }>['reason']> = new Set([
  'desktop-locked',
  'lock-key',
  'restart',
  'shutdown',
])

/** A clock that jumped may be a sleep that nobody told us of. */
const gapReasons: Readonly<Record<GapReason, true>> = {
  resume: true,
  'clock-ahead': true,
  'clock-jump': true,
  stalled: true,
}
const isGap = (reason: string): reason is GapReason => Object.hasOwn(gapReasons, reason)

/** A sleep closes somebody's screen, or changes nothing that anybody sees. */
function noticeFor(
  { phase }: State,
  reason: Extract<Happening, { kind: 'lock-now' }>['reason'],
): LockNotice | undefined {
  // The clocks cannot always tell a sleep from a clock that was set, and neither does the notice.
  if (reason === 'sleep' || isGap(reason)) return seatedOf(phase) ? { kind: 'slept' } : undefined
  return isKnown.has(reason) ? undefined : { kind: 'trouble' }
}

function onLockNow(
  state: State,
  reason: Extract<Happening, { kind: 'lock-now' }>['reason'],
  nowMs: number,
): Step {
  const notice = noticeFor(state, reason)
  const locked = lock(state, nowMs, reason, notice)
  if (!isGap(reason)) return locked
  return { state: locked.state, effects: [...locked.effects, { kind: 'send-resumed', reason }] }
}
