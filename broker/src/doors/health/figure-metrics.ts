// The figures of the last 30 days and the readers of now, for graphs. What is counted is counted by
// a chore, not when somebody scrapes; no label names anybody, nor a workstation: zones only.

import { Counter, Gauge } from 'prom-client'
import type { Registry } from 'prom-client'
import type { FiguresOf } from '@wardkey/protocol/admin/figures/figures'

export interface FigureMetrics {
  /** The figures as they were counted last. */
  readonly set: (figures: FiguresOf) => void
  /** So many seconds of a connected workstation's reader in that state. */
  readonly reader: (zone: string, state: string, seconds: number) => void
  readonly alerts: (standing: ReadonlyMap<string, number>) => void
}

const seconds = (ms: number | undefined): number => (ms === undefined ? Number.NaN : ms / 1000)
const ratio = (part: number, of: number): number => (of === 0 ? Number.NaN : part / of)

const gauges: Readonly<Record<string, readonly [help: string, (of: FiguresOf) => number]>> = {
  wardkey_figure_day_one_right_ratio: [
    'Of people who began in the last 30 days: whose first day had no tap refused for a right.',
    ({ dayOne }) => ratio(dayOne.right, dayOne.people),
  ],
  wardkey_figure_revoke_median_seconds: [
    'From the word that ended access to her last screen being locked, median of 30 days.',
    ({ revoked }) => seconds(revoked.medianMs),
  ],
  wardkey_figure_exceptions_approved: [
    'Exceptions that were approved in the last 30 days.',
    ({ exceptions }) => exceptions.approved,
  ],
  wardkey_figure_exception_median_seconds: [
    'How long exceptions that ended in the last 30 days had held, median.',
    ({ exceptions }) => seconds(exceptions.medianHeldMs),
  ],
  wardkey_figure_reviews_in_time_ratio: [
    'Of reviews of emergency access that fell due in the last 30 days: closed in time.',
    ({ reviews }) => ratio(reviews.inTime, reviews.due),
  ],
  wardkey_figure_detect_median_seconds: [
    'From the first fact to the alert, of alerts confirmed that were raised in 30 days, median.',
    ({ incidents }) => seconds(incidents.medianDetectMs),
  ],
  wardkey_figure_contain_median_seconds: [
    'From the alert to the first act against it, or its closing, median of the same alerts.',
    ({ incidents }) => seconds(incidents.medianContainMs),
  ],
  wardkey_figure_badge_sharing: [
    'Alerts of alternating badges that were raised in the last 30 days.',
    ({ sharing }) => sharing,
  ],
  wardkey_figure_lost_badges: [
    'Badges that were reported lost in the last 30 days.',
    ({ lostBadges }) => lostBadges,
  ],
}

export function makeFigureMetrics(registry: Registry): FigureMetrics {
  const registers = [registry]
  const made = Object.entries(gauges).map(([name, [help, read]]) => {
    const gauge = new Gauge({ name, help, registers })
    gauge.set(Number.NaN)
    return { gauge, read }
  })
  const readers = new Counter({
    name: 'wardkey_reader_seconds_total',
    help: 'Time of connected workstations by the state of their badge reader: ready is uptime.',
    labelNames: ['zone', 'state'],
    registers,
  })
  const standing = new Gauge({
    name: 'wardkey_alerts',
    help: 'Alerts that are not closed, by rule.',
    labelNames: ['rule'],
    registers,
  })
  return {
    set: (figures) => {
      for (const { gauge, read } of made) gauge.set(read(figures))
    },
    reader: (zone, state, time) => {
      readers.labels(zone, state).inc(time)
    },
    alerts: (counts) => {
      standing.reset()
      for (const [rule, count] of counts) standing.labels(rule).set(count)
    },
  }
}
