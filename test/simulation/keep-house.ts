// Keeps what a simulated hospital wrote as the folder of a real broker: its database, the keys that
// sealed it, and settings that start a broker on it. Nobody can type a PIN there: the simulation
// hashes them quickly, as no broker does.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { databaseFile } from '@wardkey/broker/open-store'
import { makeKeys, openKeys } from '@wardkey/broker/platform/keys/keys'
import type { HouseKeys } from './house-keys.ts'
import type { MemoryDisk } from './world/memory-store.ts'

export interface KeptHouse {
  readonly keys: HouseKeys
  /** Its record ends about now. */
  readonly dayOneMs: number
  readonly keep: (disk: MemoryDisk) => Promise<void>
}

const origin = 'simulated.example/record'

/** Throws where something is there already: it is never written over. */
export async function openKeptHouse(folder: string, lengthMs: number): Promise<KeptHouse> {
  const path = resolve(folder)
  const [dataDir, keysDir] = [join(path, 'data'), join(path, 'keys')]
  if (existsSync(path)) throw new Error(`${path} is there already: name a new folder`)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const settings = { keysDir, masterKey: '' }
  makeKeys(settings)
  const { cardKey, staffKey, pinPepper, personKek, bundle, record } = await openKeys(settings)
  writeFileSync(settingsFileIn(path), stringify({ dataDir, keysDir, record: { origin } }))
  return {
    keys: {
      ...{ cardKey, staffKey, pinPepper, personKek, bundle },
      signer: { name: origin, key: record },
    },
    dayOneMs: Date.now() - lengthMs,
    keep: async ({ connection }) => {
      await connection.backup(join(dataDir, databaseFile))
    },
  }
}

export const settingsFileIn = (folder: string): string => join(folder, 'broker.yaml')
