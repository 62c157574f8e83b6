// What a tap means, phase by phase, and what a card that is taken away does. The table in words:
//
//   nobody's screen       opens it, or resumes what waits here for this badge
//   a question under way  the own badge again is a swinging lanyard; another takes it over
//   her active screen     signs out, and within 3 s her badge takes that back
//   her idle, fading one  resumes: it never signs out somebody who only came back
//   another's screen      switches, at once or after asking; the first is locked before
//   a signature's         belongs to the signature, whoever shows it
//   an errand's           is its answer where it asks for a badge; else it gives way
//
// Another card always locks first, or a colleague who taps quickly would inherit a chart.

import type { TapId } from '@wardkey/protocol/ids'
import { onErrandTap } from './errand.ts'
import { isAbout, isHers, isInPlace, isSameCard } from '../idle-limit.ts'
import { askMs, confidenceOf, settleMs } from '../limits.ts'
import {
  ask,
  comeBack,
  giveUp,
  go,
  inTurn,
  leaveReasonOf,
  lock,
  refuse,
  signOut,
  stay,
} from '../moves.ts'
import type { Step } from '../moves.ts'
import type { Card, PhaseOf, Seated, State } from '../state.ts'

/** A card that lies there since before is nobody's wish: it neither opens nor locks. */
export function onCardSeen(
  before: State,
  seen: { readonly card: Card; readonly tapId: TapId; readonly isShown: boolean },
  nowMs: number,
): Step {
  const state = { ...before, inPlace: seen.card }
  return seen.isShown ? onTap(state, seen.card, seen.tapId, nowMs) : stay(state)
}

/**
 * Within what a reader takes for one tap, as somebody does who signed out by mistake. Nobody is let
 * in by it and nobody is locked out: in every other phase it is the tap that was answered already.
 */
export function onCardAgain(state: State, card: Card, nowMs: number): Step {
  const { phase } = state
  const isUndone =
    phase.kind === 'leaving' && phase.because === 'tap-out' && isHers(phase.seated, card)
  return isUndone ? stayByTap(state, phase.seated, nowMs) : stay(state)
}

/**
 * A brief tap is over when the card is gone, and nothing follows from it; where the zone wants the
 * card to stay, taking it away ends what it began.
 */
export function onCardGone(before: State, card: Card | undefined, nowMs: number): Step {
  const { inPlace, ...rest } = before
  const gone = card ?? inPlace
  if (!gone) return stay(before)
  const state = inPlace && isSameCard(inPlace, gone) ? rest : before
  if (!state.rules.cardStays) return stay(state)
  const { phase } = state
  switch (phase.kind) {
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
      if (!isAbout(phase, gone)) return stay(state)
      return inTurn(giveUp(state, phase, 'locked'), (locked) =>
        refuse(locked, nowMs, { code: 'card-must-stay', who: phase.who }),
      )
    case 'handing-over':
      // Whoever wanted the screen went, and is not asked about any more.
      if (isSameCard(phase.to.card, gone)) {
        return comeBack(state, phase.seated, phase.lastSignMs, nowMs)
      }
      return lockIfHers(state, phase.seated, gone, nowMs)
    case 'opening':
    case 'open':
    case 'leaving':
    case 'signing':
      return lockIfHers(state, phase.seated, gone, nowMs)
    // A witness’s badge needs the reader for a moment.
    case 'witnessing':
    case 'choosing-reason':
    case 'identifying':
    case 'choosing-errand':
    case 'errand':
    case 'errand-done':
    case 'locked':
    case 'refused':
      return stay(state)
  }
}

function lockIfHers(state: State, seated: Seated, gone: Card, nowMs: number): Step {
  if (!isHers(seated, gone)) return stay(state)
  return lock(state, nowMs, 'card-removed', { kind: 'card-removed' })
}

function onTap(state: State, card: Card, tapId: TapId, nowMs: number): Step {
  const { phase } = state
  const about = { tapId, who: { by: 'card', card } } as const
  switch (phase.kind) {
    case 'locked':
    case 'refused':
    case 'choosing-errand':
    case 'errand-done':
      return ask(state, about, nowMs)
    case 'errand':
      return onErrandTap(state, phase, card, tapId, nowMs)
    case 'asking':
    case 'entering-pin':
    case 'checking-pin':
      if (isAbout(phase, card)) return stay(state)
      return inTurn(giveUp(state, phase, 'superseded'), (locked) => ask(locked, about, nowMs))
    case 'choosing-reason':
      return go(state, { ...phase, who: about.who })
    case 'identifying':
      return ask(state, { ...about, choice: phase.choice }, nowMs)
    case 'witnessing':
      return vouch(state, phase, card, nowMs)
    case 'opening':
      if (isHers(phase.seated, card)) return stay(state)
      return switchTo(state, card, tapId, nowMs)
    case 'open':
      if (isHers(phase.seated, card)) return onOwnScreen(state, phase, { card, tapId }, nowMs)
      return onOthersScreen(state, phase, { card, tapId }, nowMs)
    case 'leaving':
      if (!isHers(phase.seated, card)) return switchTo(state, card, tapId, nowMs)
      return stayByTap(state, phase.seated, nowMs)
    case 'handing-over':
      // Only she keeps it by her badge; the other's again changes nothing.
      if (isHers(phase.seated, card)) return stayByTap(state, phase.seated, nowMs)
      if (isSameCard(phase.to.card, card)) return stay(state)
      // Whoever tapped last is who stands there: asked for the one before, it would open to her.
      return go(state, { ...phase, to: { card, tapId } })
    case 'signing':
      return signTap(state, phase, card, tapId)
  }
}

