// Words that stay over a chart are true for as long as they stay: what a session's windows bear
// after each history, put together from everything that was said over them.

import { describe, expect, it } from 'vitest'
import { bannerWords } from '../../screen/page/catalogue/banner-words.ts'
import { catalogues } from '../../screen/page/catalogue/choose-catalogue.ts'
import { Bench, admitted, emergencyRules, rosa, session } from '../proofs/bench.ts'
import { tellDownMs } from '../limits.ts'
import type { Banner } from '../screen-view.ts'

const down = { kind: 'link-changed', link: 'down', wallMs: 0 } as const
const up = { kind: 'link-changed', link: 'up', wallMs: 0 } as const
const shown = { kind: 'launch-shown', sessionId: session(1) } as const
const kept = { kind: 'alone-confirmed', sessionId: session(1), isKept: true } as const
const able = {
  kind: 'offline-changed',
  offline: { untilMs: 3_600_000, hasEmergency: true },
} as const
const bench = () => new Bench().does(able)
const emergency = { reason: 'Cardiac arrest', lastsMs: 600_000 }

/** What stays by the words themselves, in a language. */
function staying(one: Bench): Banner['kind'] | undefined {
  const stays = catalogues.map((catalogue) => {
    let now: Banner['kind'] | undefined
    for (const effect of one.effects) {
      if (effect.kind === 'end-launch') now = undefined
      if (effect.kind !== 'banner') continue
      const { forMs, endsLasting } = bannerWords(catalogue, effect.banner, 0)
      if (endsLasting === true) now = undefined
      if (forMs === undefined) now = effect.banner.kind
    }
    return now
  })
  expect(new Set(stays).size).toBe(1)
  return stays[0]
}

/** A chart that a broker had opened, which waited here and was brought back without it. */
const resumedAlone = () =>
  bench().opens(rosa, 1).signsOut(rosa, 2).does(down).taps(rosa, 3).admits(3, 1).does(shown)

describe('the words of working alone', () => {
  it('stay over a chart that was brought back alone', () => {
    expect(staying(resumedAlone())).toBe('alone')
  })
  it('go when a broker confirms it while it is open', () => {
    expect(staying(resumedAlone().does(up).does(kept))).toBeUndefined()
  })
  it('go when it was locked meanwhile, and a broker brings it back', () => {
    const locked = resumedAlone().does({ kind: 'lock-now', reason: 'lock-key' }).does(up).does(kept)
    expect(staying(locked.taps(rosa, 4).admits(4, 1).does(shown))).toBeUndefined()
  })
  it('go when her tap asks the broker before it has confirmed', () => {
    expect(staying(resumedAlone().does(up).taps(rosa, 4).admits(4, 1).does(shown))).toBeUndefined()
  })
  it('go when it is confirmed behind its cover', () => {
    const fading = resumedAlone()
    fading.does({ kind: 'tick' }, fading.state.rules.idleMs).does(up).does(kept)
    expect(fading.kind).toBe('leaving')
    expect(staying(fading.presses({ kind: 'stayed' }))).toBeUndefined()
  })
})

