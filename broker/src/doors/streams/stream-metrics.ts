// What graphs show of streams: how far those are behind that this broker sends. Names are the
// settings' own, and few.

import { Gauge } from 'prom-client'
import type { Registry } from 'prom-client'
import type { StreamDesk } from './stream-desk.ts'

export function watchStreams(registry: Registry, desk: Pick<StreamDesk, 'figures'>): void {
  const labelNames = ['stream'] as const
  const behind = new Gauge({
    name: 'wardkey_stream_behind_facts',
    help: 'Facts under the newest checkpoint that a stream has not handed over.',
    labelNames,
    registers: [registry],
    collect: () => {
      behind.reset()
      for (const { name, behind: count } of desk.figures) behind.labels(name).set(count)
    },
  })
  const failures = new Gauge({
    name: 'wardkey_stream_failures',
    help: 'Tries in a row that a stream has failed; 0 where it does not.',
    labelNames,
    registers: [registry],
    collect: () => {
      failures.reset()
      for (const { name, failures: count } of desk.figures) failures.labels(name).set(count)
    },
  })
}
