// The simulation's store keeps the contract of the product's own.

import { Kysely, SqliteDialect } from 'kysely'
import { migrate } from '@wardkey/broker/store/migrate'
import type { Store } from '@wardkey/broker/store/store'
import { storeContract } from '../conformance/store-contract.ts'
import { emptyImage, MemoryDisk, MemoryStore } from './world/memory-store.ts'

async function openInMemory() {
  const disk = new MemoryDisk(await emptyImage())
  const open = () =>
    Promise.resolve(
      new MemoryStore({
        disk,
        after: (ms, run) => setTimeout(run, ms),
        flushMs: () => 0,
        lookMs: () => 0,
        fate: () => 'written',
      }),
    )
  const remove = (): Promise<void> => {
    disk.connection.close()
    return Promise.resolve()
  }
  return { disk, open, remove }
}

/** As a broker opens what is there already. */
async function migrated(disk: MemoryDisk, open: () => Promise<Store>): Promise<Store> {
  const { connection } = disk
  connection.exec('begin exclusive')
  try {
    await migrate(new Kysely({ dialect: new SqliteDialect({ database: connection }) }), 'sqlite')
  } finally {
    connection.exec('commit')
  }
  return open()
}

storeContract({
  engine: 'SQLite in memory',
  make: openInMemory,
  open: async () => {
    const { disk, open, remove } = await openInMemory()
    return { store: await open(), reopen: () => migrated(disk, open), remove }
  },
  isHere: true,
})
