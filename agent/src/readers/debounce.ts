// Swallows the same card seen again a moment after it went: fields flutter at their edge, and a
// flutter would tap in, out and in. Pure: one fold over events; it never delays anything.

import type { ReaderEvent } from './reader.ts'

interface LastSeen {
  readonly key: string
  /** When it was last known to be there; a card that is still there is as fresh as can be. */
  readonly atMonoMs: number
  /** From here its window counts: as above, or before it was shown again too soon. */
  readonly fromMonoMs: number
  /** When what was heard went, or came where it still lies there. */
  readonly heardMonoMs: number
  /** Shown again too soon: somebody wants something, and her next try is to be heard. */
  readonly isAgain: boolean
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
 * A card at the edge of a field is back by then; most hands that show it again are not. One that is
 * may be either, and nobody is the worse for flutter: what opens was heard at its first show, and
 * another person's card has no such time. Only taking back a sign-out waits for a slower show.
 * Heard at once, a badge that swings as she leaves would bring her chart back behind her.
 */
const flutterMaxMs = 700

/**
 * Passes an event on, or not.
 *
 * The same card on the same reader within `windowMs` of having been there is not a tap. Where it
 * was gone so shortly that it flutters, and goes on so for longer than a hand in haste, the window
 * begins again, so that a card held at the edge of the field stays one tap however long it does.
 * Where somebody shows it again too soon, it does not: who taps until she is heard is heard, and
 * so is who was in haste at first; `isAgain` says so of each time, for what may not wait. Another
 * card always counts, however soon. Events of one reader keep taking turns: a swallowed
 * `card-seen` takes its `card-gone` with it.
 */
export function debounce(
  state: Debounce,
  event: ReaderEvent,
  windowMs: number,
): { readonly state: Debounce; readonly pass: boolean; readonly isAgain?: true } {
  if (event.kind === 'card-seen') {
    const key = `${event.readerId}\n${event.card.canonical}`
    const last = state.lately.find((seen) => seen.key === key)
    const lying = new Map(state.lying).set(event.readerId, key)
    const flutterMs = Math.min(flutterMaxMs, windowMs)
    const flutters = last !== undefined && event.atMonoMs - last.atMonoMs < flutterMs
    const bounced = flutters || (last !== undefined && event.atMonoMs - last.fromMonoMs < windowMs)
    const swallowed = new Set(state.swallowed)
    if (bounced) swallowed.add(event.readerId)
    const before = bounced ? { ...last, isAgain: last.isAgain || !flutters } : undefined
    const lately = remember(state.lately, seenAt(key, event.atMonoMs, windowMs, before))
    const isAgain = bounced && !flutters && event.fresh
    const next = { lately, swallowed, lying }
    return { state: next, pass: !bounced, ...(isAgain ? { isAgain } : {}) }
  }
  if (event.kind !== 'card-gone') return { state, pass: true }
  const key = state.lying.get(event.readerId)
  const lying = new Map(state.lying)
  lying.delete(event.readerId)
  const swallowed = new Set(state.swallowed)
  const pass = !swallowed.delete(event.readerId)
  if (key === undefined) return { state: { ...state, swallowed, lying }, pass }
  const last = state.lately.find((seen) => seen.key === key)
  const before = pass ? undefined : last
  const lately = remember(state.lately, seenAt(key, event.atMonoMs, windowMs, before))
  return { state: { lately, swallowed, lying }, pass }
}

/** Its window goes on from where it began while it may be a hand that shows it again too soon. */
function seenAt(
  key: string,
  atMonoMs: number,
  windowMs: number,
  before: LastSeen | undefined,
): LastSeen {
  if (before === undefined)
    return { key, atMonoMs, fromMonoMs: atMonoMs, heardMonoMs: atMonoMs, isAgain: false }
  const goesOn = before.isAgain || atMonoMs - before.heardMonoMs < windowMs
  return { ...before, atMonoMs, fromMonoMs: goesOn ? before.fromMonoMs : atMonoMs }
}

function remember(lately: readonly LastSeen[], seen: LastSeen): readonly LastSeen[] {
  return [...lately.filter(({ key }) => key !== seen.key), seen].slice(-remembered)
}
