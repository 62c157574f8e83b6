// What graphs show of other systems' events: how many came, and what became of them.

import { Counter } from 'prom-client'
import type { Registry } from 'prom-client'
import type { FeedOutcome } from './feed-desk.ts'

export function feedCounter(registry: Registry): (feed: string, outcome: FeedOutcome) => void {
  const counter = new Counter({
    name: 'wardkey_feed_events_total',
    help: 'Events of other systems: taken, repeated, ignored, or not in the table (unmapped).',
    labelNames: ['feed', 'outcome'],
    registers: [registry],
  })
  return (feed, outcome) => {
    counter.labels(feed, outcome).inc()
  }
}
