// Guessing PINs, on both stores: every attempt counts before it is looked at, at any interleaving,
// and nobody gets more of them than the rules say.

import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { hashSync, verifySync } from '@node-rs/argon2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import { foreverMs } from '@wardkey/protocol/workstation/pin-lock'
import { openCore, usualPin } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import type { TestStore } from '../../../test/kit/stores.ts'
import { PinHashing } from './pin-hashing.ts'
import { personalPepper } from './pin-pepper.ts'
import { makeVerifyPin } from './verify-pin.ts'
import type { PinVerdict, VerifyPin } from './verify-pin.ts'

const minute = 60_000
const wrongPin = '00000000'

describe.each(engines)('PINs on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let opened: TestStore
  let here: WorkstationId
  let anna: KitPerson
  let verifyPin: VerifyPin

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({
      open: async () => {
        opened = await open()
        return opened
      },
    })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    verifyPin = core.needs.verifyPin
  })
  afterEach(async () => {
    if (isHere) await core.close()
  })

  const failures = async (): Promise<number> =>
    (await core.store.read.selectFrom('pin').selectAll().executeTakeFirstOrThrow()).failures
  const attempts = () => core.store.read.selectFrom('pin_attempt').selectAll().execute()
  const guess = (pin: string, person: PersonId = anna.personId): Promise<PinVerdict> =>
    verifyPin(person, pin, { workstationId: here })
  /** The writes of a verdict, as the flow that asked for it would keep them. */
  const keep = async (verdict: PinVerdict): Promise<PinVerdict> => {
    const writes = verdict.kind === 'not-checked' ? [] : verdict.writes
    const done = await core.store.commit({ kind: 'housekeeping', writes })
    if (done.kind === 'conflict') throw new Error('a verdict could not be kept')
    return verdict
  }

  it('looks at five of a hundred guesses at once, and counts each of the five', async () => {
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => guess(wrongPin)))
    const kinds = verdicts.map((verdict) => verdict.kind)
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(5)
    expect(kinds.filter((kind) => kind === 'not-checked')).toHaveLength(95)
    expect(await attempts()).toHaveLength(5)
    expect(await failures()).toBe(5)
  })

  it('looks at five in all when two brokers are asked at once', async () => {
    const store = await opened.reopen()
    const { nowMs, newId } = core.needs
    const hashing = new PinHashing({ threads: 1, queueMax: 200, pepper: randomBytes(32) })
    const there = makeVerifyPin({ store, hashing, nowMs, newId })
    const verdicts = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        n % 2 === 0 ? guess(wrongPin) : there(anna.personId, wrongPin, { workstationId: here }),
      ),
    )
    expect(verdicts.filter(({ kind }) => kind === 'wrong')).toHaveLength(5)
    expect(await failures()).toBe(5)
    await hashing.close()
    await store.close()
  })

  it('asks no more after twenty wrong PINs in a row, however long between them', async () => {
    // Five at first, then one after each wait, until the PIN is not asked any more.
    let looked = 0
    for (let n = 0; n < 100; n++) {
      const verdict = await guess(wrongPin)
      if (verdict.kind === 'wrong') looked += 1
      core.pass(9 * 60 * minute)
    }
    expect(looked).toBe(20)
    expect(await failures()).toBe(20)
    expect(await guess(usualPin)).toEqual({ kind: 'not-checked', code: 'pin-locked' })
    const row = await core.store.read.selectFrom('pin').selectAll().executeTakeFirstOrThrow()
    expect(row.locked_until_ms).toBe(foreverMs)
  })

  it('never looks at more than five in any quarter of an hour', async () => {
    const lookedAtMs: number[] = []
    for (let n = 0; n < 300; n++) {
      if ((await guess(wrongPin)).kind === 'wrong') lookedAtMs.push(core.nowMs())
      core.pass(minute)
    }
    for (const fromMs of lookedAtMs) {
      const within = lookedAtMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + 15 * minute)
      expect(within.length).toBeLessThanOrEqual(5)
    }
  })

  it('keeps counting what a crash cut short', async () => {
    // Begun, hashed, and then the power goes: nobody settles these.
    await guess(wrongPin)
    await guess(usualPin)
    expect(await failures()).toBe(2)
    expect((await attempts()).map(({ outcome }) => outcome)).toEqual(['begun', 'begun'])
  })

  it('counts an attempt whose hashing failed', async () => {
    const { nowMs, newId } = core.needs
    const hashing = new PinHashing({ threads: 1, queueMax: 1, pepper: randomBytes(32) })
    const failing = makeVerifyPin({ store: core.store, hashing, nowMs, newId })
    const asked = failing(anna.personId, usualPin, { workstationId: here })
    await hashing.close()
    await expect(asked).rejects.toThrow()
    expect(await failures()).toBeLessThanOrEqual(1)
    expect(await failures()).toBe((await attempts()).length)
  })

  it('starts anew after a right PIN, but not for guesses still being looked at', async () => {
    await keep(await guess(wrongPin))
    await keep(await guess(wrongPin))
    const standing = await guess(wrongPin)
    await keep(await guess(usualPin))
    expect(await failures()).toBe(1)
    await keep(standing)
    expect(await failures()).toBe(1)
  })

  it('lets one right PIN open one thing', async () => {
    const verdict = await guess(usualPin)
    await keep(verdict)
    await expect(keep(verdict)).rejects.toThrow()
  })

  it('opens nothing by a PIN that was changed while it was being looked at', async () => {
    const verdict = await guess(usualPin)
    const query = core.store.read.updateTable('pin').set({ hash: 'another' }).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    await expect(keep(verdict)).rejects.toThrow()
  })

  describe('of a release that knew the site’s pepper only', () => {
    const pepper = randomBytes(32)
    let hashing: PinHashing
    let older: VerifyPin
    beforeEach(async () => {
      const { nowMs, newId } = core.needs
      hashing = new PinHashing({ threads: 1, queueMax: 10, pepper })
      older = makeVerifyPin({ store: core.store, hashing, nowMs, newId })
      const hash = hashSync(createHmac('sha256', pepper).update(usualPin).digest('base64url'))
      const query = core.store.read.updateTable('pin').set({ hash, scheme: 1 }).compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    })
    afterEach(() => hashing.close())
    const row = () => core.store.read.selectFrom('pin').selectAll().executeTakeFirstOrThrow()
    const ask = (pin: string) => older(anna.personId, pin, { workstationId: here })

    it('is still right, and hashed anew with her own pepper when it is', async () => {
      const before = await row()
      expect((await keep(await ask(usualPin))).kind).toBe('matched')
      const after = await row()
      expect(after).toMatchObject({ scheme: 2, failures: 0, set_at_ms: before.set_at_ms })
      const own = personalPepper(pepper, anna.personId)
      const peppered = createHmac('sha256', own).update(usualPin).digest('base64url')
      expect(verifySync(after.hash, peppered)).toBe(true)
      expect((await keep(await ask(usualPin))).kind).toBe('matched')
      expect((await row()).hash).toBe(after.hash)
    })
    it('is not hashed anew by a wrong one, nor before what it opens is durable', async () => {
      const before = await row()
      expect((await keep(await ask(wrongPin))).kind).toBe('wrong')
      expect((await ask(usualPin)).kind).toBe('matched')
      expect(await row()).toMatchObject({ hash: before.hash, scheme: 1 })
    })
    it('is nobody else’s under the new scheme, even with the hash moved over', async () => {
      await keep(await ask(usualPin))
      const ben = await core.addPerson({ given: 'Ben' })
      const { hash } = await core.store.read
        .selectFrom('pin')
        .select('hash')
        .where('person_id', '=', anna.personId)
        .executeTakeFirstOrThrow()
      const query = core.store.read
        .updateTable('pin')
        .set({ hash })
        .where('person_id', '=', ben.personId)
        .compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
      const verdict = await older(ben.personId, usualPin, { workstationId: here })
      expect(verdict.kind).toBe('wrong')
    })
  })

  it('makes a workstation wait after fifteen wrong PINs of anybody, and no other one', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => core.addPerson()))
    for (const { personId } of people) {
      for (let n = 0; n < 4; n++) await guess(wrongPin, personId)
    }
    expect(await guess(usualPin)).toMatchObject({
      kind: 'not-checked',
      code: 'workstation-locked-out',
      retryAfterMs: 30_000,
    })
    const there = await core.addWorkstation('4-west')
    const elsewhere = await verifyPin(anna.personId, usualPin, { workstationId: there })
    expect(elsewhere.kind).toBe('matched')
  })

  it('leaves a colleague’s count alone', async () => {
    const ben = await core.addPerson({ given: 'Ben' })
    for (let n = 0; n < 9; n++) await guess(wrongPin)
    expect((await guess(usualPin, ben.personId)).kind).toBe('matched')
  })

  it('refuses the right PIN while it is locked, and uses up nothing', async () => {
    for (let n = 0; n < 5; n++) await guess(wrongPin)
    expect(await guess(usualPin)).toMatchObject({ code: 'pin-locked', retryAfterMs: 15 * minute })
    expect(await attempts()).toHaveLength(5)
    core.pass(15 * minute)
    expect((await guess(usualPin)).kind).toBe('matched')
  })

  it('says that there is no PIN only after as much work as there were one', async () => {
    const nobody = randomUUID() as PersonId
    const took = async (person: PersonId): Promise<number> => {
      const fromMs = performance.now()
      await keep(await guess(usualPin, person))
      return performance.now() - fromMs
    }
    const known: number[] = []
    const unknown: number[] = []
    for (let n = 0; n < 15; n++) {
      known.push(await took(anna.personId))
      unknown.push(await took(nobody))
    }
    // The quickest of each is the work itself: whatever else the machine does only adds to it.
    const ratio = Math.min(...unknown) / Math.min(...known)
    expect(ratio).toBeGreaterThan(0.4)
    expect(ratio).toBeLessThan(2.5)
  })
})

it('sheds what would wait too long before it counts, and says when to come back', async () => {
  const core = await openCore({ pinThreads: 1, pinQueueMax: 2 })
  await core.addZone('4-west')
  const here = await core.addWorkstation('4-west')
  const people = []
  for (let n = 0; n < 8; n++) people.push(await core.addPerson())
  const verdicts = await Promise.all(
    people.map(({ personId }) => core.needs.verifyPin(personId, usualPin, { workstationId: here })),
  )
  const shed = verdicts.filter((verdict) => verdict.kind === 'not-checked')
  expect(shed).toHaveLength(5)
  expect(shed[0]).toMatchObject({ code: 'busy', retryAfterMs: 1000 })
  expect(await core.store.read.selectFrom('pin_attempt').selectAll().execute()).toHaveLength(3)
  expect(core.needs.hashing.waiting).toBe(0)
  await core.close()
})
