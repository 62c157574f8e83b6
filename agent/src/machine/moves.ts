// The moves that several phases share: to locked, to a refusal, to asking, back to the chart. Each
// says completely what follows, so that no phase can forget half of a lock.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { SessionId } from '@wardkey/protocol/ids'
import type { LeaveReason } from '@wardkey/protocol/workstation/agent-frames'
import { endCovered, keepCovered } from './covered.ts'
import type { Effect } from './effect.ts'
import { idleLimitMs } from './idle-limit.ts'
import { askMs, blinkMs, noticeMs, refusedMs, regretMs, undoMs } from './limits.ts'
import type { LockNotice } from './screen-view.ts'
import type { Asked, Phase, PhaseOf, Seated, State } from './state.ts'

export interface Step {
  readonly state: State
  readonly effects: readonly Effect[]
}

export const stay = (state: State): Step => ({ state, effects: [] })

export function go(state: State, phase: Phase, effects: readonly Effect[] = []): Step {
  return { state: { ...state, phase }, effects }
}

/** One move after the other, as one. */
export function inTurn(first: Step, second: (state: State) => Step): Step {
  const next = second(first.state)
  return { state: next.state, effects: [...first.effects, ...next.effects] }
}

/** Whose windows are on this screen, if anybody's. */
export function seatedOf(phase: Phase): Seated | undefined {
  switch (phase.kind) {
    case 'opening':
    case 'open':
    case 'leaving':
    case 'handing-over':
    case 'signing':
      return phase.seated
    case 'locked':
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
    case 'choosing-reason':
    case 'identifying':
    case 'witnessing':
    case 'choosing-errand':
    case 'errand':
    case 'errand-done':
    case 'refused':
      return undefined
  }
}

/** Of whoever sits there something else is known now; where nobody does, nothing changes. */
export function reseat(phase: Phase, change: (seated: Seated) => Seated): Phase {
  return 'seated' in phase ? { ...phase, seated: change(phase.seated) } : phase
}

/** The question that is under way, if one is. */
export function tapOf(phase: Phase): Asked | undefined {
  switch (phase.kind) {
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
    case 'witnessing':
      return phase
    case 'choosing-reason':
    case 'identifying':
    case 'choosing-errand':
    case 'errand':
    case 'errand-done':
    case 'locked':
    case 'opening':
    case 'open':
    case 'leaving':
    case 'handing-over':
    case 'signing':
    case 'refused':
      return undefined
  }
}

/**
 * Locks, whatever was going on. The cover comes first; the broker is told of a session left or a
 * tap given up. The windows are kept for whoever comes back; a chart that never came is ended, and
 * so is an emergency that this workstation gave by itself: nobody comes back to that.
 */
export function lock(state: State, nowMs: number, reason: LeaveReason, notice?: LockNotice): Step {
  const { phase } = state
  const seated = seatedOf(phase)
  const isOnce = seated?.isAlone === true && seated.emergency !== undefined
  const isChartThere = !isOnce && (phase.kind !== 'opening' || phase.otherwise !== undefined)
  const { state: locked, effects, left } = lockOnly(state, nowMs, reason, notice)
  if (left === undefined) return { state: locked, effects }
  const kept = isChartThere ? keepCovered(locked, left, nowMs) : endCovered(locked, left.sessionId)
  return { state: kept.state, effects: [...effects, ...kept.effects] }
}

/** Locks, and keeps nothing of the session: its windows are not there, or cannot be trusted. */
export function lockAndEnd(
  state: State,
  nowMs: number,
  reason: 'browser-lost' | 'launch-failed',
): Step {
  const { state: locked, effects, left } = lockOnly(state, nowMs, reason, { kind: reason })
  if (left === undefined) return { state: locked, effects }
  const ended = endCovered(locked, left.sessionId)
  return { state: ended.state, effects: [...effects, ...ended.effects] }
}

/** The chart did not come, or is not there any more: nobody is to believe that it is. */
export function lostChart(state: State, sessionId: SessionId, nowMs: number): Step {
  const { state: locked, effects } = lockAndEnd(state, nowMs, 'launch-failed')
  return {
    state: locked,
    effects: [...effects, { kind: 'send-launched', sessionId, outcome: 'failed' }],
  }
}

/** Locks because the broker said so: it knows already, so it is not told. Nothing is kept. */
export function lockAsTold(
  state: State,
  sessionId: SessionId,
  notice: LockNotice,
  nowMs: number,
): Step {
  const covered = go(state, lockedWith(notice, nowMs), coverEffects(state.phase, sessionId))
  return inTurn(covered, (locked) => endCovered(locked, sessionId))
}

/** Where she is, that the network is back: said to whoever comes soon, and untrue before long. */
const passing: ReadonlySet<LockNotice['kind']> = new Set(['moved', 'network-back', 'wrong-noted'])

export function lockedWith(notice: LockNotice, nowMs: number): PhaseOf<'locked'> {
  const until = passing.has(notice.kind) ? { noticeUntilMs: nowMs + noticeMs } : {}
  return { kind: 'locked', notice, ...until }
}

export function refuse(
  state: State,
  nowMs: number,
  refusal: { code: RefusalCode; quote?: string; retryAfterMs?: number; who?: Asked['who'] },
): Step {
  return go(state, { kind: 'refused', ...refusal, untilMs: nowMs + refusedMs })
}

/** Whether the workstation may decide by itself now. */
export function mayDecideAlone({ offline }: State, nowMs: number): boolean {
  return offline !== undefined && nowMs < offline.untilMs
}

/** Whether there is anybody who could give emergency access: a broker, or what is known here. */
export function mayAskEmergency(state: State, nowMs: number): boolean {
  if (state.surroundings.link === 'up') return true
  return mayDecideAlone(state, nowMs) && state.offline?.hasEmergency === true
}

