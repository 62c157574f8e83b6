// How a run ends: told to, failed, or never begun.

import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../../platform/fault.ts'
import type { ClosableLog, LogFields } from '../../platform/log.ts'
import { exitCodes } from './exit-codes.ts'
import { runUntilTold } from './run-command.ts'

let told: EventEmitter
let done: string[]
let logged: (LogFields & { event: string })[]
let log: ClosableLog
beforeEach(() => {
  told = new EventEmitter()
  done = []
  logged = []
  const note = (event: string, fields: LogFields): void => {
    logged.push({ event, ...fields })
  }
  const close = (): Promise<void> => {
    done.push('log closed')
    return Promise.resolve()
  }
  log = { info: note, warn: note, error: note, close }
})

const agent = (failed: Promise<void> = new Promise(() => undefined)) => ({
  failed,
  stop: () => {
    done.push('stopped')
    return Promise.resolve()
  },
  crash: () => {
    done.push('crashed')
    return Promise.resolve()
  },
})

async function run(start: Parameters<typeof runUntilTold>[0], event?: string, value?: unknown) {
  const running = runUntilTold(start, log, told)
  if (event === undefined) return running
  await new Promise((resolve) => setImmediate(resolve))
  told.emit(event, value)
  return running
}

it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])(
  'is stopped by %s, in order, and ends well',
  async (name) => {
    expect(await run(() => Promise.resolve(agent()), name)).toBe(exitCodes.ok)
    expect(done).toEqual(['stopped', 'log closed'])
    expect(told.eventNames()).toEqual([])
  },
)
it.each(['uncaughtException', 'unhandledRejection'])(
  'is taken down by an %s, and nothing of what it said is logged',
  async (name) => {
    const thrown = new TypeError('Rosa Santos, 27051846')
    expect(await run(() => Promise.resolve(agent()), name, thrown)).toBe(exitCodes.internal)
    expect(done).toEqual(['crashed', 'log closed'])
    expect(logged).toContainEqual({ event: 'agent.uncaught', reason: 'TypeError' })
    expect(JSON.stringify(logged)).not.toContain('Santos')
  },
)
it('is taken down when the machine itself has failed', async () => {
  expect(await run(() => Promise.resolve(agent(Promise.resolve())))).toBe(exitCodes.internal)
  expect(done).toEqual(['crashed', 'log closed'])
})
it('ends in order where another release is to be begun, and says so to who begins it', async () => {
  const replaced = { ...agent(), replaced: Promise.resolve() }
  expect(await run(() => Promise.resolve(replaced))).toBe(exitCodes.again)
  expect(done).toEqual(['stopped', 'log closed'])
})
it('is taken down by what goes wrong while it starts', async () => {
  const slow = () =>
    new Promise<ReturnType<typeof agent>>((resolve) => {
      setTimeout(() => {
        resolve(agent())
      }, 5)
    })
  expect(await run(slow, 'uncaughtException', new Error('x'))).toBe(exitCodes.internal)
  expect(done).toEqual(['crashed', 'log closed'])
})

describe('never begins', () => {
  it.each([
    ['settings-not-valid', exitCodes.settings],
    ['port-taken', exitCodes.unavailable],
    ['keyring-unavailable', exitCodes.unavailable],
    ['key-missing', exitCodes.unavailable],
    ['internal', exitCodes.internal],
  ] as const)('for %s, with the exit code of it', async (code, exitCode) => {
    const start = () => Promise.reject(new Fault(code, 'permanent'))
    expect(await run(start)).toBe(exitCode)
    expect(logged).toContainEqual({ event: 'agent.not-started', code })
    expect(done).toEqual(['log closed'])
  })
  it('for a bug, which is not swallowed', async () => {
    await expect(run(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow(TypeError)
    expect(done).toEqual(['log closed'])
  })
})
