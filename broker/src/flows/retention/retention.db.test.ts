// Retention on each engine: what goes when, what never goes, and that whatever went, a record from
// which anything else is missing or was taken too early is found.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { engines } from '../../../../test/kit/stores.ts'
import { dayMs, RetentionHouse, usualDays } from '../../../../test/kit/retention-house.ts'
import { leafHash } from '../../audit/merkle/tree-hash.ts'
import { askToLift, liftHold, placeHold } from '../forget/legal-holds.ts'

describe.each(engines)('retention on $engine', ({ open, isHere }) => {
  let house: RetentionHouse

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    house = await RetentionHouse.open({ open })
  })
  afterEach(async () => {
    if (!isHere) return
    await house.core.close()
  })
  const goneCount = async (): Promise<number> => {
    const rows = await house.core.store.read.selectFrom('fact_gone').select('idx').execute()
    return rows.length
  }

  it('takes nothing without a rule of two people', async () => {
    await house.live(400)
    await house.run(3)
    expect(await goneCount()).toBe(0)
    expect(await house.verdict()).not.toHaveProperty('gone')
  })
  it('takes each class at its time and not a day before, and the rest verifies', async () => {
    await house.live(400)
    await house.agree()
    await house.run(8)
    const presence = await house.oldest('PRE-001')
    const operational = await house.oldest('WKS-004')
    expect(presence.days).toBeGreaterThanOrEqual(200)
    expect(presence.days).toBeLessThan(200 + 7 + 6)
    expect(operational.days).toBeGreaterThanOrEqual(100)
    expect(operational.days).toBeLessThan(100 + 7 + 6)
    expect((await house.oldest('TAP-001')).count).toBe(80)
    expect((await house.oldest('PER-002')).count).toBe(80)
    const gone = await goneCount()
    expect(gone).toBeGreaterThan(60)
    expect(await house.verdict()).toMatchObject({ kind: 'valid', unsigned: 0, gone })
    expect(await house.core.counts()).toHaveProperty('RET-004')
  })
  it('starts again over what is left, and proves what is there', async () => {
    await house.live(300)
    await house.agree()
    await house.run(5)
    const again = house.core.newSealer()
    await again.start()
    const [row] = await house.core.store.read.selectFrom('fact_gone').select('idx').execute()
    expect(await again.prove.fact(row?.idx ?? -1)).toEqual({ kind: 'refused', code: 'fact-gone' })
    expect((await again.prove.fact(0)).kind).toBe('proved')
    expect((await again.prove.growth(10)).kind).toBe('proved')
    await again.stop()
  })
  it('moves no further in one run than a quarter', async () => {
    await house.live(600)
    await house.agree()
    await house.run(1)
    // The oldest was written 600 days ago; the first run ends 92 days after that.
    expect((await house.oldest('WKS-004')).days).toBeGreaterThan(500)
    expect(await house.verdict()).toMatchObject({ kind: 'valid' })
  })
  it('runs once a day, whoever asks', async () => {
    await house.live(300)
    await house.agree()
    await house.run(1)
    const before = await goneCount()
    await house.desk().look()
    expect(await goneCount()).toBe(before)
  })
  it('leaves what another broker is at', async () => {
    await house.live(300)
    await house.agree()
    const now = String(house.core.nowMs() + dayMs + 30_000)
    await house.tamper(`update retention_state set holder = 'another', until_ms = ${now}`)
    await house.run(1)
    expect(await goneCount()).toBe(0)
  })

  describe('under a hold', () => {
    const place = async (about: object): Promise<string> => {
      const { needs } = house.core
      const order = { ...about, reason: 'case 4711', by: 'token one' }
      const { answer } = await needs.perform(() => placeHold(order, needs))
      if (answer.kind !== 'placed') throw new Error(answer.code)
      return answer.id
    }
    it('on everybody takes nothing', async () => {
      await house.live(300)
      await house.agree()
      await place({})
      await house.run(4)
      expect(await goneCount()).toBe(0)
    })
    it('on one person takes the others’, and hers when it was lifted by two', async () => {
      const anna = await house.core.addPerson()
      const ben = await house.core.addPerson()
      await house.live(100, { person: anna.personId })
      await house.live(100, { person: ben.personId, fields: { witness: anna.personId } })
      await house.live(200, { person: ben.personId })
      await house.agree()
      const id = await place({ personId: anna.personId })
      await house.run(8)
      const { needs } = house.core
      // What is hers, and what only names her, is all there.
      expect((await house.oldest('PRE-001')).count).toBe(40 + 40)
      expect((await house.oldest('WKS-004')).count).toBe(20 + 20 + 20)
      expect(await house.verdict()).toMatchObject({ kind: 'valid' })
      await needs.perform(() => askToLift({ id, by: 'token one' }, needs))
      await needs.perform(() => liftHold({ id, by: 'token two' }, needs))
      await house.run(8)
      expect((await house.oldest('WKS-004')).days).toBeLessThan(120)
      expect(await house.verdict()).toMatchObject({ kind: 'valid' })
    })
    it('on a place and a time keeps what was there then', async () => {
      const { core } = house
      await core.addZone('4-west')
      const ward = await core.addWorkstation('4-west')
      await house.live(100, { workstation: ward })
      const fromMs = core.nowMs()
      await house.live(100, { workstation: ward })
      const untilMs = core.nowMs()
      await house.live(200)
      await house.agree()
      await place({ workstationId: ward, fromMs: fromMs + 1, untilMs })
      await house.run(8)
      const rows = await core.store.read
        .selectFrom('fact')
        .select(['at_ms'])
        .where('code', '=', 'WKS-004')
        .where('at_ms', '<=', untilMs)
        .execute()
      expect(rows.length).toBe(20)
      expect(rows.every(({ at_ms: atMs }) => atMs > fromMs)).toBe(true)
      expect(await house.verdict()).toMatchObject({ kind: 'valid' })
    })
    it('that comes while a lot is on its way keeps all of it', async () => {
      await house.live(300)
      await house.agree()
      const { store, needs } = house.core
      const state = { isPlaced: false }
      const perform = Object.assign(
        async (flow: Parameters<typeof needs.perform>[0]) =>
          needs.perform(async (look) => {
            const recorded = await flow(look)
            if (!state.isPlaced) {
              state.isPlaced = true
              await place({})
            }
            return recorded
          }),
        { idle: () => needs.perform.idle() },
      ) as typeof needs.perform
      await house.run(1, house.desk({ perform, store }))
      expect(state.isPlaced).toBe(true)
      expect(await goneCount()).toBe(0)
      expect(await house.verdict()).toMatchObject({ kind: 'valid' })
    })
  })

  describe('with a clock that leapt', () => {
    it('of ten years takes nothing, says so once, and goes on when two agree', async () => {
      await house.live(300)
      await house.agree()
      house.core.pass(3650 * dayMs)
      await house.run(3)
      expect(await goneCount()).toBe(0)
      expect(await house.core.counts()).toMatchObject({ 'RET-102': 1 })
      // It was another clock: back in its time, two people say so.
      house.core.pass(-3650 * dayMs)
      await house.agree(usualDays, true)
      await house.run(8)
      expect((await house.oldest('WKS-004')).days).toBeLessThan(120)
      expect(await house.core.counts()).toMatchObject({ 'RET-102': 1 })
    })
    it('takes nothing that a witness’s clock does not allow', async () => {
      await house.live(300)
      await house.agree()
      const line = Buffer.alloc(76)
      line.writeBigUInt64BE(BigInt(Math.floor(house.core.nowMs() / 1000)), 4)
      await house.tamper(`insert into cosignature (size, witness, line, at_ms) values
        (1, 'w', '— w ${line.toString('base64')}', 1)`)
      house.core.pass(5 * dayMs)
      await house.run(1)
      expect(await goneCount()).toBe(0)
      const state = await house.core.store.read
        .selectFrom('retention_state')
        .select('stopped')
        .executeTakeFirst()
      expect(state?.stopped).toBe('witness-differs')
    })
    it('is found afterwards by whoever verifies, if something went by it', async () => {
      await house.live(300)
      await house.agree()
      house.core.pass(120 * dayMs)
      await house.add([{ code: 'SYS-003' }])
      await house.sealer.sealNow()
      // Whoever turned the clock turned the guard off as well.
      await house.tamper(`update retention_state set looked_idx = 1000000`)
      await house.run(2)
      expect(await goneCount()).toBeGreaterThan(0)
      house.core.pass(-120 * dayMs)
      await house.add([{ code: 'SYS-003' }])
      await house.sealer.sealNow()
      expect(await house.verdict()).toMatchObject({ kind: 'invalid', flaw: 'gone-early' })
    })
  })

  describe('a record after it', () => {
    beforeEach(async () => {
      await house.live(300)
      await house.agree()
      await house.run(6)
    })
    const last = (code: string) => `(select max(idx) from fact where code = '${code}')`
    const leafOf = async (index: string): Promise<string> => {
      const rows = await house.lines()
      const number = Number(index)
      const entry = rows.find((line) => line.kind === 'entry' && line.index === number)
      const body = entry?.kind === 'entry' ? entry.body : ''
      return leafHash(Buffer.from(body)).toString('hex')
    }
    const indexOf = async (code: string): Promise<string> => {
      const row = await house.core.store.read
        .selectFrom('fact')
        .select(({ fn }) => fn.max('idx').as('idx'))
        .where('code', '=', code)
        .executeTakeFirst()
      return String(row?.idx)
    }
    const bytes = (hex: string) =>
      house.core.store.engine === 'sqlite' ? `x'${hex}'` : `'\\x${hex}'`

    it('from which a fact was deleted is found', async () => {
      const entry = Number(await indexOf('TAP-001'))
      await house.tamper(`delete from fact where idx = ${last('TAP-001')}`)
      expect(await house.verdict()).toMatchObject({ flaw: 'missing', entry })
    })
    it('in which a fact was called gone is found', async () => {
      const index = await indexOf('TAP-001')
      const leaf = bytes(await leafOf(index))
      await house.tamper(
        `insert into fact_gone (idx, leaf, purge) values (${index}, ${leaf}, 1)`,
        `delete from fact where idx = ${index}`,
      )
      expect(await house.verdict()).toMatchObject({ flaw: 'gone', entry: Number(index) })
    })
    it('in which a list of what went was made longer is found', async () => {
      const index = await indexOf('PRE-001')
      const leaf = bytes(await leafOf(index))
      await house.tamper(
        `insert into fact_gone (idx, leaf, purge) values (${index}, ${leaf}, 1)`,
        `delete from fact where idx = ${index}`,
        `update retention_purge set list = list || '${index} PRE-001 5\n'`,
      )
      expect(await house.verdict()).toMatchObject({ flaw: 'gone-unproved' })
    })
    it('in which a purge was written by somebody without the key is found', async () => {
      const lines = await house.lines()
      const fact = lines.find(
        (line) => line.kind === 'entry' && line.body.includes('"code":"RET-004"'),
      )
      const body = fact?.kind === 'entry' ? fact.body : ''
      const value = z.union([z.string(), z.number()])
      const { fields } = z.object({ fields: z.record(z.string(), value) }).parse(JSON.parse(body))
      await house.add([{ code: 'RET-004', fields: { ...fields, purge: 999, beforeMs: 5 } }])
      await house.sealer.sealNow()
      expect(await house.verdict()).toMatchObject({ flaw: 'gone-unproved' })
    })
    it('without one of its purges’ lists is found', async () => {
      await house.tamper('delete from retention_purge where number = 2')
      expect(await house.verdict()).toMatchObject({ kind: 'invalid', flaw: 'gone' })
    })
  })

  it('stops where what it would take is not what was signed', async () => {
    await house.live(300)
    await house.agree()
    const engine = house.core.store.engine
    await house.tamper(
      `update fact set body = ${engine === 'sqlite' ? "x'7b7d'" : "'\\x7b7d'"} where idx = 1`,
    )
    await expect(house.run(1)).rejects.toThrow('record-not-valid')
    expect(await goneCount()).toBe(0)
  })
})
