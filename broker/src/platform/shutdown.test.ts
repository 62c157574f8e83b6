// Stopping in order, whatever goes wrong on the way; and doing again and again without overlap.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { every } from './every.ts'
import { Fault } from './fault.ts'
import type { Log } from './log.ts'
import { Shutdown } from './shutdown.ts'

let lines: string[]
const log: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (event, { kind, code }) => {
    lines.push(`${event} ${kind ?? ''} ${code ?? ''}`.trim())
  },
}

beforeEach(() => {
  lines = []
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('ends what lets people in before what keeps what they did, however it was put together', async () => {
  const shutdown = new Shutdown(log)
  const ended: string[] = []
  for (const phase of ['store', 'record', 'doors', 'farewell', 'flows'] as const) {
    shutdown.add(phase, () => {
      ended.push(phase)
      return Promise.resolve()
    })
  }
  expect(shutdown.isBegun).toBe(false)
  await Promise.all([shutdown.run(), shutdown.run()])
  expect(ended).toEqual(['doors', 'flows', 'farewell', 'record', 'store'])
})
it('goes on when a step fails, and says which', async () => {
  const shutdown = new Shutdown(log)
  let isClosed = false
  shutdown.add('doors', () => Promise.reject(new Error('x')))
  shutdown.add('record', () => Promise.reject(new Fault('store-full', 'transient')))
  shutdown.add('store', () => {
    isClosed = true
    return Promise.resolve()
  })
  await shutdown.run()
  expect(isClosed).toBe(true)
  expect(lines).toEqual([
    'broker.stop-failed doors internal',
    'broker.stop-failed record store-full',
  ])
})
it('does not begin again while it is under way, and stops only when that is over', async () => {
  let begun = 0
  const gates: (() => void)[] = []
  const stop = every(
    1000,
    'chore.failed',
    () => {
      begun += 1
      return new Promise<void>((resolve) => gates.push(resolve))
    },
    log,
  )
  await vi.advanceTimersByTimeAsync(3500)
  expect(begun).toBe(1)
  let isStopped = false
  const stopped = stop().then(() => {
    isStopped = true
  })
  await vi.advanceTimersByTimeAsync(0)
  expect(isStopped).toBe(false)
  gates[0]?.()
  await stopped
  await vi.advanceTimersByTimeAsync(5000)
  expect(begun).toBe(1)
})
it('is done again after it failed', async () => {
  let begun = 0
  const stop = every(
    1000,
    'chore.failed',
    () => {
      begun += 1
      return Promise.reject(new Fault('store-unavailable', 'transient'))
    },
    log,
  )
  await vi.advanceTimersByTimeAsync(2500)
  await stop()
  expect(begun).toBe(2)
  expect(lines).toEqual(['chore.failed  store-unavailable', 'chore.failed  store-unavailable'])
})
