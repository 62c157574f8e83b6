// A simulated hospital that is kept: a real broker starts on it, finds its record whole, and reads
// the names in it. A folder that is there is not written over.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { summaryOf } from '@wardkey/broker/doors/admin/show-people'
import { findPerson } from '@wardkey/broker/identity/people'
import { initBroker } from '@wardkey/broker/init'
import { startBroker } from '@wardkey/broker/main'
import { parseSettings } from '@wardkey/broker/platform/settings'
import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import { personId } from '@wardkey/protocol/ids'
import { silentLog } from '../kit/broker-core.ts'
import { checkRecord } from '../kit/check-record.ts'
import { openKeptHouse, settingsFileIn } from './keep-house.ts'
import { playSeed } from './play-seed.ts'
import { emptyImage } from './world/memory-store.ts'

const lengthMs = 10 * 60_000
const size = { seed: 3, lengthMs, workstations: 4, people: 6, brokers: 1, isCalm: false }
const ports = { 'web.port': 0, 'admin.port': 0, 'workstations.port': 0 }

describe('a simulated hospital that is kept', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardkey-kept-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('is one that a broker goes on with: its record is whole, and its people have names', async () => {
    const house = join(folder, 'house')
    const kept = await openKeptHouse(house, lengthMs)
    const needs = { image: await emptyImage(), isShrinking: false, kept }
    const played = await playSeed(size, needs)
    expect(played.failure).toBeUndefined()
    const file = settingsFileIn(house)
    const parsed = parseSettings({ file, environment: {}, given: ports }, zoneSettings)
    if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('; '))
    await initBroker(parsed.settings, silentLog)
    const broker = await startBroker(parsed.settings, silentLog)
    try {
      const { needs, recordKey } = broker
      await broker.sealer.sealNow()
      const told = await checkRecord(needs.db, recordKey)
      const simulated = Object.values(played.facts).reduce((sum, times) => sum + times, 0)
      expect(simulated).toBeGreaterThan(100)
      expect(told.length).toBeGreaterThan(simulated)
      const tapped = told.findLast(({ code }) => code === 'TAP-001')?.person ?? ''
      const person = await findPerson(needs.db, personId.parse(tapped))
      const name = person && (await summaryOf(person, needs)).name
      expect(name?.family).toMatch(/^Number\d$/)
      expect(Math.abs(Date.now() - (told.at(-1)?.atMs ?? 0))).toBeLessThan(lengthMs)
    } finally {
      await broker.close()
    }
  }, 60_000)

  it('is not written over one that is there', async () => {
    await expect(openKeptHouse(folder, lengthMs)).rejects.toThrow('name a new folder')
    expect(readdirSync(folder)).toEqual([])
  })
})
