// What a machine needs of its system account, beside whoever works at it: a list of duties, each
// looked after in its own time. One that fails is told, and tried again; it stops no other.

import type { Log } from '../../platform/log.ts'
import { Fault } from '../../platform/fault.ts'

export interface Duty {
  readonly name: string
  readonly everyMs: number
  /** Does what there is to do by now. Throws where that failed; it is asked again all the same. */
  look(): Promise<void>
}

export interface DutyClock {
  after(ms: number, act: () => void): () => void
}

export interface RunningDuties {
  /** Begins nothing more; resolves when what is under way has ended. */
  stop(): Promise<void>
}

export function startDuties(duties: readonly Duty[], log: Log, clock: DutyClock): RunningDuties {
  const running = duties.map((duty) => keep(duty, log, clock))
  return {
    stop: async () => {
      await Promise.all(running.map((one) => one.stop()))
    },
  }
}

function keep(duty: Duty, log: Log, clock: DutyClock): RunningDuties {
  let isStopped = false
  let forget: () => void = () => undefined
  let current: Promise<void> = Promise.resolve()
  const look = (): void => {
    current = lookOnce(duty, log).then(() => {
      if (!isStopped) forget = clock.after(duty.everyMs, look)
    })
  }
  look()
  return {
    stop: () => {
      isStopped = true
      forget()
      return current
    },
  }
}

async function lookOnce(duty: Duty, log: Log): Promise<void> {
  try {
    await duty.look()
  } catch (thrown) {
    // The name only: a message may quote anything.
    const code = thrown instanceof Fault ? thrown.code : 'internal'
    log.error('duty.failed', { kind: duty.name, code })
  }
}
