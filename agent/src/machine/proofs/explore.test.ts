// Every history of a small alphabet, however long: what properties find by luck is found here by
// going everywhere. States that differ only in how long ago things were, within a step, are taken
// as one.

import { expect, it } from 'vitest'
import type { SessionId } from '@wardkey/protocol/ids'
import type { ZoneRules } from '@wardkey/protocol/workstation/broker-frames'
import {
  Bench,
  admitted,
  allErrands,
  anId,
  askErrand,
  askSignature,
  askWitness,
  ben,
  ceremony,
  choice,
  emergencyRules,
  errandDone,
  rosa,
  session,
  tap,
  visibleAfter,
} from './bench.ts'
import type { Effect } from '../effect.ts'
import type { Happening } from '../event.ts'
import { seatedOf, tapOf } from '../moves.ts'
import type { ScreenInput } from '../screen-view.ts'
import type { State } from '../state.ts'
import { step } from '../step.ts'

const depthMax = 40
/** Longer than every limit of a phase, so that one tick runs out whatever waits. */
const longMs = 70_000

interface Node {
  readonly state: State
  readonly nowMs: number
  readonly visible: ReadonlySet<SessionId>
  /** What the broker believes to be open here, from what it admitted and what it was told. */
  readonly believed: ReadonlySet<SessionId>
}

const pressed = (input: ScreenInput): Happening => ({
  kind: 'screen-said',
  input,
  tapId: tap(3),
})

const said = (frame: Extract<Happening, { kind: 'broker-said' }>['frame']): Happening => ({
  kind: 'broker-said',
  frame,
})

const unknown = { kind: 'refused', id: anId, code: 'badge-unknown', quote: 'AAA-BBB' } as const

/** What is asked about at this moment, and what happens in one kind of place beside the usual. */
interface Place {
  readonly rules: Partial<ZoneRules>
  readonly events: (current: number) => readonly Happening[]
  /** Signatures multiply every other state: walked where nothing else is new. */
  readonly hasSignatures: boolean
}

const places: Readonly<Record<string, Place>> = {
  'an ordinary zone': {
    rules: {},
    events: () => [{ kind: 'card-again', card: rosa }],
    hasSignatures: true,
  },
  'a zone that asks before a screen in use is taken over': {
    rules: { takeOver: 'ask-first', suspendedMax: 1 },
    events: () => [pressed({ kind: 'kept' }), pressed({ kind: 'let-go' })],
    hasSignatures: true,
  },
  'a zone where the card stays, and nothing waits behind the lock screen': {
    rules: { cardStays: true, suspendedMax: 0 },
    events: () => [{ kind: 'card-gone', card: rosa }, { kind: 'card-gone' }],
    hasSignatures: true,
  },
  'a zone with emergency access': {
    rules: { emergency: emergencyRules, suspendedMax: 1 },
    events: (current) => [
      pressed({ kind: 'emergency-asked' }),
      pressed({ kind: 'reason-chosen', choice }),
      pressed({ kind: 'staff-number-entered', staffNumber: 'S1234' }),
      said({ ...admitted(current, 1), emergency: { reason: 'x', lastsMs: 60_000 } }),
      said(askWitness(current)),
    ],
    hasSignatures: false,
  },
  'a zone where badges and PINs are seen to': {
    rules: { errands: allErrands, suspendedMax: 1 },
    events: (current) => [
      pressed({ kind: 'errands-asked' }),
      pressed({ kind: 'errand-chosen', errand: 'enrol' }),
      pressed({ kind: 'errand-chosen', errand: 'change-pin' }),
      pressed({ kind: 'errand-answered', tapId: tap(current), answer: { by: 'yes' } }),
      pressed({
        kind: 'errand-answered',
        tapId: tap(current),
        answer: { by: 'pin', pin: '1234' },
      }),
      pressed({ kind: 'errand-cancelled' }),
      said(askErrand(current, 'witness-badge')),
      said({ ...askErrand(current, 'confirm'), byBadge: 'witness' }),
      said({ ...askErrand(current, 'confirm'), byBadge: 'own' }),
      said(askErrand(current, 'pin')),
      said(askErrand(current, 'sign-in')),
      { kind: 'page-ended', tapId: tap(current) },
      said(errandDone(current)),
      said({ ...unknown, tapId: tap(current) }),
    ],
    hasSignatures: false,
  },
  'a workstation that decides by itself': {
    rules: { suspendedMax: 1 },
    events: () => [
      { kind: 'offline-changed', offline: { untilMs: 10_000_000, hasEmergency: true } },
      { kind: 'offline-changed' },
      { kind: 'alone-confirmed', sessionId: session(1), isKept: true },
      { kind: 'alone-confirmed', sessionId: session(1), isKept: false },
    ],
    hasSignatures: false,
  },
  'a workstation that gives emergency access by itself': {
    rules: { emergency: emergencyRules, suspendedMax: 1 },
    events: (current) => [
      { kind: 'offline-changed', offline: { untilMs: 10_000_000, hasEmergency: true } },
      { kind: 'alone-confirmed', sessionId: session(1), isKept: true },
      { kind: 'alone-confirmed', sessionId: session(1), isKept: false },
      pressed({ kind: 'emergency-asked' }),
      pressed({ kind: 'reason-chosen', choice }),
      said({ ...admitted(current, 1), emergency: { reason: 'x', lastsMs: 60_000 } }),
    ],
    hasSignatures: false,
  },
}

