// `wardkey-agent run`: until a signal, or until something fails that nobody expected. Whatever ends
// it, the screen is covered and the broker told before the process goes.

import { Fault } from '../../platform/fault.ts'
import type { ClosableLog } from '../../platform/log.ts'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'

export interface Stoppable {
  readonly failed: Promise<void>
  stop(): Promise<void>
  crash(): Promise<void>
}

/** A second signal, or an end that takes longer than this, ends the process as it is. */
const endWithinMs = 8000

export async function runUntilTold(
  start: () => Promise<Stoppable>,
  log: ClosableLog,
): Promise<ExitCode> {
  let agent: Stoppable | undefined
  const ended = Promise.withResolvers<'told' | 'failed'>()
  const onSignal = (): void => {
    ended.resolve('told')
  }
  const onUncaught = (thrown: unknown): void => {
    // The name only: a message may quote anything.
    log.error('agent.uncaught', { reason: thrown instanceof Error ? thrown.name : 'unknown' })
    ended.resolve('failed')
  }
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('SIGHUP', onSignal)
  process.on('uncaughtException', onUncaught).on('unhandledRejection', onUncaught)
  try {
    agent = await start()
    log.info('agent.started', {})
    void agent.failed.then(() => {
      ended.resolve('failed')
    })
    const how = await ended.promise
    await endOf(how === 'told' ? agent.stop() : agent.crash())
    log.info('agent.stopped', { reason: how })
    return how === 'told' ? exitCodes.ok : exitCodes.internal
  } catch (thrown) {
    log.error('agent.not-started', { code: thrown instanceof Fault ? thrown.code : 'internal' })
    if (!(thrown instanceof Fault)) throw thrown
    return exitCodeFor(thrown)
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal).off('SIGHUP', onSignal)
    process.off('uncaughtException', onUncaught).off('unhandledRejection', onUncaught)
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

function exitCodeFor({ code }: Fault): ExitCode {
  if (code === 'settings-not-valid') return exitCodes.settings
  const isAway = code === 'port-taken' || code === 'keyring-unavailable' || code === 'key-missing'
  return isAway ? exitCodes.unavailable : exitCodes.internal
}
