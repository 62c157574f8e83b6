import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectOrder } from '../../../../test/conformance/reader-source-contract.ts'
import { HandClock } from '../../../../test/kit/hand-clock.ts'
import type { ReaderEvent, ReaderSource } from '../reader.ts'
import { pcscSource } from './pcsc-source.ts'

const up = { kind: 'reader-up', readerId: 'pcsc:r', readerName: 'r', technology: 'pcsc' }
const seen = {
  kind: 'card-seen',
  readerId: 'pcsc:r',
  readerName: 'r',
  card: { technology: 'csn', canonical: '04a1b2c3' },
  atMonoMs: 1,
  fresh: true,
}

/** A worker thread that says these things and then does that. */
function workerThat(says: readonly unknown[], then: string): URL {
  const script = [
    `const { parentPort } = require('node:worker_threads')`,
    `for (const one of ${JSON.stringify(says)}) parentPort.postMessage(one)`,
    then,
  ].join('\n')
  const runner = `import { createRequire } from 'node:module'
    const require = createRequire('file:///')
    ${script}`
  return new URL(`data:text/javascript,${encodeURIComponent(runner)}`)
}

describe('the PC/SC source', () => {
  let clock: HandClock
  let source: ReaderSource
  let events: ReaderEvent[]
  let wake: () => void
  const kinds = () => events.map((event) => event.kind)
  const start = (worker: URL) => {
    source = pcscSource({ clock, worker })
    source.start((event) => {
      events.push(event)
      wake()
    })
  }
  const until = async (holds: () => boolean) => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  beforeEach(() => {
    clock = new HandClock()
    events = []
    wake = () => undefined
  })
  afterEach(async () => {
    await source.stop()
    expectOrder(events)
  })

  it.each([
    ['ends by surprise', 'process.exit(3)'],
    ['throws', `throw new Error('driver trouble')`],
    ['talks nonsense', `parentPort.postMessage('unlock'); parentPort.once('message', () => {})`],
  ])('counts cards as gone when its worker %s, and starts it again', async (_, then) => {
    start(workerThat([up, seen], then))
    await until(() => kinds().includes('source-down'))
    expect(kinds()).toEqual(['reader-up', 'card-seen', 'card-gone', 'reader-down', 'source-down'])
    await clock.advance(250)
    await until(() => events.length === 10)
    expect(kinds().slice(5, 7)).toEqual(['reader-up', 'card-seen'])
    const down = events.find((event) => event.kind === 'source-down')
    expect(down?.reason).toBe('failed')
    if (then.startsWith('throw')) expect(down?.detail).toContain('driver trouble')
  })

  it('waits longer and longer with a worker that keeps failing', async () => {
    start(workerThat([], 'process.exit(3)'))
    const downs = () => kinds().filter((kind) => kind === 'source-down').length
    for (const [nth, waitMs] of [250, 500, 1000].entries()) {
      await until(() => downs() === nth + 1)
      await clock.advance(waitMs - 1)
      expect(downs()).toBe(nth + 1)
      await clock.advance(1)
    }
    await until(() => downs() === 4)
  })

  it('does not start again where the library is missing', async () => {
    start(workerThat([{ kind: 'source-down', reason: 'library-missing' }], ''))
    await until(() => events.length === 1)
    const later = new Worker(workerThat([], ''))
    await new Promise((resolve) => later.once('exit', resolve))
    await clock.advance(60_000)
    expect(kinds()).toEqual(['source-down'])
  })

  it('gives times on the clock of the agent', async () => {
    const fromMs = Number(process.hrtime.bigint()) / 1e6
    const waitForStop = `parentPort.once('message', () => {})`
    start(workerThat([up, { ...seen, atMonoMs: fromMs }], waitForStop))
    await until(() => events.length === 2)
    const card = events.find((event) => event.kind === 'card-seen')
    expect(Math.abs((card?.atMonoMs ?? 0) - clock.monoMs())).toBeLessThan(5000)
  })

  it('leaves a worker behind that will not end', async () => {
    start(workerThat([up], 'for (;;);'))
    await until(() => events.length === 1)
    const stopped = source.stop()
    await clock.advance(3000)
    await stopped
  })
})
