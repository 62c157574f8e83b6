// What every store promises, whatever it is made of: units are whole, guards undo one unit alone, the
// record's index has no gap, and what was acknowledged is there after a restart.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeFact } from '@wardkey/broker/audit/fact'
import { Sealer } from '@wardkey/broker/audit/sealer'
import { verifierKey } from '@wardkey/broker/audit/signed-note'
import { openToRead } from '@wardkey/broker/store/open-for-reading'
import type { Committed, FactBytes, Store, Unit } from '@wardkey/broker/store/store'
import { checkRecord } from '../kit/check-record.ts'
import type { TestPlace, TestStore } from '../kit/stores.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const signer = { name: 'test.example/store', key: generateKeyPairSync('ed25519').privateKey }
const fact = (id = randomUUID()): FactBytes => encodeFact({ id, code: 'ADM-001', atMs: 1 })

function addToken(store: Store, hash: string, facts: [FactBytes, ...FactBytes[]]): Unit {
  const query = store.read
    .insertInto('enrol_token')
    .values({ hash, zone_id: 'z', uses_left: 1, expires_ms: 1 })
    .compile()
  return { kind: 'recorded', writes: [{ query, expectRows: 1 }], facts }
}

function useToken(store: Store, hash: string, usesLeft: number): Unit {
  const query = store.read
    .updateTable('enrol_token')
    .set({ uses_left: usesLeft - 1 })
    .where('hash', '=', hash)
    .where('uses_left', '=', usesLeft)
    .compile()
  return { kind: 'recorded', writes: [{ query, expectRows: 1 }], facts: [fact()] }
}

const indexOf = (done: Committed): number =>
  done.kind === 'committed' ? done.receipt.firstIndex : -1

export interface StoreUnderTest {
  readonly engine: string
  readonly make: () => Promise<Pick<TestPlace, 'open' | 'remove'>>
  readonly open: () => Promise<Omit<TestStore, 'place'> & { readonly place?: TestStore['place'] }>
  readonly isHere: boolean
}

