// What is believed of a sensor, as time goes by and as it misbehaves.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beforeHearing, hearSensor, saysNow } from './follow-sensor.ts'
import type { SensorSays } from './follow-sensor.ts'
import type { SensorWord } from './presence-input.ts'

/** One sensor and a clock. */
class Ear {
  nowMs = 1000
  state = beforeHearing(1000)
  cut: string | undefined

  hears(word: SensorWord, afterMs = 0, isOnce = false): this {
    this.nowMs += afterMs
    const heard = hearSensor(this.state, word, isOnce, this.nowMs)
    if (heard.kind === 'cut') this.cut ??= heard.reason
    else this.state = heard.state
    return this
  }

  after(ms: number): SensorSays {
    this.nowMs += ms
    return saysNow(this.state, this.nowMs)
  }
}

describe('a sensor', () => {
  it('is asked for nothing before it has said something', () => {
    expect(new Ear().after(600_000)).toBe('waiting')
    expect(new Ear().hears('not-ours').after(0)).toBe('waiting')
  })
  it('is believed at once that somebody is near', () => {
    expect(new Ear().hears('near').after(0)).toBe('near')
  })
  it('is believed that nobody is there once that has lasted a moment', () => {
    const ear = new Ear().hears('near').hears('away', 10_000)
    expect(ear.after(1999)).toBe('near')
    expect(ear.after(1)).toBe('away')
    expect(new Ear().hears('away').after(0)).toBe('waiting')
  })
  it('of somebody who leans aside says nothing of it', () => {
    const ear = new Ear().hears('near').hears('away', 10_000).hears('near', 1500)
    expect(ear.after(0)).toBe('near')
    expect(ear.after(5000)).toBe('near')
  })
  it('that says that it does not know is believed that', () => {
    expect(new Ear().hears('near').hears('unknown', 10).after(0)).toBe('waiting')
  })
  it('that says the same again has no news', () => {
    const ear = new Ear().hears('away')
    const { newsMs } = ear.state
    expect(ear.hears('away', 60_000).state.newsMs).toBe(newsMs)
    expect(ear.hears('away', 60_000, true).state.newsMs).toBe(ear.nowMs)
  })
  it('that sees somebody for hours without a word is not believed, however often it says so', () => {
    const ear = new Ear().hears('near')
    for (let minutes = 0; minutes < 119; minutes += 1) ear.hears('near', 60_000)
    expect(ear.after(0)).toBe('near')
    expect(ear.hears('near', 60_000).after(0)).toBe('stuck')
    expect(ear.hears('away').hears('near', 10_000).after(0)).toBe('near')
  })
  it('that changes its mind more often than people come and go is not believed for a minute', () => {
    const ear = new Ear()
    for (let n = 0; n < 6; n += 1) ear.hears(n % 2 === 0 ? 'near' : 'away', 3000)
    expect(ear.after(0)).not.toBe('unsteady')
    expect(ear.hears('near', 3000).after(0)).toBe('unsteady')
    expect(ear.after(59_999)).toBe('unsteady')
    expect(ear.after(1)).toBe('near')
  })
  it('that goes on changing its mind goes on being not believed', () => {
    const ear = new Ear()
    for (let n = 0; n < 400; n += 1) {
      ear.hears(n % 2 === 0 ? 'near' : 'away', 1000)
      if (n > 7) expect(ear.after(0)).toBe('unsteady')
    }
  })

  it('that floods is cut, and one that only talks much is not', () => {
    const ear = new Ear()
    for (let n = 0; n < 2000; n += 1) ear.hears('near', 11)
    expect(ear.cut).toBeUndefined()
    for (let n = 0; n < 200; n += 1) ear.hears('not-ours', 1)
    expect(ear.cut).toBe('too-many')
  })
  it('that nobody understands is cut, and one that is misheard now and then is not', () => {
    const ear = new Ear()
    for (let n = 0; n < 40; n += 1) ear.hears('not-understood', 100).hears('near', 100)
    expect(ear.cut).toBeUndefined()
    for (let n = 0; n < 5; n += 1) ear.hears('not-understood', 100)
    expect(ear.cut).toBe('not-understood')
  })

  it('is never believed that somebody is near unless that was its last word but one', () => {
    const words = fc.array(
      fc.tuple(
        fc.constantFrom<SensorWord>('near', 'away', 'unknown', 'not-ours', 'not-understood'),
        fc.integer({ min: 0, max: 5000 }),
      ),
    )
    fc.assert(
      fc.property(words, fc.integer({ min: 0, max: 10_000 }), (heard, afterMs) => {
        const ear = new Ear()
        for (const [word, ms] of heard) ear.hears(word, ms)
        const said = heard
          .map(([word]) => word)
          .filter((word) => word === 'near' || word === 'away' || word === 'unknown')
        if (ear.cut === undefined && ear.after(afterMs) === 'near') {
          expect(said.filter((word, at) => word !== said[at - 1]).slice(-2)).toContain('near')
        }
      }),
    )
  })
})
