import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectOrder } from '../../../test/conformance/reader-source-contract.ts'
import { debounce, noDebounce } from './debounce.ts'
import type { ReaderEvent } from './reader.ts'

const windowMs = 1500
const seen = (canonical: string, atMonoMs: number, readerId = 'r1'): ReaderEvent => ({
  kind: 'card-seen',
  readerId,
  readerName: readerId,
  card: { technology: 'csn', canonical },
  atMonoMs,
  fresh: true,
})
const gone = (atMonoMs: number, readerId = 'r1'): ReaderEvent => ({
  kind: 'card-gone',
  readerId,
  atMonoMs,
})
function pass(events: readonly ReaderEvent[]): readonly ReaderEvent[] {
  let state = noDebounce
  return events.filter((event) => {
    const next = debounce(state, event, windowMs)
    state = next.state
    return next.pass
  })
}

describe('debounce', () => {
  it('takes a flutter for one tap, however long it lasts', () => {
    const flutter = Array.from({ length: 50 }, (_, index) => [
      seen('aa', index * 400),
      gone(index * 400 + 200),
    ]).flat()
    expect(pass(flutter)).toEqual([seen('aa', 0), gone(200)])
  })

  it('takes the same card after the window for a tap', () => {
    const events = [seen('aa', 0), gone(100), seen('aa', 1600), gone(1700)]
    expect(pass(events)).toEqual(events)
  })

  it('counts the window from when the card went, not from when it came', () => {
    const events = [seen('aa', 0), gone(5000), seen('aa', 5400), gone(5500)]
    expect(pass(events)).toEqual([seen('aa', 0), gone(5000)])
  })

  it('hears somebody who shows it again until she is heard', () => {
    const shows = [0, 1000, 2000].flatMap((atMs) => [seen('aa', atMs), gone(atMs + 200)])
    expect(pass(shows)).toEqual([...shows.slice(0, 2), ...shows.slice(4)])
  })

  it('hears her who shows it in haste at first, and then once more', () => {
    const shows = [0, 500, 1000, 2000].flatMap((atMs) => [seen('aa', atMs), gone(atMs + 150)])
    expect(pass(shows)).toEqual([...shows.slice(0, 2), ...shows.slice(6)])
  })

  it('takes one that fluttered for longer than a hand shows it for one that lies there', () => {
    const flutter = Array.from({ length: 8 }, (_, index) => [
      seen('aa', index * 400),
      gone(index * 400 + 200),
    ]).flat()
    const later = [seen('aa', 3800), gone(3900)]
    expect(pass([...flutter, ...later])).toEqual([seen('aa', 0), gone(200)])
  })

  it('takes its flutter, as it is taken away after that, for nothing new', () => {
    const again = [seen('aa', 0), gone(200), seen('aa', 1000), gone(1600)]
    const flutter = [seen('aa', 1900), gone(2000), seen('aa', 2600), gone(2700)]
    expect(pass([...again, ...flutter])).toEqual(again.slice(0, 2))
  })

  it('counts two different cards in quick succession, both', () => {
    const events = [seen('aa', 0), gone(5), seen('bb', 6), gone(11)]
    expect(pass(events)).toEqual(events)
  })

  it('hears a colleague between two shows of one badge, and keeps her screen hers', () => {
    const events = [
      seen('aa', 0),
      gone(100),
      seen('bb', 300),
      gone(400),
      seen('aa', 600),
      gone(650),
    ]
    expect(pass(events)).toEqual(events.slice(0, 4))
  })

  it('brings nothing back by a badge that was away for less than a hand needs', () => {
    const isAgain = (awayMs: number): boolean | undefined => {
      const shown = [seen('aa', 0), gone(100)].reduce(
        (state, event) => debounce(state, event, windowMs).state,
        noDebounce,
      )
      return debounce(shown, seen('aa', 100 + awayMs), windowMs).isAgain
    }
    expect([50, 400, 699, 700, 1300].map(isAgain)).toEqual([
      ...[undefined, undefined, undefined],
      ...[true, true],
    ])
  })

  it('takes two cards in one wallet, seen in turns, for two taps', () => {
    const wallet = Array.from({ length: 20 }, (_, index) => [
      seen(index % 2 === 0 ? 'aa' : 'bb', index * 100),
      gone(index * 100 + 50),
    ]).flat()
    expect(pass(wallet)).toHaveLength(4)
  })

  it('counts the same card at another reader', () => {
    const events = [seen('aa', 0), gone(5), seen('aa', 6, 'r2'), gone(9, 'r2')]
    expect(pass(events)).toEqual(events)
  })

  it('passes everything with a window of nothing', () => {
    const events = [seen('aa', 0), gone(0), seen('aa', 0), gone(0)]
    expect(events.every((event) => debounce(noDebounce, event, 0).pass)).toBe(true)
  })

  it('keeps seen and gone in turns, and never holds back a card not seen lately', () => {
    const tap = fc.record({
      card: fc.constantFrom('aa', 'bb', 'cc'),
      pauseMs: fc.integer({ min: 0, max: 3000 }),
      staysMs: fc.integer({ min: 0, max: 3000 }),
    })
    fc.assert(
      fc.property(fc.array(tap, { maxLength: 40 }), (taps) => {
        let nowMs = 0
        const lastThere = new Map<string, number>()
        const windowFrom = new Map<string, number>()
        const heard = new Map<string, number>()
        const again = new Set<string>()
        const events: ReaderEvent[] = []
        const due: ReaderEvent[] = []
        for (const { card, pauseMs, staysMs } of taps) {
          nowMs += pauseMs
          const came = seen(card, nowMs)
          const flutters = nowMs - (lastThere.get(card) ?? -windowMs) < 700
          const isDue = !flutters && nowMs - (windowFrom.get(card) ?? -windowMs) >= windowMs
          if (isDue) due.push(came)
          if (isDue) again.delete(card)
          else if (!flutters) again.add(card)
          nowMs += staysMs
          events.push(came, gone(nowMs))
          lastThere.set(card, nowMs)
          if (isDue) heard.set(card, nowMs)
          const isHaste = nowMs - (heard.get(card) ?? 0) < windowMs
          if (isDue || (!again.has(card) && !isHaste)) windowFrom.set(card, nowMs)
        }
        const passed = pass(events)
        expect(passed.filter((event) => event.kind === 'card-seen')).toEqual(due)
        const up: ReaderEvent = {
          kind: 'reader-up',
          readerId: 'r1',
          readerName: 'r1',
          technology: 'pcsc',
        }
        expectOrder([up, ...passed])
      }),
    )
  })
})