/** Her own badge again is a swinging lanyard; whether another speaks for her is the broker's. */
function vouch(state: State, phase: PhaseOf<'witnessing'>, card: Card, nowMs: number): Step {
  if (phase.isAsking || isAbout(phase, card)) return stay(state)
  const { tapId, isAlone } = phase
  return go(state, { ...phase, isAsking: true, sentMs: nowMs, untilMs: nowMs + askMs }, [
    { kind: 'send-witness', tapId, card, isAlone },
  ])
}

/** A sign-out needs a screen in use: on one let be for a while she came back to it. */
function onOwnScreen(
  state: State,
  phase: PhaseOf<'open'>,
  { card, tapId }: PhaseOf<'handing-over'>['to'],
  nowMs: number,
): Step {
  const { isAlone, isDowntime } = phase.seated
  // Opened without a broker, and there is one again: she wants what only a broker can open.
  if ((isAlone || isDowntime) && state.surroundings.link === 'up') {
    return switchTo(state, card, tapId, nowMs)
  }
  // Tapped a second time because the chart took long, and it came just before the badge did.
  if (nowMs - phase.shownMs < settleMs) return stay(state)
  if (nowMs - phase.lastSignMs < state.rules.activeMs) return signOut(state, phase.seated, nowMs)
  const { sessionId, name } = phase.seated
  return go(state, { ...phase, lastSignMs: nowMs, lastPresenceMs: nowMs }, [
    seenByTap(phase.seated),
    { kind: 'banner', sessionId, banner: { kind: 'still-yours', name } },
  ])
}

/** Who works at a screen may be asked first; one that nobody works at is given away at once. */
function onOthersScreen(
  state: State,
  phase: PhaseOf<'open'>,
  to: PhaseOf<'handing-over'>['to'],
  nowMs: number,
): Step {
  const { rules } = state
  const { seated, lastSignMs } = phase
  const isInUse = nowMs - lastSignMs < rules.activeMs || isInPlace(state, seated)
  if (rules.takeOver === 'at-once' || !isInUse) return switchTo(state, to.card, to.tapId, nowMs)
  const untilMs = nowMs + rules.takeOverMs
  return go(state, { kind: 'handing-over', seated, lastSignMs, to, untilMs }, [
    { kind: 'cover', sessionId: seated.sessionId },
  ])
}

/** She lets go, or says nothing in time: locked, and then the other is asked about. */
export function handOver(state: State, { to }: PhaseOf<'handing-over'>, nowMs: number): Step {
  const about = { tapId: to.tapId, who: { by: 'card', card: to.card } } as const
  return inTurn(lock(state, nowMs, 'let-go'), (locked) => ask(locked, about, nowMs))
}

/** Locks the one, then asks for the other: at no moment are there two. */
function switchTo(state: State, card: Card, tapId: TapId, nowMs: number): Step {
  const about = { tapId, who: { by: 'card', card } } as const
  return inTurn(lock(state, nowMs, leaveReasonOf(state.phase)), (locked) =>
    ask(locked, about, nowMs),
  )
}

/** Her badge brings her chart back, and the broker hears that it was she who stayed. */
function stayByTap(state: State, seated: Seated, nowMs: number): Step {
  return inTurn(comeBack(state, seated, nowMs, nowMs), (back) => ({
    state: back,
    effects: [seenByTap(seated)],
  }))
}

function seenByTap({ sessionId }: Seated) {
  return {
    kind: 'send-presence',
    sessionId,
    evidence: 'tap',
    confidence: confidenceOf.tap,
  } as const
}

/** During a signature a tap is the signature's, and whose badge it is is the broker's to say. */
function signTap(state: State, phase: PhaseOf<'signing'>, card: Card, tapId: TapId): Step {
  if (phase.signing.step !== 'badge') return stay(state)
  return go(state, { ...phase, signing: { step: 'asking', tapId } }, [
    { kind: 'send-sign-tap', ceremonyId: phase.ceremonyId, tapId, card },
  ])
}
