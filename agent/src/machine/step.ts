// The workstation as a pure function: what it is, what happened, what follows. Whatever surprises it
// ends in locked; nothing opens it but `admitted` for the very tap it asked about.

import type { Event, Happening } from './event.ts'
import { onBrokerFrame } from './on-broker-frame.ts'
import { onCard } from './on-card.ts'
import { onScreenInput } from './on-screen-input.ts'
import { onTick } from './on-tick.ts'
import { go, lock, seatedOf, stay } from './moves.ts'
import type { Step } from './moves.ts'
import type { State } from './state.ts'

/**
 * Moves the workstation one step. Never throws, never waits. An event that means nothing in the
 * present phase changes nothing, so a late answer cannot open a screen that has since locked.
 */
export function step(state: State, event: Event): Step {
  const { happening, nowMs } = event
  switch (happening.kind) {
    case 'card-seen':
      return onCard(state, happening.card, happening.tapId, nowMs)
    case 'card-gone':
      // A brief tap is over when the card is gone: nothing follows from it.
      return stay(state)
    case 'reader-changed':
      return onReader(state, happening.reader)
    case 'link-changed':
      return onLink(state, happening, nowMs)
    case 'broker-said':
      return onBrokerFrame(state, happening.frame, nowMs)
    case 'screen-said':
      return onScreenInput(state, happening.input, nowMs)
    case 'input-seen':
      return onInput(state, nowMs - happening.agoMs)
    case 'launch-stage':
    case 'launch-shown':
    case 'launch-failed':
      return onLaunch(state, happening, nowMs)
    case 'browser-changed':
      return onBrowser(state, happening.browser)
    case 'lock-now':
      return lock(state, happening.reason, { kind: 'trouble' })
    case 'tick':
      return onTick(state, nowMs)
  }
}

/**
 * A reader that is lost takes the way to lock by badge with it, but not the screen: who is working
 * goes on, under the zone's idle limits, and reads that the reader is gone. The reader's own report
 * of a card torn away with it came before, as `card-gone`.
 */
function onReader(state: State, reader: State['surroundings']['reader']): Step {
  return stay({ ...state, surroundings: { ...state.surroundings, reader } })
}

function onLink(
  state: State,
  happening: Extract<Happening, { kind: 'link-changed' }>,
  nowMs: number,
): Step {
  const { linkDownSinceMs: _shown, ...rest } = state.surroundings
  const { linkDownSinceMs: since, ...others } = state
  if (happening.link === 'up') return stay({ ...others, surroundings: { ...rest, link: 'up' } })
  const wallMs = state.surroundings.linkDownSinceMs ?? happening.wallMs
  const down: State = {
    ...others,
    surroundings: { ...rest, link: happening.link, linkDownSinceMs: wallMs },
    linkDownSinceMs: since ?? nowMs,
  }
  // Without an identity there is no broker that could take an open screen back.
  return happening.link === 'not-enrolled'
    ? lock(down, 'link-lost', { kind: 'trouble' })
    : stay(down)
}

/** Any sign of life on an open screen; on a fading one it brings the chart back. */
function onInput(state: State, atMs: number): Step {
  const { phase } = state
  if (phase.kind === 'open' && atMs > phase.lastSignMs) {
    return go(state, { ...phase, lastSignMs: atMs })
  }
  if (phase.kind === 'leaving' && atMs > phase.untilMs - state.rules.fadeMs) {
    const open = { kind: 'open', seated: phase.seated, lastSignMs: atMs } as const
    return go(state, open, [{ kind: 'reveal', sessionId: phase.seated.sessionId }])
  }
  return stay(state)
}

function onLaunch(
  state: State,
  happening: Extract<Happening, { kind: 'launch-stage' | 'launch-shown' | 'launch-failed' }>,
  nowMs: number,
): Step {
  const { phase } = state
  if (phase.kind !== 'opening' || phase.seated.sessionId !== happening.sessionId) return stay(state)
  const { seated } = phase
  switch (happening.kind) {
    case 'launch-stage':
      return go(state, { ...phase, stage: happening.stage })
    case 'launch-shown':
      return go(state, { kind: 'open', seated, lastSignMs: nowMs }, [
        { kind: 'send-launched', sessionId: seated.sessionId, outcome: 'shown' },
      ])
    case 'launch-failed': {
      const locked = lock(state, 'launch-failed', { kind: 'trouble' })
      return {
        state: locked.state,
        effects: [
          ...locked.effects,
          { kind: 'send-launched', sessionId: seated.sessionId, outcome: 'failed' },
        ],
      }
    }
  }
}

/** Without its browser nothing can be covered or brought back: everything that was open is over. */
function onBrowser(state: State, browser: State['surroundings']['browser']): Step {
  const known: State = { ...state, surroundings: { ...state.surroundings, browser } }
  if (browser === 'ready') return stay(known)
  const isOpen = seatedOf(state.phase) !== undefined
  const locked = isOpen ? lock(known, 'browser-lost', { kind: 'trouble' }) : stay(known)
  return { state: { ...locked.state, covered: [] }, effects: locked.effects }
}
