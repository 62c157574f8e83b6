// A record that is purged and changes its key in between, with the real flows on each engine: who
// signs what, that it verifies from each key, and what auditors are shown of it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dayMs, RetentionHouse } from '../../../../test/kit/retention-house.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { verifyArchive } from '../../audit/evidence/archive/verify-archive.ts'
import { parseVerifierKey, verifierKey } from '../../audit/signed-note.ts'
import { askForEvidence } from '../evidence/ask-for-evidence.ts'
import { makeEvidence } from '../evidence/make-evidence.ts'

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
  const evidence = async () => {
    const { core, sealer } = house
    const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
    const days = { from: iso(core.nowMs() - 300 * dayMs), to: iso(core.nowMs()), timeZone: 'UTC' }
    const order = { ...days, by: 'kit', purpose: 'drill' } as const
    const asking = { isBusy: () => false, sealedSize: () => sealer.head?.size ?? 0 }
    const { answer } = await core.needs.perform(askForEvidence(order, { ...core.needs, ...asking }))
    if (answer.kind === 'refused') throw new Error(answer.code)
    const needs = { ...core.needs, prove: sealer.prove, evidence: core.evidenceFrom(sealer) }
    return makeEvidence(answer.task, needs, () => undefined)
  }

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
  it('give no evidence where an entry is called gone that no purge took', async () => {
    await house.run(2)
    const leaf = `select idx, body, 1 from fact where idx = 5`
    await house.tamper(`insert into fact_gone ${leaf}`, 'delete from fact where idx = 5')
    await expect(evidence()).rejects.toMatchObject({ code: 'record-not-valid' })
  })
})
