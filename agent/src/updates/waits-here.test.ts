// When a workstation is not updated: whenever somebody is there, may be back, or nobody would hear.

import { describe, expect, it } from 'vitest'
import { sessionId, tapId } from '@wardkey/protocol/ids'
import { initialState } from '../machine/initial.ts'
import type { Phase, State } from '../machine/state.ts'
import { waitsHere } from './waits-here.ts'

const id = '018f3c1e-0001-7000-8000-000000000001'
const session = sessionId.parse(id)
const tap = tapId.parse(id)
const card = { technology: 'csn', canonical: '04a1b2c3d4e580' } as const
const who = { by: 'card', card } as const
const seated = { sessionId: session, name: 'Rosa S.', role: 'nurse', isAlone: false }
const asked = { tapId: tap, who, isAlone: false, sentMs: 0, untilMs: 1 }
const choice = { reason: 'patient-in-danger', tookMs: 1, position: 0, of: 1 }

const idle = initialState('')
const at = (phase: Phase, more: Partial<State> = {}): State => ({ ...idle, phase, ...more })

it('is updated where it is locked and nobody is there', () => {
  expect(waitsHere(idle)).toBeUndefined()
  expect(
    waitsHere(at({ kind: 'locked' }, { body: { isNear: false, confidence: 1, atMs: 0 } })),
  ).toBe(undefined)
})

describe('is not updated', () => {
  it.each<[string, Phase]>([
    ['in-use', { kind: 'opening', seated, tapId: tap, stage: 'page', untilMs: 1 }],
    ['in-use', { kind: 'open', seated, shownMs: 0, lastSignMs: 0, lastPresenceMs: 0 }],
    ['in-use', { kind: 'leaving', seated, because: 'idle', sinceMs: 0, untilMs: 1 }],
    ['in-use', { kind: 'leaving', seated, because: 'tap-out', sinceMs: 0, untilMs: 1 }],
    [
      'in-use',
      { kind: 'handing-over', seated, lastSignMs: 0, to: { card, tapId: tap }, untilMs: 1 },
    ],
    ['asked', { kind: 'asking', ...asked }],
    ['asked', { kind: 'entering-pin', again: false, ...asked }],
    ['asked', { kind: 'checking-pin', ...asked }],
    ['asked', { kind: 'choosing-errand', untilMs: 1 }],
    ['asked', { kind: 'refused', code: 'badge-unknown', untilMs: 1 }],
    ['emergency', { kind: 'choosing-reason', untilMs: 1 }],
    ['emergency', { kind: 'identifying', choice, untilMs: 1 }],
  ])('%s: while it is %o', (why, phase) => {
    expect(waitsHere(at(phase))).toBe(why)
  })
  it('in an emergency, which is said before all else', () => {
    const emergency = { reason: 'patient-in-danger', untilMs: 1 }
    const open = { shownMs: 0, lastSignMs: 0, lastPresenceMs: 0 }
    const phase: Phase = { kind: 'open', seated: { ...seated, emergency }, ...open }
    expect(waitsHere(at(phase, { inPlace: card }))).toBe('emergency')
  })
  it.each<[string, Partial<State>]>([
    ['card-in-reader', { inPlace: card }],
    ['in-use', { covered: [{ sessionId: session, untilMs: 1 }] }],
    ['in-use', { body: { isNear: true, confidence: 0.5, atMs: 0 } }],
    ['asked', { late: [session] }],
    ['offline', { linkDownSinceMs: 1 }],
    ['offline', { confirmByMs: 1 }],
  ])('%s: locked, with %o', (why, more) => {
    expect(waitsHere({ ...idle, ...more })).toBe(why)
  })
})