const signatures: readonly Happening[] = [
  said(askSignature(1)),
  said({
    kind: 'signature-ended',
    id: anId,
    ceremonyId: ceremony(1),
    outcome: 'signed',
    isOver: true,
  }),
  said({
    kind: 'ask-signature-pin',
    id: anId,
    ceremonyId: ceremony(1),
    again: false,
    answerWithinMs: 9,
  }),
]

/** Two badges with a session each; of the three tap ids two are old whenever one is asked. */
function alphabet(state: State, place: Place): readonly (readonly [Happening, number])[] {
  const { phase } = state
  // What is asked about, or what the steps of a chart whose way was cut are asked by.
  const isOwn = phase.kind === 'errand' || phase.kind === 'opening'
  const asked = isOwn ? phase.tapId : tapOf(phase)?.tapId
  const [current, fresh, stale] =
    asked === tap(1) ? [1, 2, 3] : asked === tap(2) ? [2, 3, 1] : [3, 1, 2]
  const seen = (card: typeof rosa): Happening => ({
    kind: 'card-seen',
    card,
    tapId: tap(fresh),
    isShown: true,
  })
  const now: readonly Happening[] = [
    seen(rosa),
    seen(ben),
    said(admitted(current, 1)),
    said(admitted(current, 2)),
    said(admitted(stale, 1)),
    said({ kind: 'ask-pin', id: anId, tapId: tap(current), again: false, answerWithinMs: 30_000 }),
    said({ kind: 'lock', id: anId, sessionId: session(1), code: 'session-moved' }),
    { kind: 'launch-shown', sessionId: session(1) },
    { kind: 'launch-shown', sessionId: session(2) },
    { kind: 'launch-failed', sessionId: session(1) },
    { kind: 'launch-failed', sessionId: session(1), isCut: true },
    pressed({ kind: 'pin-entered', tapId: tap(current), pin: '1234' }),
    pressed({ kind: 'stayed' }),
    ...place.events(current),
    ...(place.hasSignatures ? signatures : []),
    { kind: 'input-seen', agoMs: 0 },
    { kind: 'browser-changed', browser: 'died' },
    { kind: 'browser-changed', browser: 'ready' },
    { kind: 'link-changed', link: 'down', wallMs: 0 },
    { kind: 'link-changed', link: 'up', wallMs: 0 },
  ]
  return [
    ...now.map((happening) => [happening, 2000] as const),
    [{ kind: 'tick' }, 100],
    [{ kind: 'tick' }, longMs],
  ]
}

/**
 * How far a time is from now, as coarse as the alphabet's own steps: these behave alike under it.
 */
