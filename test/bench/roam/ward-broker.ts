// The product's whole broker for the benchmark, in a process of its own: zone, people and enrolled
// workstations to begin with, and at the end what its record says. It measures nothing.

import { randomBytes } from 'node:crypto'
import type { Identity } from '@wardkey/agent/link/identity'
import { openBroker } from '../../kit/broker.ts'
import type { Broker } from '../../kit/broker.ts'
import { chartSelector } from './chart-server.ts'

export interface WardOrder {
  readonly chartUrl: string
  readonly places: readonly string[]
  readonly people: readonly string[]
}

export interface Badge {
  /** What a reader sees, as hex. */
  readonly uid: string
  readonly pin: string
}

export interface WardReady {
  readonly port: number
  /** One a place, in their order. */
  readonly identities: readonly Identity[]
  /** One a person, in their order. */
  readonly badges: readonly Badge[]
}

/** How often each code is in the record, which was verified for it. */
export type RecordCounts = Readonly<Record<string, number>>

const offlineMaxMs = 2 * 3_600_000

process.once('message', (order: WardOrder) => {
  void serve(order)
})
process.once('disconnect', () => process.exit(0))

async function serve({ chartUrl, places, people }: WardOrder): Promise<void> {
  const broker = await openBroker(settingsFor(chartUrl))
  const badges: Badge[] = []
  for (const family of people) {
    const { card, pin } = await broker.addPerson({ family })
    badges.push({ uid: card.canonical, pin })
  }
  const identities: Identity[] = []
  for (const place of places) identities.push(await broker.enrol('4-west', place))
  process.on('message', (message: string) => {
    if (message === 'record') void tellRecord(broker)
    if (message === 'stop') void broker.close().then(() => process.exit(0))
  })
  const { port } = new URL(broker.running.workstationUrl)
  process.send?.({ port: Number(port), identities, badges } satisfies WardReady)
}

/** One zone, one chart: signed in to while there is a broker, opened as it is while there is none. */
function settingsFor(chartUrl: string): Record<string, unknown> {
  const { origin } = new URL(chartUrl)
  const opened = { kind: 'open-web', url: chartUrl, readySelector: chartSelector }
  const rules = {
    roles: ['nurse'],
    offlineMaxMs,
    downtimeSteps: [{ ...opened, allowedOrigins: [origin] }],
  }
  const launch = { id: 'chart', adapter: 'oidc-web', launchUrl: chartUrl }
  const client = {
    clientId: 'chart',
    name: 'Bench chart',
    secret: randomBytes(32).toString('hex'),
    redirectUris: [`${origin}/signed-in`],
    launch: { ...launch, readySelector: chartSelector },
  }
  return {
    zones: [{ id: '4-west', kind: 'nurse-station', label: '4 West', rules }],
    'oidc.clients': [client],
  }
}

async function tellRecord(broker: Broker): Promise<void> {
  const counts: Record<string, number> = {}
  for (const { code } of await broker.record()) counts[code] = (counts[code] ?? 0) + 1
  process.send?.(counts satisfies RecordCounts)
}
