// The picture of a state: what the lock screen shows for it. Pure.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { ErrandKind } from '@wardkey/protocol/workstation/errands'
import { mayAskEmergency } from './moves.ts'
import { errandsOffered } from './errands-offered.ts'
import type { Scene, ScreenView } from './screen-view.ts'
import type { PhaseOf, State } from './state.ts'

export function view(state: State, nowMs: number): ScreenView {
  const { surroundings } = state
  // Where nobody can be asked the button would only lead nowhere.
  const hasEmergency = surroundings.hasEmergency && mayAskEmergency(state, nowMs)
  return { scene: sceneOf(state, nowMs), surroundings: { ...surroundings, hasEmergency } }
}

function sceneOf(state: State, nowMs: number): Scene {
  const { phase, rules } = state
  switch (phase.kind) {
    case 'locked':
      return {
        kind: 'locked',
        maySayWrong: phase.regret !== undefined,
        hasErrands: errandsOffered(state).length > 0,
        ...(phase.notice ? { notice: phase.notice } : {}),
      }
    case 'choosing-reason':
    case 'identifying':
    case 'witnessing':
      return emergencyScene(phase, state, nowMs)
    case 'asking':
      return { kind: 'checking', tapId: phase.tapId, what: 'badge' }
    case 'checking-pin':
      return { kind: 'checking', tapId: phase.tapId, what: 'pin' }
    case 'entering-pin':
      return {
        kind: 'pin',
        tapId: phase.tapId,
        again: phase.again,
        digitsMin: rules.pinDigitsMin,
        digitsMax: rules.pinDigitsMax,
        isEmergency: phase.choice !== undefined,
        errands: phase.choice === undefined ? offered(state, ['new-pin']) : [],
        ...(phase.name === undefined ? {} : { name: phase.name }),
        ...(phase.triesLeft === undefined ? {} : { triesLeft: phase.triesLeft }),
      }
    case 'opening':
      return { kind: 'opening', name: phase.seated.name, stage: phase.stage }
    case 'open':
      return {
        kind: 'open',
        name: phase.seated.name,
        role: phase.seated.role,
        ...(phase.movedFrom === undefined ? {} : { movedFrom: phase.movedFrom }),
      }
    case 'leaving':
      return {
        kind: 'leaving',
        because: phase.because,
        ...(rules.publicView ? {} : { name: phase.seated.name }),
        leftMs: Math.max(0, phase.untilMs - nowMs),
      }
    case 'handing-over':
      return {
        kind: 'handing-over',
        name: phase.seated.name,
        leftMs: Math.max(0, phase.untilMs - nowMs),
      }
    case 'signing':
      return signingScene(phase, state, nowMs)
    case 'choosing-errand':
    case 'errand':
    case 'errand-done':
      return errandScene(phase, state, nowMs)
    case 'refused':
      return {
        kind: 'refused',
        code: phase.code,
        errands: phase.who?.by === 'card' ? offered(state, remedies[phase.code] ?? []) : [],
        ...(phase.quote === undefined ? {} : { quote: phase.quote }),
        ...(phase.retryAfterMs === undefined ? {} : { retryAfterMs: phase.retryAfterMs }),
      }
  }
}

/** What whoever was refused may want to do about her badge or PIN. */
const remedies: Readonly<Partial<Record<RefusalCode, readonly ErrandKind[]>>> = {
  'badge-unknown': ['enrol'],
  'loaner-not-given': ['loaner'],
  'badge-not-usable': ['found'],
  'pin-not-set': ['new-pin'],
  'pin-locked': ['new-pin'],
}

function offered(state: State, wanted: readonly ErrandKind[]): readonly ErrandKind[] {
  const all = errandsOffered(state)
  return wanted.filter((kind) => all.includes(kind))
}

function errandScene(
  phase: PhaseOf<'choosing-errand' | 'errand' | 'errand-done'>,
  state: State,
  nowMs: number,
): Scene {
  if (phase.kind === 'errand-done') {
    const { kind, errand, name, lastsMs } = phase
    return {
      ...{ kind, errand },
      ...(name === undefined ? {} : { name }),
      ...(lastsMs === undefined ? {} : { lastsMs }),
    }
  }
  const leftMs = Math.max(0, phase.untilMs - nowMs)
  if (phase.kind === 'choosing-errand') {
    return { kind: phase.kind, errands: offered(state, menu), leftMs }
  }
  const { card: _card, cards: _cards, untilMs: _until, wasLate: _late, ...shown } = phase
  const { pinDigitsMin: digitsMin, pinDigitsMax: digitsMax } = state.rules
  return { ...shown, digitsMin, digitsMax, leftMs }
}

/** Without a card at hand: what begins with one is offered where it was refused. */
const menu: readonly ErrandKind[] = ['change-pin', 'new-pin', 'lost', 'found']

function emergencyScene(
  phase: PhaseOf<'choosing-reason' | 'identifying' | 'witnessing'>,
  { rules }: State,
  nowMs: number,
): Scene {
  const leftMs = Math.max(0, phase.untilMs - nowMs)
  switch (phase.kind) {
    case 'choosing-reason':
      return { kind: phase.kind, reasons: rules.emergency?.reasons ?? [], leftMs }
    case 'identifying':
      return { kind: phase.kind, leftMs }
    case 'witnessing': {
      const { kind, tapId, again, isAsking, name } = phase
      return { kind, tapId, again, isAsking, leftMs, ...(name === undefined ? {} : { name }) }
    }
  }
}

function signingScene(phase: PhaseOf<'signing'>, state: State, nowMs: number): Scene {
  const { signing, seated } = phase
  return {
    kind: 'signing',
    ceremonyId: phase.ceremonyId,
    step: signing.step === 'asking' ? 'checking' : signing.step,
    name: seated.name,
    description: phase.description,
    application: phase.application,
    again: signing.step === 'pin' && signing.again,
    wrongBadge: signing.step === 'badge' && signing.wrongBadge,
    digitsMin: state.rules.pinDigitsMin,
    digitsMax: state.rules.pinDigitsMax,
    leftMs: Math.max(0, phase.untilMs - nowMs),
    ...(signing.step === 'pin' && signing.triesLeft !== undefined
      ? { triesLeft: signing.triesLeft }
      : {}),
  }
}
