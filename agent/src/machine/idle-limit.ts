// How long a screen waits for a sign of life, by what is known of the person at it: longer while
// something says that she is here, shorter once something says that she is gone. Pure.

import { sensorSilentMs } from './limits.ts'
import type { Asked, Card, Seated, State } from './state.ts'

/**
 * A sensor that sees nobody shortens the wait even with the card in place: a badge left behind is
 * how screens are left open. A sign of life after it contradicts it: then somebody is there.
 */
export function idleLimitMs(
  state: State,
  seated: Seated,
  lastSignMs: number,
  nowMs: number,
): number {
  const { rules, body } = state
  const sensed = body && nowMs - body.atMs < sensorSilentMs ? body : undefined
  const isGone = sensed?.isNear === false && sensed.atMs > lastSignMs
  if (isGone) return Math.min(rules.idleMs, rules.awayIdleMs)
  const isHere = sensed?.isNear === true || isInPlace(state, seated)
  return isHere ? Math.max(rules.idleMs, rules.presentIdleMs) : rules.idleMs
}

/** Her badge lies on the reader now. */
export function isInPlace({ inPlace }: State, seated: Seated): boolean {
  return inPlace !== undefined && isHers(seated, inPlace)
}

/** Somebody who came in without a badge has none here. */
export function isHers({ card }: Seated, shown: Card): boolean {
  return card !== undefined && isSameCard(card, shown)
}

export function isAbout({ who }: Pick<Asked, 'who'>, shown: Card): boolean {
  return who.by === 'card' && isSameCard(who.card, shown)
}

/** The format is only how the bits are read for people: canonical holds all of them. */
export function isSameCard(a: Card, b: Card): boolean {
  return a.canonical === b.canonical && a.technology === b.technology
}
