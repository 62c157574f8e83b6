// What has to be there before a broker can serve: folders, keys, authority, database, and the first
// administration token. Makes what is missing, says what that was, and leaves the rest as it is.

import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { scopes } from '@wardkey/protocol/admin/scopes'
import { findCaller, hostTokenName, makeAdminToken } from './flows/admin-tokens.ts'
import { newFact } from './flows/flow-needs.ts'
import type { FlowNeeds } from './flows/flow-needs.ts'
import { makePerform } from './flows/perform.ts'
import type { Perform } from './flows/perform.ts'
import { databaseFile, openStore } from './open-store.ts'
import { openAuthority } from './platform/authority/authority.ts'
import { systemClock } from './platform/clock.ts'
import { adminTokenFile, keyFault, makeKeyFolder } from './platform/keys/key-folder.ts'
import type { KeyFolder } from './platform/keys/key-folder.ts'
import { makeKeys, openKeys } from './platform/keys/keys.ts'
import { hasMasterKey, isMasterInFolder } from './platform/keys/master-key.ts'
import type { Log } from './platform/log.ts'
import type { Settings } from './platform/settings.ts'
import { version } from './platform/version.ts'
import type { Store } from './store/store.ts'

/**
 * One line for each thing that was made; none where everything was there. `tell` hears before what
 * takes a while. Throws Fault.
 */
export async function initBroker(
  settings: Settings,
  log: Log,
  tell: (line: string) => void = () => undefined,
): Promise<readonly string[]> {
  const { dataDir, keysDir } = settings
  const made: string[] = []
  const folder = makeKeyFolder(keysDir)
  if (mayBeNew(settings, folder))
    tell('Making what is missing of keys and database: some seconds …')
  await refuseForeignData(settings, folder)
  if (!existsSync(dataDir)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    made.push(`data folder: ${dataDir}`)
  }
  const names = makeKeys(settings)
  if (names.length > 0) made.push(`keys (${names.join(', ')}): ${keysDir}`)
  const keys = await openKeys(settings)
  const authoritySettings = {
    names: settings['workstations.names'],
    certificateHours: settings['workstations.certificateHours'],
  }
  await openAuthority(keys, authoritySettings, systemClock.nowMs)
  const store = await openStore(settings, throwIt)
  try {
    made.push(...(await initStore(store, folder, log)))
  } finally {
    await store.close()
  }
  return made
}

/** A database of its own server is looked at only by opening it, which makes its tables. */
function mayBeNew(settings: Settings, folder: KeyFolder): boolean {
  if (settings['store.kind'] === 'sqlite') return !existsSync(join(settings.dataDir, databaseFile))
  return isMasterInFolder(settings) && !hasMasterKey(folder)
}

/** New keys beside old data would make every name, badge and PIN in it unreadable for ever. */
async function refuseForeignData(settings: Settings, folder: KeyFolder): Promise<void> {
  if (!isMasterInFolder(settings) || hasMasterKey(folder) || !(await isOldData(settings))) return
  const where = settings['store.kind'] === 'postgres' ? 'the database' : settings.dataDir
  throw keyFault(`${folder.path}: there is data in ${where}, but not its keys; restore them`)
}

async function isOldData(settings: Settings): Promise<boolean> {
  if (settings['store.kind'] === 'sqlite') return existsSync(join(settings.dataDir, databaseFile))
  const store = await openStore(settings, throwIt)
  try {
    return await isInitialised({ db: store.read })
  } finally {
    await store.close()
  }
}

function throwIt(cause: Error): never {
  throw cause
}

async function initStore(store: Store, folder: KeyFolder, log: Log): Promise<string[]> {
  const { nowMs } = systemClock
  const needs = { db: store.read, nowMs, newId: randomUUID, random: randomBytes }
  const perform = makePerform({ store, log, notices: () => undefined })
  const made: string[] = []
  if (!(await isInitialised(needs))) {
    const facts = [newFact(needs, 'SYS-003', { fields: { version } })] as const
    await perform(() => Promise.resolve({ answer: undefined, facts, writes: [], notices: [] }))
    made.push(`database: ${store.engine}`)
  }
  if (await makeToken(folder, needs, perform)) {
    made.push(`administration token: ${join(folder.path, adminTokenFile)}`)
  }
  return made
}

async function isInitialised({ db }: Pick<FlowNeeds, 'db'>): Promise<boolean> {
  const row = await db
    .selectFrom('fact')
    .select('idx')
    .where('code', '=', 'SYS-003')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Written to its file once, never printed. One that the database does not know is made anew. */
async function makeToken(
  folder: KeyFolder,
  needs: FlowNeeds & { readonly random: (bytes: number) => Buffer },
  perform: Perform,
): Promise<boolean> {
  const known = folder.find(adminTokenFile)?.trim()
  if (known !== undefined && (await findCaller(known, needs))) return false
  const { answer } = await perform(() =>
    Promise.resolve(makeAdminToken({ name: hostTokenName, scopes }, needs)),
  )
  folder.replace(adminTokenFile, `${answer.token}\n`)
  return true
}
