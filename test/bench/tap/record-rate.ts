// How many facts a second become durable through the product's store, with the sealer hashing and
// signing beside it, while so many callers wait.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { encodeFact } from '@wardkey/broker/audit/fact'
import { Sealer } from '@wardkey/broker/audit/sealer'
import { orderedId } from '@wardkey/broker/platform/ordered-id'
import { silentLog } from '../../kit/broker-core.ts'
import { sqliteTestStore } from '../../kit/stores.ts'

export async function recordRate(seconds: number, outstanding: number): Promise<number> {
  const test = await sqliteTestStore()
  const { store } = test
  const sealer = new Sealer({
    store,
    signer: { name: 'bench.example/record', key: generateKeyPairSync('ed25519').privateKey },
    nowMs: Date.now,
    log: silentLog,
    onBroken: (fault) => {
      throw fault
    },
  })
  await sealer.start()
  const untilMs = performance.now() + seconds * 1000
  let facts = 0
  const beganMs = performance.now()
  await Promise.all(
    Array.from({ length: outstanding }, async () => {
      while (performance.now() < untilMs) {
        const id = randomUUID()
        const atMs = Date.now()
        const fact = encodeFact({
          id: orderedId(id, atMs),
          code: 'TAP-001',
          atMs,
          person: id,
          workstation: id,
          session: id,
          tap: id,
          rule: 'badge-within-grace',
          fields: { padding: 'x'.repeat(180) },
        })
        await store.commit({ kind: 'recorded', writes: [], facts: [fact] })
        facts += 1
      }
    }),
  )
  await sealer.stop()
  const rate = facts / ((performance.now() - beganMs) / 1000)
  await store.close()
  await test.remove()
  return rate
}
