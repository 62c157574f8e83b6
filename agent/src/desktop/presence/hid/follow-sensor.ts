// How far one sensor is to be believed: what it said, since when, and whether it still deserves
// it. Pure. Whatever is wrong with one ends in not knowing; it never invents that somebody is near.

import type { SensorWord } from './presence-input.ts'

export type SensorSays =
  | 'near'
  | 'away'
  /** It has said nothing yet, or says that it does not know. */
  | 'waiting'
  /** It changes its mind more often than people come and go. */
  | 'unsteady'
  /** It has seen somebody for so long, without another word, that nobody believes it. */
  | 'stuck'

export interface SensorState {
  readonly word: 'near' | 'away' | undefined
  /** Whether the word before this one was that somebody is near. */
  readonly wasNear: boolean
  /** A device that says each word once has waited by itself, before it said it. */
  readonly isOnce: boolean
  /** When the word became another one, or was said anew by a device that says it only once. */
  readonly newsMs: number
  readonly changesMs: readonly number[]
  readonly untrustedUntilMs: number
  readonly second: { readonly sinceMs: number; readonly reports: number }
  readonly notUnderstood: number
}

/** Somebody who leans aside is not gone yet. */
const awayHoldsMs = 2000
/** Nobody comes and goes more often within a minute … */
const changesMax = 6
const changesWithinMs = 60_000
/** … and a sensor that says so is not asked for a while. */
const untrustedMs = 60_000
/** People move: one who is there for so long without another word is a coat on a chair. */
const stuckMs = 2 * 60 * 60 * 1000
/** A full-speed sensor has ten or twenty; a flood is cut. */
const reportsPerSecondMax = 100
const notUnderstoodMax = 5

export function beforeHearing(nowMs: number): SensorState {
  return {
    word: undefined,
    wasNear: false,
    isOnce: false,
    newsMs: nowMs,
    changesMs: [],
    untrustedUntilMs: 0,
    second: { sinceMs: nowMs, reports: 0 },
    notUnderstood: 0,
  }
}

export type Heard =
  | { readonly kind: 'heard'; readonly state: SensorState }
  /** Nothing more is to be heard of it until it has rested. */
  | { readonly kind: 'cut'; readonly reason: 'too-many' | 'not-understood' }

/** `isOnce`: each word is said once when it happens, so that the same word again is news. */
export function hearSensor(
  before: SensorState,
  word: SensorWord,
  isOnce: boolean,
  nowMs: number,
): Heard {
  const { sinceMs, reports } = before.second
  const second =
    nowMs - sinceMs >= 1000 ? { sinceMs: nowMs, reports: 1 } : { sinceMs, reports: reports + 1 }
  if (second.reports > reportsPerSecondMax) return { kind: 'cut', reason: 'too-many' }
  const state = { ...before, second }
  if (word === 'not-ours') return { kind: 'heard', state }
  if (word === 'not-understood') {
    const notUnderstood = before.notUnderstood + 1
    if (notUnderstood >= notUnderstoodMax) return { kind: 'cut', reason: 'not-understood' }
    return { kind: 'heard', state: { ...state, notUnderstood } }
  }
  return { kind: 'heard', state: take(state, word === 'unknown' ? undefined : word, isOnce, nowMs) }
}

function take(
  state: SensorState,
  word: SensorState['word'],
  isOnce: boolean,
  nowMs: number,
): SensorState {
  const heard = { ...state, notUnderstood: 0 }
  if (word === state.word && !isOnce) return heard
  const wasNear = word !== state.word && state.word === 'near'
  const changesMs = [...state.changesMs.filter((ms) => nowMs - ms < changesWithinMs), nowMs]
  const news = { ...heard, word, wasNear, isOnce, newsMs: nowMs }
  if (changesMs.length <= changesMax) return { ...news, changesMs }
  return { ...news, changesMs: changesMs.slice(1), untrustedUntilMs: nowMs + untrustedMs }
}

export function saysNow(state: SensorState, nowMs: number): SensorSays {
  const forMs = nowMs - state.newsMs
  if (nowMs < state.untrustedUntilMs) return 'unsteady'
  if (state.word === undefined) return 'waiting'
  if (state.word === 'near') return forMs < stuckMs ? 'near' : 'stuck'
  if (state.isOnce || forMs >= awayHoldsMs) return 'away'
  return state.wasNear ? 'near' : 'waiting'
}
