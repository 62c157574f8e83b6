// `wardkey-agent duties`: what the machine needs of its system account, until told to stop. By a
// service of Windows, a LaunchDaemon, or a unit of systemd; never by whoever works there.

import type { ClosableLog } from '../../platform/log.ts'
import { startDuties } from '../duties/duties.ts'
import type { Duty, DutyClock, RunningDuties } from '../duties/duties.ts'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Telling } from './run-command.ts'

/** How the system starts and ends what runs for it: Windows has a way of its own. */
export type HostDuties = (start: () => void, stop: () => Promise<void>) => Promise<boolean>

export async function dutiesCommand(
  duties: readonly Duty[],
  log: ClosableLog,
  clock: DutyClock,
  host: HostDuties = untilSignalled(process),
): Promise<ExitCode> {
  try {
    // Where nothing has to be done, nothing has to run: the system takes 0 as a good end.
    if (duties.length === 0) return exitCodes.ok
    let running: RunningDuties | undefined
    const start = (): void => {
      running = startDuties(duties, log, clock)
      log.info('duties.started', { count: duties.length })
    }
    const stop = async (): Promise<void> => {
      await running?.stop()
      log.info('duties.stopped', {})
    }
    const isHosted = await host(start, stop)
    return isHosted ? exitCodes.ok : exitCodes.usage
  } finally {
    await log.close()
  }
}

export function untilSignalled(told: Telling): HostDuties {
  return async (start, stop) => {
    const ended = Promise.withResolvers<undefined>()
    const hear = (): void => {
      ended.resolve(undefined)
    }
    for (const name of ['SIGTERM', 'SIGINT']) told.on(name, hear)
    start()
    await ended.promise
    for (const name of ['SIGTERM', 'SIGINT']) told.off(name, hear)
    await stop()
    return true
  }
}
