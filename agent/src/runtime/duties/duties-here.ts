// The duties of this machine, by its system, and who starts and stops them here.

import { dirname, win32 } from 'node:path'
import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import { untilSignalled } from '../commands/duties-command.ts'
import type { HostDuties } from '../commands/duties-command.ts'
import type { Duty } from './duties.ts'

/** As the MSI names it. */
const systemName = 'WardkeyAgent'
const sessionsEveryMs = 15_000

export async function dutiesHere(log: Log): Promise<readonly Duty[]> {
  return process.platform === 'win32' ? [await serveSessions(log)] : []
}

/** An agent that somebody ends begins again; who keeps Windows from it is told once a time. */
async function serveSessions(log: Log): Promise<Duty> {
  const { startInSessions } = await import('../../desktop/windows/session-starter.ts')
  const program = win32.join(dirname(process.execPath), 'wardkey-session.exe')
  return {
    name: 'sessions',
    everyMs: sessionsEveryMs,
    look: () => {
      const { started, refused } = startInSessions(program, ['run'])
      if (started > 0) log.warn('session-agent.started', { count: started })
      if (refused > 0) return Promise.reject(new Fault('internal', 'transient'))
      return Promise.resolve()
    },
  }
}

export async function hostHere(isBySystem: boolean): Promise<HostDuties> {
  if (!isBySystem) return untilSignalled(process)
  const { runAsSystemService } = await import('../../desktop/windows/system-service.ts')
  return async (start, stop) => (await runAsSystemService(systemName, start, stop)) === 'ended'
}
