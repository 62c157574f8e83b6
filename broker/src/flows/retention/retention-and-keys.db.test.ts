// A record that is purged and changes its key in between, with the real flows on each engine: who
// signs what, that it verifies from each key, and what auditors are shown of it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dayMs, RetentionHouse } from '../../../../test/kit/retention-house.ts'
import { engines } from '../../../../test/kit/stores.ts'
import type { EvidenceResults } from '../../audit/evidence/results.ts'
import type { RecordLine } from '../../audit/record-lines.ts'
import { leafHash } from '../../audit/merkle/tree-hash.ts'
import { purgeList, textHash } from '../../audit/retention/purge-statement.ts'
import { verifyArchive } from '../../audit/evidence/archive/verify-archive.ts'
import { parseVerifierKey, verifierKey } from '../../audit/signed-note.ts'
import { askForEvidence } from '../evidence/ask-for-evidence.ts'
import { makeEvidence } from '../evidence/make-evidence.ts'

const isEntry = (line: RecordLine) => line.kind === 'entry'

describe.each(engines)('retention and the record’s key on $engine', ({ open, isHere }) => {
  let house: RetentionHouse

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    house = await RetentionHouse.open({ open })
    await house.live(300)
    await house.agree()
  })
  afterEach(async () => {
    if (!isHere) return
    await house.core.close()
  })
  const purges = async (): Promise<number> => {
    const db = house.core.store.read
    return (await db.selectFrom('retention_purge').select('number').execute()).length
  }
  const evidence = async (seal = () => house.sealer.sealNow()) => {
    const { core, sealer } = house
    const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
    const days = { from: iso(core.nowMs() - 300 * dayMs), to: iso(core.nowMs()), timeZone: 'UTC' }
    const order = { ...days, by: 'kit', purpose: 'drill' } as const
    const asking = { isBusy: () => false, sealedSize: () => sealer.head?.size ?? 0 }
    const { answer } = await core.needs.perform(askForEvidence(order, { ...core.needs, ...asking }))
    if (answer.kind === 'refused') throw new Error(answer.code)
    const made = { ...core.evidenceFrom(sealer), seal }
    const needs = { ...core.needs, prove: sealer.prove, evidence: made }
    return makeEvidence(answer.task, needs, () => undefined)
  }

  const reachOf = ({ rules }: EvidenceResults) =>
    rules.flatMap(({ checks }) => checks).find(({ id }) => id === 'record-reaches-back')

  it('go on beside each other, and verify from each key', async () => {
    const { signer: one } = house.core
    await house.run(1)
    const two = await house.changeKey()
    await house.run(1)
    const three = await house.changeKey()
    await house.run(1)
    expect(await purges()).toBeGreaterThanOrEqual(3)
    for (const signer of [one, two, three]) {
      expect(await house.verdict(undefined, signer)).toMatchObject({ kind: 'valid', unsigned: 0 })
    }
    // As after a restart: all of it is hashed again, and its keys are followed.
    const again = new RetentionHouse(house.core)
    await again.sealer.catchUp()
    expect(again.sealer.head?.note).toBe(house.sealer.head?.note)
    expect(again.sealer.chain.ended).toHaveLength(2)
    expect(house.faults).toEqual([])
  })
  it('take nothing where this broker has not the key that signs now', async () => {
    await house.changeKey()
    await house.core.needs.perform.idle()
    const lost = house.desk({ findSigner: () => undefined })
    await expect(house.run(1, lost)).rejects.toMatchObject({ code: 'key-missing' })
    expect(await purges()).toBe(0)
    await house.run(1)
    expect(await purges()).toBeGreaterThan(0)
    expect(await house.verdict()).toMatchObject({ kind: 'valid' })
  })
  it('wait for each other: a lot that is under way is signed again by the key after', async () => {
    const { needs } = house.core
    const state = { isChanged: false }
    const perform: typeof needs.perform = Object.assign(
      async (flow: Parameters<typeof needs.perform>[0]) =>
        needs.perform(async (look) => {
          const recorded = await flow(look)
          if (!state.isChanged) {
            state.isChanged = true
            await house.changeKey()
          }
          return recorded
        }),
      needs.perform,
    )
    await house.run(1, house.desk({ perform }))
    expect(state.isChanged).toBe(true)
    expect(await purges()).toBeGreaterThan(0)
    expect(await house.verdict()).toMatchObject({ kind: 'valid', unsigned: 0 })
  })

  it('are shown to auditors: what is proved, and what is gone by class and date', async () => {
    await house.run(3)
    const key = await house.changeKey()
    await house.sealer.sealNow()
    await house.run(1)
    const { zip, results } = await evidence()
    const verifier = parseVerifierKey(verifierKey(key))
    expect(verifier && verifyArchive(zip, verifier)).toMatchObject({ kind: 'valid' })
    const gone = results.record.gone ?? []
    expect(gone.map(({ class: name }) => name)).toContain('operational')
    for (const { count, firstTakenMs, lastTakenMs } of gone) {
      expect(count).toBeGreaterThan(0)
      expect(firstTakenMs).toBeLessThanOrEqual(lastTakenMs)
    }
    expect(zip.toString('latin1')).toContain('are gone by retention')
  })
  it('say that it goes back six years, or to the first day, where presence alone went', async () => {
    await house.run(3)
    const { results } = await evidence()
    expect(results.record.gone?.map(({ class: name }) => name)).toContain('presence')
    const reach = reachOf(results)
    expect(reach).toMatchObject({ verdict: 'met', breaking: 0 })
    expect(reach?.looked).toBeGreaterThan(100)
  })
  it('say that it does not where access went before, and since when it is', async () => {
    const { core } = house
    const [first] = await house.lines().then((lines) => lines.filter(isEntry))
    await house.live(600)
    await house.run(4)
    const { zip, results } = await evidence()
    const reach = reachOf(results)
    expect(reach).toMatchObject({ verdict: 'not-met' })
    const { 'gone of access': access = 0, ...more } = reach?.figures ?? {}
    expect(access).toBeGreaterThan(0)
    expect(more).toEqual({ 'gone of administration': (reach?.breaking ?? 0) - access })
    const rows = await core.store.read.selectFrom('fact').select(['idx', 'code']).execute()
    const named = rows.filter(({ idx }) => reach?.breaks.includes(idx))
    expect(named.length).toBeGreaterThan(0)
    expect(new Set(named.map(({ code }) => code))).toEqual(new Set(['RET-004']))
    const six = results.rules.find(({ id }) => id === 'hipaa-six-years')
    expect(six?.verdict).toBe('not-met')
    const verifier = parseVerifierKey(core.recordKey)
    expect(verifier && verifyArchive(zip, verifier)).toMatchObject({ kind: 'valid' })
    // Its first entry is gone: it did not begin with what is left.
    expect(rows.some(({ idx }) => idx === 0)).toBe(false)
    expect(first?.body).toContain(`"atMs":${String(results.record.firstMs)},`)
  })
  it('give no evidence where an entry is called gone that no purge took', async () => {
    await house.run(2)
    const leaf = `select idx, body, 1 from fact where idx = 5`
    await house.tamper(`insert into fact_gone ${leaf}`, 'delete from fact where idx = 5')
    await expect(evidence()).rejects.toMatchObject({ code: 'record-not-valid' })
  })

  describe('give no evidence of a record', () => {
    const engineBytes = (hex: string) =>
      house.core.store.engine === 'sqlite' ? `x'${hex}'` : `'\\x${hex}'`
    /** The newest of a code goes, as if that purge had taken it: all hashes hold. */
    async function take(code: string, purge: number) {
      const fact = await house.core.store.read
        .selectFrom('fact')
        .select(['idx', 'at_ms', 'body'])
        .where('code', '=', code)
        .orderBy('idx', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow()
      const index = String(fact.idx)
      const leaf = engineBytes(leafHash(fact.body).toString('hex'))
      await house.tamper(
        `insert into fact_gone (idx, leaf, purge) values (${index}, ${leaf}, ${String(purge)})`,
        `delete from fact where idx = ${index}`,
      )
      return { index: fact.idx, code, atMs: fact.at_ms }
    }
    const notValid = (flaw: string) => ({
      code: 'record-not-valid',
      cause: expect.objectContaining({ message: expect.stringContaining(flaw) as string }) as Error,
    })
    it('in which a list is longer than what was signed of it', async () => {
      await house.run(2)
      const gone = await take('PRE-001', 1)
      await house.tamper(
        `update retention_purge set list = list || '${purgeList([gone])}' where number = 1`,
      )
      await expect(evidence()).rejects.toMatchObject(notValid('gone-unproved'))
    })
    it('in which a list names something else', async () => {
      await house.run(2)
      await house.tamper(
        `update retention_purge set list = replace(list, 'WKS-004', 'TAP-001') where number = 1`,
        `update retention_purge set list = replace(list, 'PRE-001', 'TAP-001') where number = 1`,
      )
      await expect(evidence()).rejects.toMatchObject(notValid('gone-unproved'))
    })
    it('in which a purge and its list were written by somebody without the key', async () => {
      await house.run(2)
      const gone = await take('PRE-001', 999)
      const list = purgeList([gone])
      const before = { first_idx: gone.index, last_idx: gone.index, count: 1, rule: 1 }
      const { store, nowMs } = { store: house.core.store, nowMs: house.core.nowMs() }
      const row = { number: 999, class: 'presence', before_ms: nowMs, at_ms: nowMs, list } as const
      const query = store.read.insertInto('retention_purge').values({ ...row, ...before })
      await store.commit({ kind: 'housekeeping', writes: [{ query: query.compile() }] })
      const { index: first } = gone
      const about = { purge: 999, class: 'presence', rule: 1, days: 200, beforeMs: nowMs }
      const what = { first, last: first, count: 1, holds: 0, holdsHash: textHash('') }
      const fields = { ...about, ...what, listHash: textHash(list), signature: '— kit.example x' }
      await house.add([{ code: 'RET-004', fields }])
      await house.sealer.sealNow()
      await expect(evidence()).rejects.toMatchObject(notValid('gone-unproved'))
    })
    it('from which something went before its time, by the record’s key itself', async () => {
      await house.core.needs.perform.idle()
      house.core.pass(120 * dayMs)
      await house.add([{ code: 'SYS-003' }])
      await house.sealer.sealNow()
      await house.tamper('update retention_state set looked_idx = 1000000')
      await house.run(2)
      house.core.pass(-120 * dayMs)
      await house.add([{ code: 'SYS-003' }])
      await house.sealer.sealNow()
      await expect(evidence()).rejects.toMatchObject(notValid('gone-early'))
    })
  })

  it('give evidence also where a purge goes on while the record is read', async () => {
    await house.run(1)
    const { core, sealer } = house
    const purgesBefore = await purges()
    const { zip, results } = await evidence(async () => {
      await sealer.sealNow()
      // After the checkpoint that is read up to.
      await house.run(1)
    })
    expect(await purges()).toBeGreaterThan(purgesBefore)
    expect(results.record.gone?.length).toBeGreaterThan(0)
    const verifier = parseVerifierKey(core.recordKey)
    expect(verifier && verifyArchive(zip, verifier)).toMatchObject({ kind: 'valid' })
  })
})