/**
 * The link went only now: a broker that is stopped for an update says goodbye, and another one, or
 * itself, is there again before she would have tapped a second time. A silent one is not waited
 * for.
 */
function isBlink({ surroundings, linkDownSinceMs: sinceMs }: State, nowMs: number): boolean {
  return surroundings.link === 'down' && sinceMs !== undefined && nowMs - sinceMs < blinkMs
}

/**
 * Asks the broker about somebody; where none can be reached, what this workstation knows by itself.
 * Where that is nothing, or too old, it is said at once, unless the link went only now.
 */
export function ask(
  state: State,
  about: Pick<Asked, 'tapId' | 'who' | 'choice'>,
  nowMs: number,
): Step {
  // Without its window there is neither a question to be seen nor a way to cover an answer.
  if (state.surroundings.browser !== 'ready') return stay(state)
  const isCut = state.surroundings.link !== 'up'
  const isAlone = isCut && mayDecideAlone(state, nowMs)
  if (isCut && !isAlone && !isBlink(state, nowMs))
    return refuse(state, nowMs, { code: 'no-answer' })
  const asked = { ...about, sentMs: nowMs, untilMs: nowMs + askMs, isAlone }
  return go(state, { kind: 'asking', ...asked }, questionOf(asked))
}

/** The words in which it is asked: a badge alone is a tap, anything more an emergency. */
export function questionOf({ tapId, who, choice, isAlone }: Asked): readonly Effect[] {
  if (choice) return [{ kind: 'send-break-glass', tapId, who, choice, isAlone }]
  return who.by === 'card' ? [{ kind: 'send-tap', tapId, card: who.card, isAlone }] : []
}

/** Given up: whoever was asked is told, in case the answer is still being thought about. */
export function giveUp(
  state: State,
  { tapId, isAlone }: Pick<Asked, 'tapId' | 'isAlone'>,
  reason: Extract<Effect, { kind: 'send-cancel' }>['reason'],
): Step {
  return go(state, { kind: 'locked' }, [{ kind: 'send-cancel', tapId, reason, isAlone }])
}

/**
 * Back to a chart that was covered over. Where it was let be for too long it does not come back.
 */
export function comeBack(state: State, seated: Seated, lastSignMs: number, nowMs: number): Step {
  if (nowMs - lastSignMs >= idleLimitMs(state, seated, lastSignMs, nowMs))
    return fade(state, seated, nowMs)
  const { sessionId } = seated
  const open = { kind: 'open', seated, shownMs: nowMs, lastSignMs, lastPresenceMs: nowMs } as const
  return go(state, open, [{ kind: 'reveal', sessionId }])
}

/** Covered from the first moment, so that nobody reads on while it fades. */
export function fade(state: State, seated: Seated, nowMs: number): Step {
  const untilMs = nowMs + state.rules.fadeMs
  return go(state, { kind: 'leaving', seated, because: 'idle', sinceMs: nowMs, untilMs }, [
    { kind: 'cover', sessionId: seated.sessionId },
  ])
}

/**
 * Her own badge on her active screen: covered at once, and left for good in a moment. Until then
 * her badge, and only that, takes it back.
 */
export function signOut(state: State, seated: Seated, nowMs: number): Step {
  const untilMs = nowMs + undoMs
  return go(state, { kind: 'leaving', seated, because: 'tap-out', sinceMs: nowMs, untilMs }, [
    { kind: 'cover', sessionId: seated.sessionId },
  ])
}

/** What a screen that is being left is locked for. */
export function leaveReasonOf(phase: Phase): 'tap-out' | 'other-badge' {
  return phase.kind === 'leaving' && phase.because === 'tap-out' ? 'tap-out' : 'other-badge'
}

export const leave = (sessionId: SessionId, reason: LeaveReason): Effect => ({
  kind: 'send-leave',
  sessionId,
  reason,
})

/** Locks that come by themselves; the person may have been there. */
const mayBeWrong: ReadonlySet<LeaveReason> = new Set([
  'idle',
  'away',
  'card-removed',
  'reader-lost',
  'link-lost',
  'sleep',
  'resume',
  'clock-ahead',
  'clock-jump',
  'stalled',
  'browser-lost',
])

function lockOnly(
  state: State,
  nowMs: number,
  reason: LeaveReason,
  notice?: LockNotice,
): Step & { readonly left?: Seated } {
  const { phase } = state
  const left = seatedOf(phase)
  const regret =
    left !== undefined && mayBeWrong.has(reason)
      ? { regret: { sessionId: left.sessionId, reason, untilMs: nowMs + regretMs } }
      : {}
  const to: Phase = { ...(notice ? lockedWith(notice, nowMs) : { kind: 'locked' }), ...regret }
  const tap = tapOf(phase)
  if (tap) return giveUp(state, tap, 'locked')
  if (phase.kind === 'errand') return giveUp(state, { ...phase, isAlone: false }, 'locked')
  // A sleep is told before and after it: what was said of the lock, and may be, stands as it was.
  if (phase.kind === 'locked' && notice === undefined) return stay(state)
  if (left === undefined) return go(state, to)
  const { sessionId } = left
  return { ...go(state, to, [...coverEffects(phase, sessionId), leave(sessionId, reason)]), left }
}

/** A signature under way ends with the screen it was asked on. */
function coverEffects(phase: Phase, sessionId: SessionId): readonly Effect[] {
  const cover: Effect = { kind: 'cover', sessionId }
  if (phase.kind !== 'signing') return [cover]
  return [cover, { kind: 'send-sign-cancel', ceremonyId: phase.ceremonyId, reason: 'locked' }]
}
