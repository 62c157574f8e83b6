// What the record promises on each engine: whoever changes it in the database is found, and where;
// several brokers may sign it; a sealer that sees it shrink stops; what was forgotten stays proved.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCheckpoint } from '@wardkey/broker/audit/checkpoint'
import { exportRecord } from '@wardkey/broker/audit/export-record'
import { encodeFact } from '@wardkey/broker/audit/fact'
import { leafHash } from '@wardkey/broker/audit/merkle/tree-hash'
import { PersonKeys } from '@wardkey/broker/audit/person-keys'
import { openField, sealFields } from '@wardkey/broker/audit/sealed-fields'
import { Sealer, sealEveryMs } from '@wardkey/broker/audit/sealer'
import { parseVerifierKey, verifierKey } from '@wardkey/broker/audit/signed-note'
import { RecordVerifier } from '@wardkey/broker/audit/verify-record'
import type { Verdict } from '@wardkey/broker/audit/verify-record'
import type { Store } from '@wardkey/broker/store/store'
import { checkRecord } from '../kit/check-record.ts'
import { engines } from '../kit/stores.ts'
import type { TestStore } from '../kit/stores.ts'

const signer = { name: 'test.example/record', key: generateKeyPairSync('ed25519').privateKey }
const vkey = verifierKey(signer)

async function commitFacts(store: Store, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, () => {
      const facts = [encodeFact({ id: randomUUID(), code: 'ADM-001', atMs: 1 })] as const
      return store.commit({ kind: 'recorded', writes: [], facts })
    }),
  )
}

/** What somebody with all rights in the database does. */
async function tamper(store: Store, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    const query = sql.raw(text).compile(store.read)
    const done = await store.commit({ kind: 'housekeeping', writes: [{ query }] })
    expect(done.kind).toBe('committed')
  }
}

async function verdictOf(store: Store, earlierNote?: string): Promise<Verdict> {
  const keys = [parseVerifierKey(vkey)].flatMap((key) => key ?? [])
  const earlier = earlierNote === undefined ? undefined : openCheckpoint(earlierNote, keys)
  const verifier = new RecordVerifier(keys, earlier)
  for await (const line of exportRecord(store.read, signer.name, 0)) {
    verifier.take(JSON.stringify(line))
  }
  return verifier.end()
}

interface Told {
  readonly events: string[]
  readonly faults: string[]
}

