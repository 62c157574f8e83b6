// Renewal by itself: when it asks, whom, and what it does with a no.

import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HandClock } from '../../../test/kit/hand-clock.ts'
import { ThrowAwayAuthority } from '../../../test/kit/throw-away-authority.ts'
import { Fault } from '../platform/fault.ts'
import type { LogFields } from '../platform/log.ts'
import type { EnrolOutcome } from './enrol.ts'
import type { Identity } from './identity.ts'
import { startRenewal } from './renewal.ts'
import type { RenewalNeeds } from './renewal.ts'

const hourMs = 3_600_000
const clockStart = new HandClock().wallMs()
const brokers = [1, 2].map((port) => ({ host: 'b', port, serverName: '' }))

let old: Identity
let fresh: Identity
beforeAll(async () => {
  const authority = await ThrowAwayAuthority.make()
  old = await authority.identity({ fromMs: clockStart, untilMs: clockStart + 30 * hourMs })
  fresh = await authority.identity({
    fromMs: clockStart + 20 * hourMs,
    untilMs: clockStart + 50 * hourMs,
  })
})

let clock: HandClock
let kept: Identity[]
let asked: number[]
let logged: (LogFields & { event: string })[]
let answer: (port: number) => Promise<EnrolOutcome>

beforeEach(() => {
  clock = new HandClock()
  kept = []
  asked = []
  logged = []
  answer = () => Promise.resolve({ kind: 'enrolled', identity: fresh })
})

function begin(change: Partial<RenewalNeeds> = {}): () => void {
  const note = (event: string, fields: LogFields): void => {
    logged.push({ event, ...fields })
  }
  return startRenewal({
    addresses: brokers,
    identity: () => kept.at(-1) ?? old,
    renew: ({ port }) => {
      asked.push(port)
      return answer(port)
    },
    keep: (identity) => {
      kept.push(identity)
    },
    clock,
    log: { info: note, warn: note, error: note },
    random: () => 0.5,
    ...change,
  })
}

it('asks when two thirds are over, once, and keeps what it gets', async () => {
  begin()
  await clock.advance(19 * hourMs)
  expect(asked).toEqual([])
  await clock.advance(2 * hourMs)
  expect(asked).toEqual([1])
  expect(kept).toEqual([fresh])
  await clock.advance(5 * hourMs)
  expect(asked).toEqual([1])
})
it('asks at once where the machine was off when it was due', async () => {
  clock.setWall(25 * hourMs)
  begin()
  await clock.advance(10)
  expect(kept).toEqual([fresh])
})

describe('goes on', () => {
  it('with the next broker where one cannot be reached', async () => {
    answer = (port) =>
      port === 1
        ? Promise.reject(new Fault('link-down', 'transient'))
        : Promise.resolve({ kind: 'enrolled', identity: fresh })
    clock.setWall(25 * hourMs)
    begin()
    await clock.advance(10)
    expect(asked).toEqual([1, 2])
    expect(kept).toEqual([fresh])
  })
  it('asking at the next look where it was refused, and says so', async () => {
    answer = () =>
      Promise.resolve({ kind: 'refused', status: 403, code: 'workstation-not-enrolled' })
    clock.setWall(25 * hourMs)
    begin()
    await clock.advance(hourMs)
    expect(asked.length).toBeGreaterThan(4)
    expect(kept).toEqual([])
    expect(logged).toContainEqual({
      event: 'identity.renewal-refused',
      code: 'workstation-not-enrolled',
    })
  })
  it('after a failure that nobody foresaw, without ending the agent', async () => {
    answer = () => Promise.reject(new TypeError('a bug'))
    clock.setWall(25 * hourMs)
    begin()
    await clock.advance(hourMs)
    expect(asked.length).toBeGreaterThan(1)
  })
  it('where the certificate on disk cannot be read', async () => {
    begin({ identity: () => ({ ...old, certificatePem: 'x' }) })
    await clock.advance(hourMs)
    expect(asked).toEqual([])
    expect(logged.map(({ event }) => event)).toContain('identity.renewal-failed')
  })
})

it('asks nobody while it is a copy, whose new certificate would end the true one’s', async () => {
  let isCopy = true
  begin({ isCopy: () => isCopy })
  await clock.advance(24 * hourMs)
  expect(asked).toEqual([])
  isCopy = false
  await clock.advance(hourMs)
  expect(kept).toEqual([fresh])
})
it('asks nobody for what is not enrolled, and nothing once it was stopped', async () => {
  begin({ identity: () => undefined })
  const stop = begin()
  await clock.advance(hourMs)
  stop()
  await clock.advance(40 * hourMs)
  expect(asked).toEqual([])
})
