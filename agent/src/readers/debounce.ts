// Swallows the same card seen again a moment after it went: fields flutter at their edge, and a
// flutter would tap in, out and in. Pure: one fold over events; it never delays anything.

import type { ReaderEvent } from './reader.ts'

interface LastSeen {
  readonly key: string
  /** When it was last known to be there; a card that is still there is as fresh as can be. */
  readonly atMonoMs: number
}

/** What has been seen lately, newest last. */
export interface Debounce {
  readonly lately: readonly LastSeen[]
  /** Readers whose present card was swallowed: its `card-gone` is to be swallowed with it. */
  readonly swallowed: ReadonlySet<string>
  /** Which card lies on which reader, so that its going counts from when it went. */
  readonly lying: ReadonlyMap<string, string>
}

export const noDebounce: Debounce = { lately: [], swallowed: new Set(), lying: new Map() }

/** Two cards in one wallet take turns; more than a few at once are not a wallet any more. */
const remembered = 8

/**
 * Passes an event on, or not.
 *
 * The same card on the same reader within `windowMs` of having been there is not a tap; each time
 * it is swallowed the window begins again, so that a card held at the edge of the field stays one
 * tap however long it flutters. Another card always counts, however soon. Events of one reader
 * keep taking turns: a swallowed `card-seen` takes its `card-gone` with it.
 */
export function debounce(
  state: Debounce,
  event: ReaderEvent,
  windowMs: number,
): { readonly state: Debounce; readonly pass: boolean } {
  if (event.kind === 'card-seen') {
    const key = `${event.readerId}\n${event.card.canonical}`
    const last = state.lately.find((seen) => seen.key === key)
    const lying = new Map(state.lying).set(event.readerId, key)
    const bounced = last !== undefined && event.atMonoMs - last.atMonoMs < windowMs
    const swallowed = new Set(state.swallowed)
    if (bounced) swallowed.add(event.readerId)
    const lately = remember(state.lately, key, event.atMonoMs)
    return { state: { lately, swallowed, lying }, pass: !bounced }
  }
  if (event.kind !== 'card-gone') return { state, pass: true }
  const key = state.lying.get(event.readerId)
  const lying = new Map(state.lying)
  lying.delete(event.readerId)
  const swallowed = new Set(state.swallowed)
  const pass = !swallowed.delete(event.readerId)
  const lately = key === undefined ? state.lately : remember(state.lately, key, event.atMonoMs)
  return { state: { lately, swallowed, lying }, pass }
}

function remember(lately: readonly LastSeen[], key: string, atMonoMs: number): readonly LastSeen[] {
  return [...lately.filter((seen) => seen.key !== key), { key, atMonoMs }].slice(-remembered)
}
