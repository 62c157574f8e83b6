// When a workstation was last seen, on both stores, with one broker and with two: now while it is
// connected, when it was last heard once it is not, and never by the word of a machine before it.

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workstationNow } from '@wardkey/protocol/console/house'
import { zoneId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { showWorkstations } from '../doors/admin/fleet/show-workstations.ts'
import { showHouse } from '../doors/admin/house/show-house.ts'
import { disconnect } from './disconnect.ts'
import { enrolWorkstation } from './enrolment/enrol-workstation.ts'
import { mintToken } from './enrolment/mint-token.ts'
import { isInReach } from './in-reach.ts'
import { sayReached } from './trust-from.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const other = ['other.example:8443']
const keyOf = (n: number): ArrayBuffer => Uint8Array.from({ length: 91 }, () => n).buffer

describe.each(engines)('a workstation was last seen, on $engine,', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let isConnected: boolean
  let brokers: readonly string[]

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    brokers = []
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    await core.hello(here, 'b007-0001')
    isConnected = true
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const connection = { agentVersion: '1.2.4', reader: 'ready' } as const
  const looks = () => ({
    ...core.needs,
    brokers,
    connectionOf: () => (isConnected ? connection : undefined),
  })
  const inNow = async () => (await showHouse(looks())).zones[0]?.workstations[0]
  const inList = async () => (await showWorkstations(looks())).find((one) => one.place !== '')
  const reached = async () =>
    (await core.store.read.selectFrom('workstation').select('reached_ms').execute())[0]?.reached_ms
  const ends = async (greetedMs: number, heardMs: number) => {
    isConnected = false
    const times = { greetedMs, heardMs }
    await core.needs.perform(() => disconnect(here, 'silent', times, core.needs))
  }

  describe.each([
    ['one broker', []],
    ['two brokers', other],
  ])('with %s', (_name, some) => {
    beforeEach(() => {
      brokers = some
    })
    it('now, as long as it is connected', async () => {
      core.pass(9 * hour)
      expect(await inNow()).toMatchObject({ link: 'here', reachedMs: core.nowMs() })
      expect(await inList()).toMatchObject({ troubles: [], seenMs: core.nowMs() })
    })
    it('when its last frame came, once it is cut', async () => {
      const greetedMs = core.nowMs()
      core.pass(9 * hour)
      const heardMs = core.nowMs()
      core.pass(35 * second)
      await ends(greetedMs, heardMs)
      expect(await inNow()).toMatchObject({ link: 'away', state: 'silent', reachedMs: heardMs })
      expect(await inList()).toMatchObject({ troubles: ['away'], seenMs: heardMs })
      expect(await isInReach(here, looks())).toBe(false)
    })
    it('in whole milliseconds, though it is reckoned by a clock that has finer ones', async () => {
      const greetedMs = core.nowMs()
      core.pass(minute)
      await ends(greetedMs, core.nowMs() - 0.25)
      expect(await reached()).toBe(core.nowMs() - 1)
      expect(workstationNow.parse(await inNow())).toMatchObject({ reachedMs: core.nowMs() - 1 })
    })
    it('when another connection of it came, whatever a half-open one says later', async () => {
      const greetedMs = core.nowMs()
      core.pass(minute)
      await core.hello(here, 'b007-0001')
      const newerMs = core.nowMs()
      core.pass(35 * second)
      await ends(greetedMs, greetedMs + second)
      expect(await reached()).toBe(newerMs)
    })
    it('when its broker said so last, where that died without a goodbye', async () => {
      core.pass(hour)
      await sayReached([here], core.needs)
      const saidMs = core.nowMs()
      core.pass(hour)
      isConnected = false
      expect(await inNow()).toMatchObject({ link: 'away', reachedMs: saidMs })
      expect(await inList()).toMatchObject({ troubles: ['away'], seenMs: saidMs })
    })
    it('no earlier than somebody said already: brokers’ clocks are not one', async () => {
      const saidMs = core.nowMs()
      const slow = { ...core.needs, nowMs: () => saidMs - minute }
      await sayReached([here], slow)
      expect(await reached()).toBe(saidMs)
    })
  })

  it('is away at once where no other broker could have it', async () => {
    const greetedMs = core.nowMs()
    core.pass(minute)
    await ends(greetedMs, core.nowMs())
    expect(await inList()).toMatchObject({ troubles: ['away'] })
    brokers = other
    expect(await inList()).toMatchObject({ troubles: [] })
  })

  describe('and its place is taken by another machine:', () => {
    const needs = () => ({
      ...core.needs,
      random: randomBytes,
      isConnected: () => isConnected,
      issue: () => {
        const sha256 = randomBytes(32).toString('hex')
        return Promise.resolve({
          pem: '',
          caPem: '',
          sha256,
          notAfterMs: core.nowMs() + 168 * hour,
        })
      },
    })
    const enrol = async (n: number) => {
      const order = { zoneId: zoneId.parse('4-west'), uses: 9, lifeMs: hour, by: 'token kit' }
      const { answer: minted } = await core.needs.perform(() => mintToken(order, needs()))
      if (minted.kind === 'refused') throw new Error(minted.code)
      const { token } = minted
      const machine = { assetTag: 'MED-1', hardware: [String(n).repeat(32)] }
      const where = { place: '4 West, 2', publicKey: keyOf(n), address: '10.20.0.7' }
      const asked = { token, ...where, ...machine }
      return (await core.needs.perform(() => enrolWorkstation(asked, needs()))).answer
    }
    beforeEach(async () => {
      await core.store.commit({
        kind: 'housekeeping',
        writes: [
          {
            query: core.store.read
              .updateTable('workstation')
              .set({ asset_tag: 'MED-1', hardware: JSON.stringify(['9'.repeat(32)]) })
              .compile(),
          },
        ],
      })
    })

    it('not while a broker that was killed had it a moment ago', async () => {
      core.pass(9 * hour)
      await sayReached([here], core.needs)
      isConnected = false
      core.pass(30 * second)
      expect(await enrol(1)).toMatchObject({ code: 'asset-tag-in-use' })
      core.pass(31 * second)
      expect(await enrol(1)).toMatchObject({ kind: 'certified' })
    })
    it('the newcomer was not seen yet, and what its forerunner says does not count', async () => {
      const greetedMs = core.nowMs()
      core.pass(2 * minute)
      isConnected = false
      expect(await enrol(1)).toMatchObject({ kind: 'certified' })
      expect(await inNow()).toMatchObject({ state: 'never' })
      core.pass(second)
      await sayReached([here], core.needs)
      await ends(greetedMs, core.nowMs())
      expect(await reached()).toBeNull()
      expect(await inNow()).toMatchObject({ state: 'never' })
      await core.hello(here, 'b007-0002')
      expect(await reached()).toBe(core.nowMs())
    })
  })
})