describe('an open chart without its broker', () => {
  const tick = { kind: 'tick' } as const
  const cut = (one = bench()) => one.opens(rosa, 1).does(down)
  const told = (one = bench()) => cut(one).does(tick, tellDownMs)

  it('bears the words of it after a while, and not at a blink', () => {
    const one = cut().does(tick, tellDownMs - 1)
    expect(staying(one)).toBeUndefined()
    expect(staying(one.does(tick, 1))).toBe('alone')
  })
  it('is told nothing that was over before', () => {
    const mark = cut().effects.length
    const one = cut()
      .does(up, tellDownMs - 1)
      .does(tick, tellDownMs)
    expect(one.since(mark)).toEqual([])
  })
  it('counts from the last word of a broker', () => {
    const one = bench().opens(rosa, 1)
    expect(staying(one.does({ ...down, silentMs: tellDownMs }).does(tick))).toBe('alone')
  })
  it('is told once, and once more where what works here changes', () => {
    const one = told()
    const mark = one.effects.length
    expect(one.does(tick, 1).since(mark)).toEqual([])
    expect(staying(one.does({ kind: 'offline-changed' }).does(tick, 1))).toBe('cut-off')
    expect(staying(one.does(able).does(tick, 1))).toBe('alone')
  })
  it('says that nothing stands in for it where that is so', () => {
    expect(staying(told(new Bench()))).toBe('cut-off')
  })
  it('bears them no longer when it is back, and says so', () => {
    const one = told().does(up)
    expect(staying(one)).toBeUndefined()
    expect(one.effects.at(-1)).toMatchObject({ banner: { kind: 'confirmed' } })
    expect(staying(one.does(down).does(tick, tellDownMs))).toBe('alone')
  })
  it('bears them no longer when it is back behind a cover', () => {
    const one = told().taps(rosa, 2).does(up).taps(rosa, 3)
    expect(one.kind).toBe('open')
    expect(staying(one)).toBeUndefined()
  })
  it('bears them no longer when it waited here, and comes back with the broker', () => {
    const one = told().does({ kind: 'lock-now', reason: 'lock-key' }).does(up)
    expect(staying(one.taps(rosa, 2).admits(2, 1).does(shown))).toBeUndefined()
  })
  it('bears them again where what stands in for the chart was confirmed, and then the other', () => {
    const one = bench().does(down).opens(rosa, 1).does(up).does(kept)
    expect(staying(one.does(down).does(tick, tellDownMs))).toBe('alone')
    expect(staying(one.does(up))).toBe('confirmed')
  })
  it('keeps the words of an emergency, which are never lost by it', () => {
    const one = bench()
      .ruled({ emergency: emergencyRules })
      .taps(rosa, 1)
      .says({ ...admitted(1), emergency })
      .does(shown)
    const mark = one.effects.length
    one.does(down).does(tick, tellDownMs).does(up)
    expect(one.kind).toBe('open')
    expect(one.since(mark)).toEqual([])
    expect(staying(one)).toBe('emergency')
  })
})

describe('an emergency that was given without a broker', () => {
  const tick = { kind: 'tick' } as const
  const given = (who = rosa) =>
    bench()
      .ruled({ emergency: emergencyRules })
      .does(down)
      .taps(who, 1)
      .says({ ...admitted(1), emergency })
      .does(shown)
  const said = (one: Bench) => {
    const last = one.effects.findLast((effect) => effect.kind === 'banner')
    return last?.kind === 'banner' ? last.banner : undefined
  }
  const back = { kind: 'emergency', isDowntime: true, hasBadge: true }

  it('says nothing of the network while it is away, nor before a broker has confirmed it', () => {
    expect(said(given())).not.toHaveProperty('isDowntime')
    expect(said(given().does(up))).not.toHaveProperty('isDowntime')
  })
  it('says that it is back, for as long as the windows are not the chart', () => {
    const one = given().does(up).does(kept)
    expect(said(one)).toMatchObject(back)
    expect(staying(one)).toBe('emergency')
    one.does(tick, one.state.rules.idleMs)
    expect(one.kind).toBe('leaving')
    expect(said(one.presses({ kind: 'stayed' }))).toMatchObject(back)
  })
  it('says it no longer when it is away again, and once more when it is back', () => {
    const one = given().does(up).does(kept).does(down).does(tick, tellDownMs)
    expect(said(one)).toMatchObject({ kind: 'emergency' })
    expect(said(one)).not.toHaveProperty('isDowntime')
    expect(said(one.does(up))).toMatchObject(back)
  })
})

describe('the words of an emergency', () => {
  const given = () =>
    bench()
      .ruled({ emergency: emergencyRules })
      .taps(rosa, 1)
      .says({ ...admitted(1), emergency })
      .does(shown)
  const locked = () => given().does({ kind: 'lock-now', reason: 'lock-key' })

  it('stay, and are back with it', () => {
    expect(staying(given())).toBe('emergency')
    const back = locked().taps(rosa, 2)
    expect(staying(back.says({ ...admitted(2, 1), emergency }).does(shown))).toBe('emergency')
  })
  it('go when she comes back to it as she always does', () => {
    expect(staying(locked().taps(rosa, 2).admits(2, 1).does(shown))).toBeUndefined()
  })
})
