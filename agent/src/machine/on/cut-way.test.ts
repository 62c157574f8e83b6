// A chart whose way was cut while it came: when its steps are asked for once more, how often, and
// what no steps that come too late may open.

import { describe, expect, it } from 'vitest'
import { Bench, admitted, anId, ben, kinds, rosa, session, tap } from '../proofs/bench.ts'
import { againMax, againMs, openMs } from '../limits.ts'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'

const cut = { kind: 'launch-failed', sessionId: session(1), isCut: true } as const
const shown = { kind: 'launch-shown', sessionId: session(1) } as const
const tick = { kind: 'tick' } as const
const opening = () => new Bench().taps(rosa, 1).admits(1)
const asked = () => opening().does(cut).does(tick, againMs)
const steps: BrokerFrameOf<'admitted'>['steps'] = [{ kind: 'start-program', program: 'chart' }]
const again = { ...admitted(1), steps }

describe('a chart whose way was cut', () => {
  it('has its steps asked for by its tap after a moment, and comes by those', () => {
    const bench = opening()
    const mark = bench.effects.length
    bench.does(cut)
    expect(bench.since(mark)).toEqual([])
    bench.does(tick, againMs - 1)
    expect(bench.since(mark)).toEqual([])
    bench.does(tick, 1)
    expect(bench.since(mark)).toEqual([
      { kind: 'send-launch-again', tapId: tap(1), sessionId: session(1) },
    ])
    bench.says(again)
    expect(bench.effects.at(-1)).toEqual({ kind: 'launch', sessionId: session(1), steps })
    bench.does(shown)
    expect(bench.kind).toBe('open')
  })
  it('asks once, and launches once', () => {
    const bench = asked()
    const mark = bench.effects.length
    bench.does(tick, againMs).does(tick, againMs).says(again).says(again)
    expect(kinds(bench.since(mark))).toEqual(['launch'])
  })
  it('asks a few times, each time later, and then says that it failed', () => {
    const bench = opening()
    const waits: number[] = []
    for (let tries = 1; tries <= againMax; tries++) {
      bench.does(cut)
      const fromMs = bench.nowMs
      const mark = bench.effects.length
      while (bench.since(mark).length === 0) bench.does(tick, 100)
      waits.push(bench.nowMs - fromMs)
      bench.says(again)
      expect(bench.effects.at(-1)?.kind).toBe('launch')
    }
    expect(waits).toEqual([1, 2, 3, 4, 5].map((tries) => tries * againMs))
    const mark = bench.effects.length
    bench.does(cut)
    expect(kinds(bench.since(mark))).toEqual(['cover', 'send-leave', 'end-launch', 'send-launched'])
    expect(bench.state.phase).toMatchObject({ kind: 'locked', notice: { kind: 'launch-failed' } })
  })
  it('has no more time than any chart', () => {
    const bench = asked().does(tick, openMs - againMs - 1)
    expect(bench.kind).toBe('opening')
    bench.does(tick, 1)
    expect(bench.kind).toBe('locked')
  })
  it('fails at once where nobody will answer for its steps', () => {
    const bench = asked().does({ kind: 'tap-unanswered', tapId: tap(1) })
    expect(bench.kind).toBe('locked')
  })
  it('is told by its broker that the session is over, or elsewhere', () => {
    const lock = { kind: 'lock', id: anId, sessionId: session(1), code: 'session-moved' } as const
    const bench = asked().says({ ...lock, movedTo: '5 East' })
    expect(bench.state.phase).toMatchObject({
      kind: 'locked',
      notice: { kind: 'moved', to: '5 East' },
    })
    const mark = bench.effects.length
    bench.says(again)
    expect(kinds(bench.since(mark))).toEqual(['send-leave'])
  })
  it('comes through a link that went and came back', () => {
    const bench = asked()
    bench.does({ kind: 'link-changed', link: 'down', wallMs: 0 })
    bench.does({ kind: 'link-changed', link: 'up', wallMs: 0 }).says(again).does(shown)
    expect(bench.kind).toBe('open')
  })
})

describe('nothing is asked for', () => {
  it('where the chart itself failed', () => {
    const bench = opening().does({ kind: 'launch-failed', sessionId: session(1) })
    expect(bench.kind).toBe('locked')
  })
  it('where the workstation decided alone: its steps lead to no broker', () => {
    const offline = { untilMs: 3_600_000, hasEmergency: false }
    const bench = new Bench().does({ kind: 'offline-changed', offline })
    bench.does({ kind: 'link-changed', link: 'down', wallMs: 0 }).taps(rosa, 1).admits(1).does(cut)
    expect(bench.kind).toBe('locked')
    expect(kinds(bench.effects)).not.toContain('send-launch-again')
  })
  it('where an open chart met the error page later', () => {
    const bench = new Bench().opens(rosa, 1).does(cut)
    expect(bench.kind).toBe('locked')
  })
  it('where it was locked while it waited', () => {
    const bench = opening().does(cut).does({ kind: 'lock-now', reason: 'desktop-locked' })
    bench.does(tick, againMs)
    expect(kinds(bench.effects)).not.toContain('send-launch-again')
  })
})

describe('steps open nothing', () => {
  it.each([
    ['that nobody asked for', () => opening().says(again)],
    ['while it is not yet asked for', () => opening().does(cut).says(again)],
  ])('%s', (_name, make) => {
    const bench = make()
    expect(kinds(bench.effects).filter((kind) => kind === 'launch')).toHaveLength(1)
  })
  it.each([
    ['of another tap', admitted(2, 1)],
    ['of another session', admitted(1, 2)],
  ])('%s', (_name, frame) => {
    const bench = asked()
    const mark = bench.effects.length
    bench.says(frame)
    expect(kinds(bench.since(mark))).not.toContain('launch')
    expect(bench.state.phase).toMatchObject({ kind: 'opening', again: { isAsked: true } })
  })
  it('once it was locked: the session is given back', () => {
    const bench = asked().does({ kind: 'lock-now', reason: 'desktop-locked' })
    const mark = bench.effects.length
    bench.says(again)
    expect(bench.since(mark)).toMatchObject([
      { kind: 'send-leave', sessionId: session(1), reason: 'answered-late' },
    ])
    expect(bench.kind).toBe('locked')
  })
  it('once another sits there', () => {
    const bench = asked().taps(ben, 2)
    const mark = bench.effects.length
    bench.says(again)
    expect(kinds(bench.since(mark))).toEqual([])
    bench.admits(2).does({ kind: 'launch-shown', sessionId: session(2) })
    expect(bench.state.phase).toMatchObject({ seated: { sessionId: session(2) } })
  })
  it('by a word of the windows that are gone', () => {
    expect(asked().does(shown).kind).toBe('opening')
    expect(opening().does(cut).does(shown).kind).toBe('opening')
  })
})
