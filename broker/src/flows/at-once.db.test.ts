// What happens when things happen at once: two workstations, two people, a tap and a revocation. On
// both stores, with one broker and with two on one database.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { makePerform } from './perform.ts'
import { markBadge } from './mark-badge.ts'
import { changePerson } from './change-person.ts'
import { revokePerson } from './revoke-person.ts'
import { sweep } from './sweep.ts'
import { tapIn } from './tap-in.ts'

const by = 'test'
const rounds = 12

describe.each(engines)('at once on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let places: WorkstationId[]
  let anna: KitPerson
  let ben: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    places = []
    for (let n = 0; n < 4; n++) places.push(await core.addWorkstation('4-west'))
    anna = await core.addPerson()
    ben = await core.addPerson({ given: 'Ben' })
    for (const who of [anna, ben]) await core.leave(at(0), await core.signIn(at(0), who))
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const at = (n: number): WorkstationId => {
    const place = places[n % places.length]
    if (!place) throw new Error('no such place')
    return place
  }
  const openCount = async (): Promise<number> =>
    (await core.sessions()).filter(({ state }) => state === 'open').length

  it('one person at four workstations is open at one', async () => {
    for (let round = 0; round < rounds; round++) {
      const frames = await Promise.all(places.map((place) => core.tap(place, anna)))
      expect(frames.every(({ kind }) => kind === 'admitted')).toBe(true)
      await core.checkInvariants()
      expect(await openCount()).toBe(1)
    }
    // Every tap is one fact and one answer, however often it had to look again.
    expect((await core.counts())['TAP-001']).toBe(2 + rounds * places.length)
  })

  it('two people at one workstation are one after the other', async () => {
    for (let round = 0; round < rounds; round++) {
      await Promise.all([core.tap(at(0), anna), core.tap(at(0), ben)])
      await core.checkInvariants()
      expect(await openCount()).toBe(1)
    }
  })

  it('everybody everywhere ends with nobody twice and no place shared', async () => {
    const taps: Promise<BrokerFrame>[] = []
    for (let n = 0; n < 40; n++) taps.push(core.tap(at(n * 7), n % 2 === 0 ? anna : ben))
    await Promise.all(taps)
    await core.checkInvariants()
  })

  it('the same tap twice is one tap', async () => {
    const id = core.newTapId()
    const frames = await Promise.all([core.tap(at(1), anna, id), core.tap(at(1), anna, id)])
    expect(frames.map(({ kind }) => kind)).toEqual(['admitted', 'admitted'])
    const counts = await core.counts()
    expect(counts['TAP-004']).toBe(1)
    expect(await openCount()).toBe(1)
  })

  it('a tap and a revocation leave nobody in, whichever comes first', async () => {
    for (let round = 0; round < rounds; round++) {
      const who = await core.addPerson()
      await core.leave(at(0), await core.signIn(at(0), who))
      const revoke = () =>
        core.needs.perform(() =>
          revokePerson({ personId: who.personId, status: 'suspended', by }, core.needs),
        )
      const tap = () => core.tap(at(round), who)
      await Promise.all(round % 2 === 0 ? [tap(), revoke()] : [revoke(), tap()])
      // A person who is not active and has a session would be found here.
      await core.checkInvariants()
      expect(await core.tap(at(1), who)).toMatchObject({ code: 'person-not-active' })
    }
  })

  it('a tap and a lost badge, or a role taken away, leave nobody in', async () => {
    for (let round = 0; round < rounds; round++) {
      const who = await core.addPerson({ roles: ['nurse', 'educator'] })
      const { personId, badgeId } = who
      await core.leave(at(0), await core.signIn(at(0), who))
      const change = () =>
        round % 2 === 0
          ? core.needs.perform(() => markBadge({ badgeId, status: 'lost', by }, core.needs))
          : core.needs.perform(() =>
              changePerson({ personId, roles: ['educator'], by }, core.needs),
            )
      await Promise.all([core.tap(at(round), who), change()])
      const session = (await core.sessions()).find(({ person_id }) => person_id === personId)
      expect(session?.state).toBe('locked')
    }
  })

  it('a sweep and a tap end in a session that is whole', async () => {
    for (let round = 0; round < rounds; round++) {
      const session = await core.signIn(at(0), anna)
      await core.leave(at(0), session)
      core.pass(31 * 60_000)
      const swept = sweep({ ...core.needs, lost: { list: () => [], settled: () => undefined } })
      const [frame] = await Promise.all([core.tap(at(1), anna), swept])
      await core.checkInvariants()
      expect(['admitted', 'ask-pin']).toContain(frame.kind)
    }
  })

  it('two brokers on one database keep the same rules', async () => {
    const notices = () => undefined
    const second = makePerform({ store: core.store, notices, log: core.needs.log })
    for (let round = 0; round < rounds; round++) {
      const tap = { tapId: core.newTapId(), workstationId: at(1), card: anna.card }
      await Promise.all([
        core.tap(at(0), anna),
        second((look) => tapIn(tap, look, core.needs)),
        core.tap(at(1), ben),
      ])
      await core.checkInvariants()
    }
  })
})
