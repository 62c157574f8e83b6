// A process that commits facts as fast as it can and says each id only after the store acknowledged
// it. Made to be killed.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { encodeFact } from '@wardkey/broker/audit/fact'
import { openPostgresStore } from '@wardkey/broker/store/postgres-store'
import { openSqliteStore } from '@wardkey/broker/store/sqlite-store'
import { signCheckpoint } from '@wardkey/broker/audit/checkpoint'

const [, , engine, where] = process.argv
const onFatal = (cause: Error): void => {
  throw cause
}
const store =
  engine === 'SQLite'
    ? await openSqliteStore({ path: where ?? '', onFatal })
    : await openPostgresStore({ url: where ?? '', onFatal })
// Signing beside the writes is what a broker does too; the key is of no interest here.
const signer = { name: 'kill.example', key: generateKeyPairSync('ed25519').privateKey }
signCheckpoint(0, Buffer.alloc(32), signer)

async function commitForever(): Promise<void> {
  for (;;) {
    const id = randomUUID()
    const query = store.read
      .insertInto('enrol_token')
      .values({ hash: id, zone_id: 'z', uses_left: 1, expires_ms: 1 })
      .compile()
    const done = await store.commit({
      kind: 'recorded',
      writes: [{ query, expectRows: 1 }],
      facts: [encodeFact({ id, code: 'ADM-001', atMs: 1 })],
    })
    // Written straight to the pipe: what the parent has read was acknowledged.
    if (done.kind === 'committed') writeSync(1, `${id}\n`)
  }
}

await Promise.all(Array.from({ length: 24 }, commitForever))
