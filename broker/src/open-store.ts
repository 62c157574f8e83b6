// The store that settings ask for, opened.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from './platform/fault.ts'
import type { Settings } from './platform/settings.ts'
import { openPostgresStore } from './store/postgres-store.ts'
import { openSqliteStore } from './store/sqlite-store.ts'
import type { Store } from './store/store.ts'

/** Throws Fault where the folder is not there, or the database cannot be opened. */
export async function openStore(
  settings: Settings,
  onFatal: (cause: Error) => void,
): Promise<Store> {
  if (settings['store.kind'] === 'postgres') {
    return attempt(() => openPostgresStore({ url: settings['store.postgresUrl'], onFatal }))
  }
  const { dataDir } = settings
  if (!existsSync(dataDir)) {
    const cause = new Error(`${dataDir}: there is no data folder; run wardkey-broker init`)
    throw new Fault('store-unavailable', 'permanent', { cause })
  }
  return attempt(() => openSqliteStore({ path: join(dataDir, databaseFile), onFatal }))
}

export const databaseFile = 'wardkey.db'

async function attempt(open: () => Promise<Store>): Promise<Store> {
  try {
    return await open()
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('store-unavailable', 'permanent', { cause })
  }
}
