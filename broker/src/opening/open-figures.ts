// Counts the figures of the last 30 days once an hour, and the readers of connected workstations
// all the time, for graphs.

import type { Base, Core } from '../broker-core.ts'
import { makeFigureMetrics } from '../doors/health/figure-metrics.ts'
import type { WorkstationDoor } from '../doors/workstations/workstation-door.ts'
import { countAlerts } from '../flows/alerts/alert-row.ts'
import { readFigures } from '../flows/figures/read-figures.ts'
import { every } from '../platform/every.ts'

const readersMs = 15_000
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const windowMs = 30 * 24 * hourMs

export function openFigures(
  { metrics, shutdown, log }: Base,
  core: Core,
  { connections }: WorkstationDoor,
): void {
  const figures = makeFigureMetrics(metrics.registry)
  let countedMs = 0
  const count = async (): Promise<void> => {
    figures.alerts(await countAlerts(core.db))
    const nowMs = core.nowMs()
    if (nowMs - countedMs < hourMs) return
    countedMs = nowMs
    const period = { fromMs: nowMs - windowMs, untilMs: nowMs }
    figures.set(await readFigures(core.db, period, nowMs))
  }
  const readers = (): Promise<void> => {
    for (const { zoneId, health } of connections.all()) {
      figures.reader(zoneId, health?.reader ?? 'not-said', readersMs / 1000)
    }
    return Promise.resolve()
  }
  shutdown.add('chores', every(minuteMs, 'figures.round-failed', count, log))
  shutdown.add('chores', every(readersMs, 'figures.round-failed', readers, log))
}
