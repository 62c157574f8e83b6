// The operator's log as this machine keeps it: standard error, and the event log where Windows
// keeps nothing of that.

import { isSea } from 'node:sea'
import { openLog } from '../../platform/log.ts'
import type { AlsoTo, ClosableLog } from '../../platform/log.ts'
import type { Settings } from '../../platform/settings.ts'

/** As the MSI registers it. */
export const eventSource = 'Wardkey'

export async function logHere(settings: Settings): Promise<ClosableLog> {
  const isInstalled = process.platform === 'win32' && isSea()
  return openLog(settings['log.level'], isInstalled ? await eventLog() : undefined)
}

/** Who comes and goes is told too; what else is only good to know would fill it. */
async function eventLog(): Promise<AlsoTo> {
  const { openEventLog } = await import('../../desktop/windows/event-log.ts')
  const report = openEventLog(eventSource)
  return (severity, line) => {
    const isTold = severity !== 'info' || /^(agent|duties)\.(started|stopped)/.test(line)
    if (isTold) report(severity, line)
  }
}
