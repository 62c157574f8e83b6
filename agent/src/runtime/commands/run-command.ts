// `wardkey-agent run`: until a signal, or until something fails that nobody expected. Whatever ends
// it, the screen is covered and the broker told before the process goes.

import { Fault } from '../../platform/fault.ts'
import type { ClosableLog } from '../../platform/log.ts'
import { exitCodeFor, exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'

export interface Stoppable {
  readonly failed: Promise<void>
  /** Resolves when another release is installed that is to be begun in its place. */
  readonly replaced?: Promise<void>
  stop(): Promise<void>
  crash(): Promise<void>
}

/** Where signals and failures are told: the process. */
export interface Telling {
  on(name: string, listener: (value: unknown) => void): unknown
  off(name: string, listener: (value: unknown) => void): unknown
}

const endings = {
  told: exitCodes.ok,
  failed: exitCodes.internal,
  replaced: exitCodes.again,
} as const

/** An end that takes longer than this is ended as it is. */
const endWithinMs = 8000

export async function runUntilTold(
  start: () => Promise<Stoppable>,
  log: ClosableLog,
  told: Telling = process,
): Promise<ExitCode> {
  let agent: Stoppable | undefined
  const ended = Promise.withResolvers<'told' | 'failed' | 'replaced'>()
  const onSignal = (): void => {
    ended.resolve('told')
  }
  const onUncaught = (thrown: unknown): void => {
    // The name only: a message may quote anything.
    log.error('agent.uncaught', { reason: thrown instanceof Error ? thrown.name : 'unknown' })
    ended.resolve('failed')
  }
  const listeners = [
    ...(['SIGTERM', 'SIGINT', 'SIGHUP'] as const).map((name) => [name, onSignal] as const),
    ...(['uncaughtException', 'unhandledRejection'] as const).map(
      (name) => [name, onUncaught] as const,
    ),
  ]
  for (const [name, listener] of listeners) told.on(name, listener)
  try {
    agent = await start()
    log.info('agent.started', {})
    void agent.failed.then(() => {
      ended.resolve('failed')
    })
    void agent.replaced?.then(() => {
      ended.resolve('replaced')
    })
    const how = await ended.promise
    await endOf(how === 'failed' ? agent.crash() : agent.stop())
    log.info('agent.stopped', { reason: how })
    return endings[how]
  } catch (thrown) {
    log.error('agent.not-started', { code: thrown instanceof Fault ? thrown.code : 'internal' })
    if (!(thrown instanceof Fault)) throw thrown
    return exitCodeFor(thrown)
  } finally {
    for (const [name, listener] of listeners) told.off(name, listener)
    await log.close()
  }
}

/** The browser goes with us in any case: it ends when our end of its pipe closes. */
async function endOf(work: Promise<void>): Promise<void> {
  await Promise.race([
    work,
    new Promise<void>((resolve) => {
      setTimeout(resolve, endWithinMs).unref()
    }),
  ])
}
