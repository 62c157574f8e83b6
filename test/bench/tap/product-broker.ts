// The product for the benchmark, in a process of its own: the real door, flows, policy, store and
// sealer on SQLite, with as many people and workstations as are asked for.

import { generateKeyPairSync } from 'node:crypto'
import { Sealer } from '@wardkey/broker/audit/sealer'
import { silentLog, usualPin } from '../../kit/broker-core.ts'
import { openWired } from '../../kit/wired-broker.ts'
import type { KitIdentity, WiredBroker } from '../../kit/wired-broker.ts'

export interface ProductStart {
  /** Where a badge is enough; each has a person of its own. */
  readonly stations: number
  /** Where each tap asks for the PIN; each has a person of its own, too. */
  readonly pinStations: number
  readonly pinThreads: number
  readonly pinQueueMax: number
}

/** Workstations, and at the same place in `cards` who taps there. */
export interface Place {
  readonly stations: readonly KitIdentity[]
  readonly cards: readonly string[]
}

export interface ProductReady {
  readonly port: number
  readonly caPem: string
  readonly badge: Place
  readonly pin: Place
  /** Everybody's. */
  readonly usualPin: string
}

/** How many PINs were in the house since the last time somebody asked, and how many are now. */
export interface PinQueueDepth {
  readonly mean: number
  readonly now: number
}

const badgeZone = '4-west'
const pinZone = 'pharmacy'
const lookEveryMs = 10

process.once('message', (start: ProductStart) => {
  void serve(start)
})
process.once('disconnect', () => process.exit(0))

async function serve(start: ProductStart): Promise<void> {
  const { pinThreads, pinQueueMax } = start
  const wired = await openWired({ connectionsMax: 20_000, pinThreads, pinQueueMax })
  const { core } = wired
  await core.addZone(badgeZone, { graceRollingMs: 86_400_000, graceAbsoluteMs: 86_400_000 })
  await core.addZone(pinZone, { pin: 'each-tap' })
  const badge = await settle(wired, badgeZone, start.stations)
  const pin = await settle(wired, pinZone, start.pinStations)
  const sealer = new Sealer({
    store: core.store,
    signer: { name: 'bench.example/record', key: generateKeyPairSync('ed25519').privateKey },
    nowMs: Date.now,
    log: silentLog,
    onBroken: () => process.exit(70),
  })
  await sealer.start()
  const depth = watchDepth(() => core.needs.hashing.waiting)
  process.on('message', (message: string) => {
    if (message === 'usage')
      process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() })
    if (message === 'queue') process.send?.(depth())
    if (message === 'stop') void stop(wired, sealer)
  })
  const ready: ProductReady = { port: wired.port, caPem: wired.caPem, badge, pin, usualPin }
  process.send?.(ready)
}

async function settle(wired: WiredBroker, zone: string, count: number): Promise<Place> {
  const { core } = wired
  const stations: KitIdentity[] = []
  const cards: string[] = []
  for (let n = 0; n < count; n++) {
    stations.push(await wired.addWorkstation(zone))
    // A PIN costs what it costs; where a badge is enough nobody needs one.
    const person = await core.addPerson({
      family: `Sample${String(n)}`,
      ...(zone === pinZone ? {} : { pin: null }),
    })
    cards.push(person.card.canonical)
    if (zone === pinZone) continue
    const nowMs = core.nowMs()
    const query = core.store.read
      .insertInto('grace')
      .values({ person_id: person.personId, zone_id: zone, pin_at_ms: nowMs, last_ms: nowMs })
      .compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
  }
  return { stations, cards }
}

function watchDepth(look: () => number): () => PinQueueDepth {
  let sum = 0
  let looks = 0
  setInterval(() => {
    sum += look()
    looks += 1
  }, lookEveryMs).unref()
  return () => {
    const mean = looks === 0 ? look() : sum / looks
    sum = 0
    looks = 0
    return { mean, now: look() }
  }
}

async function stop(wired: WiredBroker, sealer: Sealer): Promise<void> {
  await wired.door.close()
  await sealer.stop()
  await wired.close()
  process.exit(0)
}
