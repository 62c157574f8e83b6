// The product for the benchmark, in a process of its own: the real door, flows, policy, store and
// sealer on SQLite, with as many people and workstations as are asked for.

import { generateKeyPairSync } from 'node:crypto'
import { Sealer } from '@wardkey/broker/audit/sealer'
import { silentLog } from '../../kit/broker-core.ts'
import { openWired } from '../../kit/wired-broker.ts'

export interface ProductStart {
  readonly stations: number
  readonly people: number
  readonly pinThreads: number
  readonly pinQueueMax: number
}

process.once('message', (start: ProductStart) => {
  void serve(start)
})
process.once('disconnect', () => process.exit(0))

async function serve(start: ProductStart): Promise<void> {
  const wired = await openWired({
    connectionsMax: 20_000,
    pinThreads: start.pinThreads,
    pinQueueMax: start.pinQueueMax,
  })
  const { core } = wired
  await core.addZone('4-west', { graceRollingMs: 86_400_000, graceAbsoluteMs: 86_400_000 })
  const stations = []
  for (let n = 0; n < start.stations; n++) stations.push(await wired.addWorkstation('4-west'))
  const cards: string[] = []
  for (let n = 0; n < start.people; n++) {
    // A PIN costs what it costs; only the first people need one.
    const person = await core.addPerson({
      family: `Sample${String(n)}`,
      ...(n < 40 ? {} : { pin: null }),
    })
    cards.push(person.card.canonical)
    if (n < 40) continue
    const query = core.store.read
      .insertInto('grace')
      .values({
        person_id: person.personId,
        zone_id: '4-west',
        pin_at_ms: core.nowMs(),
        last_ms: core.nowMs(),
      })
      .compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
  }
  const sealer = new Sealer({
    store: core.store,
    signer: { name: 'bench.example/record', key: generateKeyPairSync('ed25519').privateKey },
    nowMs: Date.now,
    log: silentLog,
    onBroken: () => process.exit(70),
  })
  await sealer.start()
  process.send?.({ port: wired.port, caPem: wired.caPem, stations, cards })
  process.on('message', (message: string) => {
    if (message === 'cpu') {
      process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() })
    } else if (message === 'stop') {
      void sealer.stop().then(() => process.exit(0))
    }
  })
}
