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

/** Good to know, and rare: who comes and goes, and which release. The rest would fill it. */
const told = /^((agent|duties)\.(started|stopped)|updates\.started|update\.(begins|ended))/

async function eventLog(): Promise<AlsoTo> {
  const { openEventLog } = await import('../../desktop/windows/event-log.ts')
  const report = openEventLog(eventSource)
  return (severity, line) => {
    const isTold = severity !== 'info' || told.test(line)
    if (isTold) report(severity, line)
  }
}