/** Where there is no place that another process could open, that one promise is left out. */
export function storeContract({ engine, make, open, isHere }: StoreUnderTest): void {
  describe.runIf(isHere)(`the store on ${engine}`, () => {
    let test: Awaited<ReturnType<StoreUnderTest['open']>>
    let store: Store
    beforeEach(async () => {
      test = await open()
      store = test.store
    })
    afterEach(async () => {
      await store.close()
      await test.remove()
    })

    const sealer = (of: Store): Sealer =>
      new Sealer({
        store: of,
        signer,
        nowMs: Date.now,
        log: quiet,
        onBroken: (fault) => {
          throw fault
        },
      })

    it('numbers facts without a gap, whatever fails between', async () => {
      const done = await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          store.commit(addToken(store, `h${String(n % 150)}`, [fact(), fact()])),
        ),
      )
      const firsts = done.filter(({ kind }) => kind === 'committed').map(indexOf)
      expect(firsts).toHaveLength(150)
      expect(firsts.toSorted((a, b) => a - b)).toEqual(firsts.map((_, n) => n * 2))
    })

    it('undoes a unit whose guard does not hold, with its facts, and no other', async () => {
      await store.commit(addToken(store, 'a', [fact()]))
      const [first, second] = await Promise.all([
        store.commit(useToken(store, 'a', 1)),
        store.commit(useToken(store, 'a', 1)),
      ])
      expect([first.kind, second.kind].toSorted()).toEqual(['committed', 'conflict'])
      const { count } = await store.read
        .selectFrom('fact')
        .select((eb) => eb.fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
      expect(Number(count)).toBe(2)
    })

    it('refuses/the same fact twice', async () => {
      const id = randomUUID()
      await store.commit(addToken(store, 'a', [fact(id)]))
      expect((await store.commit(addToken(store, 'b', [fact(id)]))).kind).toBe('conflict')
      const row = await store.read
        .selectFrom('enrol_token')
        .selectAll()
        .where('hash', '=', 'b')
        .executeTakeFirst()
      expect(row).toBeUndefined()
    })

    it('refuses/two open screens for one person, and two people on one screen', async () => {
      const session = (person: string, workstation: string): Unit => {
        const query = store.read
          .insertInto('session')
          .values({
            id: randomUUID(),
            person_id: person,
            state: 'open',
            workstation_id: workstation,
            acr: '',
            amr: '[]',
            pin_at_ms: 1,
            opened_ms: 1,
            changed_ms: 1,
            ended_ms: null,
            end_reason: null,
            slot: 0,
            counted_ms: null,
            version: 1,
          })
          .compile()
        return { kind: 'recorded', writes: [{ query, expectRows: 1 }], facts: [fact()] }
      }
      expect((await store.commit(session('p1', 'w1'))).kind).toBe('committed')
      expect((await store.commit(session('p1', 'w2'))).kind).toBe('conflict')
      expect((await store.commit(session('p2', 'w1'))).kind).toBe('conflict')
      expect((await store.commit(session('p2', 'w2'))).kind).toBe('committed')
    })

    it('names the facts that a receipt is for', async () => {
      const facts = [fact(), fact()] as [FactBytes, FactBytes]
      await store.commit(addToken(store, 'a', [fact()]))
      const done = await store.commit(addToken(store, 'b', facts))
      const factIds = facts.map(({ id }) => id)
      expect(done).toMatchObject({ receipt: { factIds, firstIndex: 1, count: 2 } })
      const housekeeping = { kind: 'housekeeping' as const, writes: [] }
      expect(await store.commit(housekeeping)).toMatchObject({ receipt: { factIds: [], count: 0 } })
    })

    it('keeps every byte of a fact', async () => {
      const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      await store.commit(addToken(store, 'a', [{ ...fact(), body }]))
      const row = await store.read.selectFrom('fact').select('body').executeTakeFirstOrThrow()
      expect(Buffer.from(row.body)).toEqual(body)
    })

    it('undoes what a unit had written before its guard, and lets the next see nothing of it', async () => {
      const insert = (hash: string) => addToken(store, hash, [fact()]).writes[0]
      const broken: Unit = {
        kind: 'recorded',
        writes: [insert('a'), { ...useToken(store, 'none', 1).writes[0] }].flatMap((one) =>
          one?.query ? [{ ...one, query: one.query }] : [],
        ),
        facts: [fact()],
      }
      const [first, second] = await Promise.all([
        store.commit(broken),
        store.commit(addToken(store, 'a', [fact()])),
      ])
      expect(second.kind).toBe('committed')
      expect(first.kind).toBe('conflict')
      expect(indexOf(second)).toBe(0)
    })

    it('fails a statement that is wrong alone, and no other unit with it', async () => {
      const wrong = [
        sql`update no_such_table set a = 1`,
        sql`this is not sql`,
        sql`insert into zone (id, kind, label, settings, version) values ('z', 'k', null, '{}', 1)`,
        sql`update zone set version = ${true}`,
      ].map((text): Unit => ({
        kind: 'recorded',
        writes: [{ query: text.compile(store.read) }],
        facts: [fact()],
      }))
      const all = wrong.flatMap((one, n) => [addToken(store, `h${String(n)}`, [fact()]), one])
      const done = await Promise.allSettled(all.map((one) => store.commit(one)))
      expect(done.map(({ status }) => status)).toEqual(
        all.map((_, n) => (n % 2 === 0 ? 'fulfilled' : 'rejected')),
      )
      for (const one of done) {
        if (one.status === 'rejected') {
          expect(one.reason).toMatchObject({ code: 'internal', class: 'permanent' })
        }
      }
      const rows = await store.read.selectFrom('fact').select('idx').orderBy('idx').execute()
      expect(rows.map(({ idx }) => idx)).toEqual([0, 1, 2, 3])
    })

    it('takes more different statements than it remembers', async () => {
      const units = Array.from({ length: 2_300 }, (_, n): Unit => {
        const query = sql`update zone set version = ${n} where ${sql.raw(`${String(n)} = 1`)}`
        return { kind: 'housekeeping', writes: [{ query: query.compile(store.read) }] }
      })
      const done = await Promise.all(units.map((unit) => store.commit(unit)))
      expect(done.every(({ kind }) => kind === 'committed')).toBe(true)
      await store.commit(addToken(store, 'a', [fact()]))
      expect(await store.read.selectFrom('enrol_token').select('hash').execute()).toHaveLength(1)
    })

    it('refuses/to write where it was opened to read', async () => {
      if (test.place) {
        const other = openToRead(test.place)
        await expect(other.deleteFrom('fact').execute()).rejects.toThrow(/read.?only/i)
        await other.destroy()
      }
      if (store.engine === 'postgres') return
      await expect(store.read.deleteFrom('fact').execute()).rejects.toThrow(/readonly/)
    })

    it('refuses/units after it was closed, and ends those before', async () => {
      const last = store.commit(addToken(store, 'a', [fact()]))
      await store.close()
      expect((await last).kind).toBe('committed')
      await expect(store.commit(addToken(store, 'b', [fact()]))).rejects.toMatchObject({
        code: 'store-unavailable',
        class: 'transient',
      })
      store = await test.reopen()
      expect(await store.read.selectFrom('enrol_token').select('hash').execute()).toEqual([
        { hash: 'a' },
      ])
    })

    it('is made once when several open it at the same time, and all go on', async () => {
      const fresh = await make()
      const stores = await Promise.all([fresh.open(), fresh.open(), fresh.open()])
      const done = await Promise.all(
        stores.flatMap((one, n) =>
          Array.from({ length: 30 }, (_, m) =>
            one.commit(addToken(one, `${String(n)} ${String(m)}`, [fact(), fact()])),
          ),
        ),
      )
      const firsts = done.map(indexOf).toSorted((a, b) => a - b)
      expect(firsts).toEqual(firsts.map((_, n) => n * 2))
      for (const one of stores) await one.close()
      await fresh.remove()
    })

    it('refuses/a database that a newer release wrote', async () => {
      const query = sql`insert into kysely_migration (name, timestamp) values ('9999-later', '')`
      const newer: Unit = { kind: 'housekeeping', writes: [{ query: query.compile(store.read) }] }
      await store.commit(newer)
      await store.close()
      await expect(test.reopen()).rejects.toMatchObject({ code: 'store-newer', class: 'permanent' })
    })

    it('has everything again after a restart, and seals it', async () => {
      for (let n = 0; n < 20; n++) await store.commit(addToken(store, `h${String(n)}`, [fact()]))
      const first = sealer(store)
      await first.start()
      await first.stop()
      await store.close()
      store = await test.reopen()
      const second = sealer(store)
      await second.start()
      await store.commit(addToken(store, 'later', [fact()]))
      await second.stop()
      expect(await checkRecord(store.read, verifierKey(signer))).toHaveLength(21)
      expect(second.head?.size).toBe(21)
    })

    it('refuses/to go on from a record that was changed under it', async () => {
      await store.commit(addToken(store, 'a', [fact()]))
      const first = sealer(store)
      await first.start()
      await first.stop()
      const query = store.read
        .updateTable('fact')
        .set({ body: Buffer.from('{"code":"TAP-001"}') })
        .compile()
      await store.commit({ kind: 'housekeeping', writes: [{ query }] })
      await expect(sealer(store).start()).rejects.toMatchObject({ code: 'record-not-valid' })
    })
  })
}