function nearness(atMs: number, nowMs: number): string {
  const fromNowMs = atMs - nowMs
  const size = Math.abs(fromNowMs) < 2000 ? 'near' : Math.abs(fromNowMs) < longMs ? 'far' : 'gone'
  return `${fromNowMs > 0 ? 'in' : 'ago'} ${size}`
}

function keyOf({ state, nowMs, visible, believed }: Node): string {
  const shape = JSON.stringify(state, (name, value: unknown) => {
    if (name === 'rules') return undefined
    return typeof value === 'number' && name.endsWith('Ms') ? nearness(value, nowMs) : value
  })
  return `${shape} ${[...visible].join()} ${[...believed].sort().join()}`
}

function check({ state, visible, believed }: Node, path: readonly string[]): void {
  const { phase } = state
  const seated = seatedOf(phase)?.sessionId
  const isHidden = ['leaving', 'signing', 'handing-over'].includes(phase.kind)
  const mayBeSeen = isHidden ? undefined : seated
  // Hundreds of thousands of states: an expectation is made only where it is going to fail.
  const wrong = [...visible].filter((each) => each !== mayBeSeen)
  if (wrong.length > 0) expect(wrong, path.join(' · ')).toEqual([])
  // While an answer may be under way the broker cannot know yet, and we must not tell it.
  if (phase.kind === 'asking' || phase.kind === 'checking-pin') return
  if (phase.kind === 'witnessing' && phase.isAsking) return
  const isTrue = seated === undefined ? believed.size === 0 : believed.has(seated)
  if (isTrue && believed.size < 2) return
  expect([...believed], path.join(' · ')).toEqual(seated === undefined ? [] : [seated])
}

it.each(Object.entries(places))(
  'nowhere in any history is a chart seen by another: %s',
  (_, place) => {
    const start = new Bench().ruled(place.rules)
    const first: Node = {
      state: start.state,
      nowMs: start.nowMs,
      visible: new Set(),
      believed: new Set(),
    }
    const seen = new Set([keyOf(first)])
    let layer: { node: Node; path: readonly string[] }[] = [{ node: first, path: [] }]
    let opened = 0
    for (let depth = 0; depth < depthMax; depth++) {
      const next: typeof layer = []
      for (const { node, path } of layer) {
        for (const [happening, afterMs] of alphabet(node.state, place)) {
          const after = follow(node, happening, afterMs)
          const key = keyOf(after)
          if (seen.has(key)) continue
          seen.add(key)
          const way = [...path, nameOf(happening)]
          check(after, way)
          if (after.state.phase.kind === 'open') opened += 1
          next.push({ node: after, path: way })
        }
      }
      layer = next
    }
    // The walk went somewhere: without this an alphabet that opens nothing would prove everything.
    expect(opened).toBeGreaterThan(20)
    // All of it was walked: the last layer found nothing new.
    expect(layer).toEqual([])
  },
  60_000,
)

function follow(node: Node, happening: Happening, afterMs: number): Node {
  const nowMs = node.nowMs + afterMs
  const { state, effects } = step(node.state, { nowMs, happening })
  const died = happening.kind === 'browser-changed' && happening.browser === 'died'
  const visible = visibleAfter(died ? new Set() : node.visible, effects)
  return { state, nowMs, visible, believed: believedAfter(node.believed, happening, effects) }
}

function believedAfter(
  before: ReadonlySet<SessionId>,
  happening: Happening,
  effects: readonly Effect[],
): ReadonlySet<SessionId> {
  const believed = new Set(before)
  if (happening.kind === 'broker-said') {
    const { frame } = happening
    if (frame.kind === 'admitted') believed.add(frame.sessionId)
    if (frame.kind === 'lock') believed.delete(frame.sessionId)
  }
  for (const effect of effects) {
    if (effect.kind === 'send-leave') believed.delete(effect.sessionId)
  }
  return believed
}

const nameOf = (happening: Happening): string =>
  happening.kind === 'broker-said' ? happening.frame.kind : happening.kind
