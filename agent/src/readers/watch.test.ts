import { beforeEach, describe, expect, it } from 'vitest'
import { HandClock } from '../../../test/kit/hand-clock.ts'
import type { CardSeen, ReaderEvent, ReaderSource } from './reader.ts'
import type { ReaderStatus } from './reader-status.ts'
import { watchReaders } from './watch.ts'
import type { ReaderWatch } from './watch.ts'

/** A source that says what the test says. */
class Spoken implements ReaderSource {
  readonly kind = 'pcsc'
  say: (event: ReaderEvent) => void = () => undefined
  stopped = false
  start(emit: (event: ReaderEvent) => void): void {
    this.say = emit
  }
  stop(): Promise<void> {
    this.stopped = true
    return Promise.resolve()
  }
}

const up: ReaderEvent = {
  kind: 'reader-up',
  readerId: 'r',
  readerName: 'Reader',
  technology: 'pcsc',
}
const down: ReaderEvent = { kind: 'reader-down', readerId: 'r', reason: 'unplugged' }
const alive: ReaderEvent = { kind: 'alive' }

describe('the watch over the readers', () => {
  let clock: HandClock
  let source: Spoken
  let events: ReaderEvent[]
  let again: string[]
  let statuses: ReaderStatus[]
  let watch: ReaderWatch
  const liveFor = async (ms: number) => {
    for (let gone = 0; gone < ms; gone += 500) {
      source.say(alive)
      await clock.advance(500)
    }
  }
  const seen = (): CardSeen => ({
    kind: 'card-seen',
    readerId: 'r',
    readerName: 'Reader',
    card: { technology: 'csn', canonical: '04a1b2c3' },
    atMonoMs: clock.monoMs(),
    fresh: true,
  })
  const gone = (): ReaderEvent => ({ kind: 'card-gone', readerId: 'r', atMonoMs: clock.monoMs() })

  beforeEach(() => {
    clock = new HandClock()
    source = new Spoken()
    events = []
    again = []
    statuses = []
    watch = watchReaders({
      sources: [source],
      clock,
      onEvent: (event) => events.push(event),
      onAgain: ({ canonical }) => again.push(canonical),
      onStatus: (status) => statuses.push(status),
    })
  })

  it('says nothing of trouble while readers are still being looked for', async () => {
    await liveFor(1500)
    expect(statuses).toEqual([])
    expect(watch.status().kind).toBe('none')
  })

  it('says that there is no reader once it has waited, and since when', async () => {
    await liveFor(2000)
    expect(statuses).toEqual([{ kind: 'none', sinceMs: 1000, code: 'reader-none' }])
  })

  it('is ready at once', () => {
    source.say(up)
    expect(statuses).toEqual([{ kind: 'ready', sinceMs: 1000, code: 'reader-ready' }])
  })

  it('says unplugged after its patience, with the time at which it happened', async () => {
    source.say(up)
    await liveFor(500)
    source.say(down)
    await liveFor(2000)
    expect(statuses.at(-1)).toEqual({ kind: 'unplugged', sinceMs: 1500, code: 'reader-unplugged' })
    source.say(up)
    expect(statuses.at(-1)?.kind).toBe('ready')
  })

  it('does not speak of a cable that wobbled', async () => {
    source.say(up)
    source.say(down)
    await liveFor(1000)
    source.say(up)
    await liveFor(5000)
    expect(statuses.map((status) => status.kind)).toEqual(['ready'])
  })

  it('says that a hand shows the same card again too soon, and of nothing else', async () => {
    const shows = async (pauseMs: number, fresh = true) => {
      await clock.advance(pauseMs)
      source.say({ ...seen(), fresh })
      source.say(gone())
    }
    source.say(up)
    await shows(500)
    await shows(400)
    expect(again).toEqual([])
    await shows(800)
    expect(again).toEqual(['04a1b2c3'])
    expect(events.filter(({ kind }) => kind === 'card-seen')).toHaveLength(1)
    source.say(down)
    source.say(up)
    await shows(4000)
    await shows(800, false)
    expect(again).toHaveLength(1)
  })

  it('does not make a card that went wait for patience', () => {
    source.say(up)
    source.say(seen())
    source.say(gone())
    source.say(down)
    expect(events.map((event) => event.kind)).toEqual([
      'reader-up',
      'card-seen',
      'card-gone',
      'reader-down',
    ])
  })

  it('says stuck when a source falls silent, and ready when it is back', async () => {
    source.say(up)
    await liveFor(1000)
    await clock.advance(9000)
    expect(statuses.at(-1)?.code).toBe('reader-stuck')
    source.say(alive)
    expect(statuses.at(-1)?.code).toBe('reader-ready')
  })

  it('blames no source for its own sleep', async () => {
    source.say(up)
    await clock.oversleep(60_000)
    source.say(alive)
    await liveFor(3000)
    expect(statuses.map((status) => status.kind)).toEqual(['ready'])
  })

  it('tells one trouble turning into another', async () => {
    source.say(up)
    source.say(down)
    await liveFor(2500)
    source.say({ kind: 'source-down', reason: 'service-stopped' })
    expect(statuses.map((status) => status.kind)).toEqual(['ready', 'unplugged', 'service-stopped'])
    expect(statuses[2]?.sinceMs).toBe(statuses[1]?.sinceMs)
  })

  it('swallows flutter but not the next card, and hides that sources breathe', async () => {
    source.say(up)
    source.say(seen())
    source.say(gone())
    await liveFor(500)
    source.say(seen())
    source.say(gone())
    expect(events.map((event) => event.kind)).toEqual(['reader-up', 'card-seen', 'card-gone'])
  })

  it('is silent once stopped', async () => {
    source.say(up)
    await watch.stop()
    source.say(down)
    await clock.advance(60_000)
    expect(source.stopped).toBe(true)
    expect(events).toHaveLength(1)
    expect(statuses).toHaveLength(1)
  })
})
