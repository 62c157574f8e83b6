// One look of retention in a process of its own, which its parent kills: it says before and after
// each write that it is there. Words: the database, the record's key (a file), the time.

import { createPrivateKey, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Sealer } from '@wardkey/broker/audit/sealer'
import { makePerform } from '@wardkey/broker/flows/perform'
import { RetentionDesk } from '@wardkey/broker/flows/retention/retention-desk'
import { openSqliteStore } from '@wardkey/broker/store/sqlite-store'
import type { Store } from '@wardkey/broker/store/store'

const [path = '', keyFile = '', time = ''] = process.argv.slice(2)
const nowMs = (): number => Number(time)
const fail = (thrown: Error): void => {
  throw thrown
}
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

const opened = await openSqliteStore({ path, onFatal: fail })
const store: Store = {
  engine: opened.engine,
  read: opened.read,
  get waiting() {
    return opened.waiting
  },
  commit: async (unit) => {
    process.stdout.write('writes\n')
    const done = await opened.commit(unit)
    process.stdout.write('written\n')
    return done
  },
  close: () => opened.close(),
}
const signer = { name: 'kit.example/record', key: createPrivateKey(readFileSync(keyFile)) }
const sealer = new Sealer({ store, signer, nowMs, log: silent, onBroken: fail })
await sealer.sealNow()
const perform = makePerform({ store, log: silent, notices: () => undefined })
const desk = new RetentionDesk({
  ...{ store, db: store.read, perform, log: silent, signer, nowMs },
  ...{ newId: randomUUID, me: randomUUID(), head: () => sealer.head },
})
await desk.look()
await sealer.sealNow()
await store.close()
process.stdout.write('done\n')