for (const { engine, open, isHere } of engines) {
  describe.runIf(isHere)(`the record on ${engine}`, () => {
    let test: TestStore
    let store: Store
    let told: Told
    let nowMs = 1_000_000
    const sealer = (of: Store = store): Sealer =>
      new Sealer({
        store: of,
        signer,
        nowMs: () => nowMs,
        log: {
          info: () => undefined,
          warn: (event) => told.events.push(event),
          error: (event) => told.events.push(event),
        },
        onBroken: ({ code }) => told.faults.push(code),
      })
    /** So many facts under a checkpoint each time. */
    const sealed = async (...counts: number[]): Promise<Sealer> => {
      const one = sealer()
      for (const count of counts) {
        await commitFacts(store, count)
        await one.sealNow()
      }
      return one
    }
    beforeEach(async () => {
      test = await open()
      store = test.store
      told = { events: [], faults: [] }
      nowMs = 1_000_000
    })
    afterEach(async () => {
      await store.close()
      await test.remove()
    })

    describe('is found, and where', () => {
      const shift = (from: number, by: number): string[] => [
        // Over a distance, because one engine looks at uniqueness row by row.
        `update fact set idx = idx + 100000 where idx >= ${String(from)}`,
        `update fact set idx = idx - 100000 + ${String(by)} where idx >= 100000`,
      ]
      const cases: { name: string; texts: string[]; verdict: object }[] = [
        {
          name: 'changed in one entry',
          texts: [`update fact set body = (select body from fact where idx = 3) where idx = 25`],
          verdict: { flaw: 'changed', entry: 25 },
        },
        {
          name: 'without one entry',
          texts: ['delete from fact where idx = 17'],
          verdict: { flaw: 'missing', entry: 17 },
        },
        {
          name: 'without one entry, the others moved up',
          texts: ['delete from fact where idx = 17', ...shift(18, -1)],
          verdict: { flaw: 'missing', entry: 17 },
        },
        {
          name: 'with two entries in another order',
          texts: [
            'update fact set idx = 100000 where idx = 11',
            'update fact set idx = 11 where idx = 12',
            'update fact set idx = 12 where idx = 100000',
          ],
          verdict: { flaw: 'reordered', entry: 11 },
        },
        {
          name: 'with one entry more',
          texts: [
            ...shift(22, 1),
            `insert into fact (idx, id, at_ms, code, body)
              select 22, 'new', at_ms, code, body from fact where idx = 0`,
          ],
          verdict: { flaw: 'inserted', entry: 22 },
        },
        {
          name: 'cut off, its last checkpoint left',
          texts: ['delete from fact where idx >= 28'],
          verdict: { flaw: 'missing', entry: 28 },
        },
        {
          name: 'cut off with its checkpoints',
          texts: ['delete from fact where idx >= 20', 'delete from checkpoint where size > 20'],
          verdict: { flaw: 'truncated', entry: 20 },
        },
        {
          name: 'without a checkpoint in the middle',
          texts: ['delete from checkpoint where size = 20'],
          verdict: { flaw: 'checkpoint', entry: 10, untilEntry: 29 },
        },
        {
          name: 'changed in one entry and its list of hashes',
          texts: [
            `update fact set body = (select body from fact where idx = 3) where idx = 25`,
            `update checkpoint set leaves = (select leaves from checkpoint where size = 10)
              where size = 30`,
          ],
          verdict: { flaw: 'changed', entry: 20, untilEntry: 29 },
        },
      ]
      for (const { name, texts, verdict } of cases) {
        it(`refuses/a record ${name}`, async () => {
          const { head } = await sealed(10, 10, 10)
          expect(await verdictOf(store, head?.note)).toEqual({
            kind: 'valid',
            signed: 30,
            unsigned: 0,
          })
          await tamper(store, ...texts)
          expect(await verdictOf(store, head?.note)).toMatchObject({ kind: 'invalid', ...verdict })
        })
      }
      it('refuses/an older copy, against a checkpoint that came after it', async () => {
        const one = await sealed(10)
        const old = [...(await store.read.selectFrom('fact').selectAll().execute())]
        await commitFacts(store, 5)
        await one.sealNow()
        const later = one.head?.note
        await tamper(store, 'delete from checkpoint where size > 10', 'delete from fact')
        for (const row of old) {
          const query = store.read.insertInto('fact').values(row).compile()
          await store.commit({ kind: 'housekeeping', writes: [{ query }] })
        }
        expect((await verdictOf(store)).kind).toBe('valid')
        expect(await verdictOf(store, later)).toMatchObject({ flaw: 'truncated', entry: 10 })
      })
    })

    describe('the sealer', () => {
      it('signs news within a quarter of a second by itself, and nothing without news', async () => {
        expect(sealEveryMs).toBeLessThan(250)
        const one = sealer()
        await one.start()
        await commitFacts(store, 3)
        await expect.poll(() => one.head?.size, { timeout: 5_000, interval: 10 }).toBe(3)
        await one.sealNow()
        await one.sealNow()
        await one.stop()
        expect(one.figures).toEqual({ sealed: 3, checkpoints: 1, failures: 0, clockSteps: 0 })
        expect(await checkRecord(store.read, vkey)).toHaveLength(3)
      })
      it('never makes a fork beside another, and each goes on from what the other signed', async () => {
        const other = await test.reopen()
        const [first, second] = [sealer(store), sealer(other)]
        for (let round = 0; round < 15; round++) {
          await commitFacts(round % 2 === 0 ? store : other, 3)
          await Promise.all([first.sealNow(), commitFacts(other, 2), second.sealNow()])
        }
        await Promise.all([first.stop(), second.stop()])
        const checkpoints = await store.read.selectFrom('checkpoint').selectAll().execute()
        const { checkpoints: a } = first.figures
        const { checkpoints: b } = second.figures
        expect(a + b).toBe(checkpoints.length)
        expect(first.head).toEqual(second.head)
        expect(await checkRecord(store.read, vkey, first.head?.note)).toHaveLength(75)
        await other.close()
      })
      it('hashes what is on disk, whatever it was that was handed over', async () => {
        await commitFacts(store, 3)
        const one = sealer()
        await one.sealNow()
        await commitFacts(store, 2)
        const body = Buffer.from('{"written":"behind our back"}')
        const query = store.read.updateTable('fact').set({ body }).where('idx', '=', 4).compile()
        await store.commit({ kind: 'housekeeping', writes: [{ query }] })
        await one.sealNow()
        const { leaves } = await store.read
          .selectFrom('checkpoint')
          .select('leaves')
          .where('size', '=', 5)
          .executeTakeFirstOrThrow()
        expect(Buffer.from(leaves).subarray(32).equals(leafHash(body))).toBe(true)
        expect((await verdictOf(store, one.head?.note)).kind).toBe('valid')
      })
      it('shares one run between all who ask meanwhile', async () => {
        const one = await sealed(1)
        await commitFacts(store, 2)
        await Promise.all(Array.from({ length: 500 }, () => one.sealNow()))
        expect(one.figures.checkpoints).toBe(2)
        expect(one.head?.size).toBe(3)
      })
      it('puts at most 4,096 entries under one checkpoint', async () => {
        const one = sealer()
        for (let n = 0; n < 5; n++) await commitFacts(store, 1000)
        await one.sealNow()
        expect(one.figures).toMatchObject({ sealed: 5000, checkpoints: 2 })
        expect((await checkRecord(store.read, vkey)).length).toBe(5000)
      })
      it('refuses/to start on entries that are not those that were signed', async () => {
        await sealed(5)
        await tamper(store, `update fact set body = (select body from fact where idx = 0)`)
        await expect(sealer().start()).rejects.toMatchObject({ code: 'record-not-valid' })
      })
      it('refuses/to start where an entry is gone', async () => {
        await sealed(5)
        await tamper(store, 'delete from fact where idx = 2')
        await expect(sealer().start()).rejects.toMatchObject({ code: 'record-not-valid' })
      })
      it('refuses/to start after a checkpoint of another key', async () => {
        await sealed(5)
        const other = { ...signer, key: generateKeyPairSync('ed25519').privateKey }
        const stranger = new Sealer({
          ...{ store, signer: other, nowMs: () => nowMs, onBroken: () => undefined },
          log: { info: () => undefined, warn: () => undefined, error: () => undefined },
        })
        await expect(stranger.start()).rejects.toMatchObject({ code: 'record-not-valid' })
      })
      it('refuses/to go on when the record gets shorter under it, and says so once', async () => {
        const one = sealer()
        await commitFacts(store, 5)
        await one.start()
        await tamper(store, 'delete from fact where idx >= 3')
        await commitFacts(store, 1)
        await expect.poll(() => told.faults, { timeout: 5_000 }).toEqual(['record-not-valid'])
        await expect(one.stop()).rejects.toMatchObject({ code: 'record-not-valid' })
        expect(told.faults).toHaveLength(1)
        expect(one.figures).toMatchObject({ sealed: 5, checkpoints: 1 })
      })
      it('refuses/to go on when a checkpoint is gone', async () => {
        const one = await sealed(5, 5)
        await tamper(store, 'delete from checkpoint where size = 10')
        await commitFacts(store, 1)
        await expect(one.sealNow()).rejects.toMatchObject({ code: 'record-not-valid' })
      })
      it('goes on when the clock goes back, says so, and never dates a checkpoint back', async () => {
        const one = await sealed(2)
        nowMs -= 3_600_000
        await commitFacts(store, 2)
        await one.sealNow()
        nowMs += 3_600_001
        await commitFacts(store, 2)
        await one.sealNow()
        const rows = await store.read
          .selectFrom('checkpoint')
          .select(['size', 'at_ms'])
          .orderBy('size')
          .execute()
        expect(rows).toEqual([
          { size: 2, at_ms: 1_000_000 },
          { size: 4, at_ms: 1_000_000 },
          { size: 6, at_ms: 1_000_001 },
        ])
        expect(told.events).toEqual(['record.clock-went-back'])
        expect(one.figures.clockSteps).toBe(1)
      })
      it('names with each checkpoint the one that it continues, and no two the same', async () => {
        await sealed(2, 3, 4)
        const rows = await store.read
          .selectFrom('checkpoint')
          .select(['from_size', 'size'])
          .orderBy('size')
          .execute()
        expect(rows).toEqual([
          { from_size: 0, size: 2 },
          { from_size: 2, size: 5 },
          { from_size: 5, size: 9 },
        ])
        const fork = sql.raw(
          `insert into checkpoint (size, from_size, root, note, leaves, at_ms)
            select 8, 5, root, note, leaves, at_ms from checkpoint where size = 9`,
        )
        const writes = [{ query: fork.compile(store.read) }]
        expect(await store.commit({ kind: 'housekeeping', writes })).toEqual({ kind: 'conflict' })
      })
    })

    it('chains the checkpoints that were there before they named each other', async () => {
      await sealed(2, 3, 4)
      await tamper(
        store,
        // What came later goes first, as the migrator insists on their order.
        'drop index fact_locked',
        `delete from kysely_migration where name = '0029-ways-to-locks'`,
        `delete from kysely_migration where name = '0030-not-begun'`,
        'drop index fact_key',
        `delete from kysely_migration where name = '0027-ways-to-keys'`,
        ...['of_tap', 'refused', 'quoted'].map((name) => `drop index fact_${name}`),
        `delete from kysely_migration where name = '0026-ways-to-taps'`,
        'drop table update_wait',
        'drop table rollout_member',
        'drop table rollout',
        'drop table update_release',
        `delete from kysely_migration where name = '0023-updates'`,
        'drop index fact_tapped',
        `delete from kysely_migration where name = '0024-facts-of-taps'`,
        ...['rule', 'purge', 'class', 'state'].map((name) => `drop table retention_${name}`),
        'drop table fact_gone',
        'drop index presence_over',
        'drop index session_over',
        `delete from kysely_migration where name = '0022-retention'`,
        'alter table admin_token drop column made_alone',
        `delete from kysely_migration where name = '0021-made-alone'`,
        'drop table console_role_seen',
        'drop table held_back',
        'drop table access_item',
        'drop table access_campaign',
        'drop index fact_rare',
        'drop table legal_hold',
        'drop table forgetting',
        `delete from kysely_migration where name = '0020-forgetting'`,
        'drop table workstation_inventory',
        'drop table enrol_ask',
        ...['uses', 'made_ms', 'made_by', 'addresses', 'revoked_ms', 'workstation_id'].map(
          (column) => `alter table enrol_token drop column ${column}`,
        ),
        'alter table workstation drop column hardware',
        `delete from kysely_migration where name = '0019-fleet'`,
        'drop table key_note',
        `delete from kysely_migration where name = '0015-keys'`,
        'drop table stream',
        `delete from kysely_migration where name = '0014-streams'`,
        'drop table stage_time',
        `delete from kysely_migration where name = '0016-speed-and-reviews'`,
        'drop table alert',
        'drop table alert_cursor',
        `delete from kysely_migration where name = '0013-alerts'`,
        'alter table admin_token drop column confirmed_ms',
        'alter table admin_token drop column maker_id',
        `delete from kysely_migration where name = '0018-token-makers'`,
        'drop index fact_spoke',
        'alter table session drop column counted_ms',
        `delete from kysely_migration where name = '0017-told-once'`,
        'drop table witnessed_record',
        'drop table cosignature',
        `delete from kysely_migration where name = '0012-witnesses'`,
        'drop table console_session',
        `delete from kysely_migration where name = '0011-console-sessions'`,
        'drop index fact_person',
        'drop index fact_workstation',
        'drop index fact_merged_person',
        'drop index fact_merged_workstation',
        'drop index fact_moved',
        'drop index fact_door',
        `delete from kysely_migration where name = '0010-record-by-whom'`,
        'drop table second_approver',
        'alter table admin_token drop column made_by',
        'drop table token_grant',
        'drop table access_exception',
        'alter table person drop column exceptions',
        'alter table badge drop column suspended_by',
        `delete from kysely_migration where name = '0009-two-people'`,
        'drop table errand',
        'drop table loaner_card',
        'drop index badge_suspended_for',
        'drop index badge_ends',
        'alter table badge drop column suspended_for',
        'alter table badge drop column loaner_card_id',
        'alter table badge drop column ends_ms',
        `delete from kysely_migration where name = '0008-errands'`,
        'drop table house_mode',
        'drop table policy_version',
        `delete from kysely_migration where name = '0007-policy-and-mode'`,
        'drop table broker_word',
        ...(engine === 'PostgreSQL' ? ['drop function wardkey_broker_word'] : []),
        `delete from kysely_migration where name = '0006-broker-words'`,
        'drop table hr_group_member',
        'drop table hr_group',
        'drop table person_hr',
        'alter table person drop column access',
        'alter table person drop column held_ms',
        `delete from kysely_migration where name = '0005-people-from-hr'`,
        'drop table offline_review',
        'drop table offline_journal',
        'drop table offline_roster',
        'drop table offline_bundle',
        'drop index presence_person',
        'alter table presence drop column journal_id',
        'alter table session drop column journal_id',
        'alter table zone drop column changed_ms',
        'alter table badge drop column status_ms',
        'alter table person drop column access_ms',
        'alter table pin drop column scheme',
        `delete from kysely_migration where name = '0004-offline'`,
        'drop table compliance_notice',
        'drop table emergency_grant',
        'drop table staff_number',
        'drop index session_emergency',
        'alter table session drop column grant_id',
        'alter table session drop column until_ms',
        `delete from kysely_migration where name = '0003-emergency-access'`,
        'drop index checkpoint_chain',
        'alter table checkpoint drop column from_size',
        `delete from kysely_migration where name = '0002-checkpoint-chain'`,
      )
      await store.close()
      store = await test.reopen()
      const rows = store.read.selectFrom('checkpoint').select(['from_size', 'size']).orderBy('size')
      expect((await rows.execute()).map((row) => [row.from_size, row.size])).toEqual([
        [0, 2],
        [2, 5],
        [5, 9],
      ])
      await sealed(1)
      expect(await checkRecord(store.read, vkey)).toHaveLength(10)
    })

    it('proves what it can no longer tell: a forgotten name', async () => {
      let monotonicMs = 0
      const kek = randomBytes(32)
      const keys = new PersonKeys(store, kek)
      const elsewhere = new PersonKeys(store, kek, () => monotonicMs)
      const person = randomUUID()
      const { key, write } = keys.make(person)
      const about = { id: randomUUID(), person }
      const fact = {
        ...{ ...about, code: 'PER-001' as const, atMs: 1 },
        sealed: sealFields(about, { name: 'Rosa Santos' }, key),
      }
      await store.commit({ kind: 'recorded', writes: [write], facts: [encodeFact(fact)] })
      const one = sealer()
      await one.sealNow()
      const found = await elsewhere.find(person)
      expect(found && openField(fact, 'name', found)).toBe('Rosa Santos')

      const forget = { ...about, id: randomUUID(), code: 'PER-004' as const, atMs: 2 }
      const writes = [keys.destroy(person, 2)]
      // Somebody who looks just before it is durable must not keep the key.
      expect(await keys.find(person)).toBeDefined()
      const facts = [encodeFact(forget)] as const
      expect((await store.commit({ kind: 'recorded', writes, facts })).kind).toBe('committed')
      expect(await keys.find(person)).toBeUndefined()
      monotonicMs = 60_000
      expect(await elsewhere.find(person)).toBeUndefined()
      const again = await store.commit({ kind: 'recorded', writes, facts })
      expect(again.kind).toBe('conflict')
      const row = await store.read.selectFrom('person_key').selectAll().executeTakeFirstOrThrow()
      expect(row).toEqual({ person_id: person, wrapped: null, destroyed_ms: 2 })
      await one.sealNow()
      const [recorded] = await checkRecord(store.read, vkey)
      expect(recorded).toMatchObject({ person, sealed: fact.sealed })
    })
  })
}
