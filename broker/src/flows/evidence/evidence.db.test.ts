// Evidence on both stores, from what people really did: what comes out for the rules, that every
// fact named is proved, and that a record that was changed gives none.

import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { openCheckpoint } from '../../audit/checkpoint.ts'
import { placesOf, verifyArchive } from '../../audit/evidence/archive/verify-archive.ts'
import type { RuleResult } from '../../audit/evidence/results.ts'
import { readZip } from '../../audit/evidence/archive/stored-zip.ts'
import { encodeFact } from '../../audit/fact.ts'
import { signKeyChange } from '../../audit/key-changes/key-change.ts'
import { Sealer } from '../../audit/sealer.ts'
import { parseVerifierKey, verifierKey } from '../../audit/signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../../audit/signed-note.ts'
import { Fault } from '../../platform/fault.ts'
import { newFact } from '../flow-needs.ts'
import { markBadge } from '../mark-badge.ts'
import { revokePerson } from '../revoke-person.ts'
import { askForEvidence } from './ask-for-evidence.ts'
import { makeEvidence } from './make-evidence.ts'

const day = 86_400_000
const newSigner = (): NoteSigner => ({
  name: 'kit.example/record',
  key: generateKeyPairSync('ed25519').privateKey,
})
const verifierOf = (signer: NoteSigner) => parseVerifierKey(verifierKey(signer))!
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

describe.each(engines)('evidence on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let sealer: Sealer
  let from: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, channels: ['webhook'] })
    sealer = core.newSealer()
    from = iso(core.nowMs())
    await core.addZone('ward', { witnessRoles: ['nurse'] })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.close()
  })

  const made = async (since?: number, own = core.evidenceFrom(sealer)) => {
    const days = { from, to: iso(core.nowMs()), timeZone: 'UTC' }
    const order = { ...days, by: 'kit', purpose: 'drill', ...(since && { since }) } as const
    const asking = { isBusy: () => false, sealedSize: () => sealer.head?.size ?? 0 }
    const flow = askForEvidence(order, { ...core.needs, ...asking })
    const { answer } = await core.needs.perform(flow)
    if (answer.kind === 'refused') throw new Error(answer.code)
    const reads: number[] = []
    const needs = { ...core.needs, prove: sealer.prove, evidence: own }
    const evidence = await makeEvidence(answer.task, needs, (read) => reads.push(read))
    return { ...evidence, reads }
  }
  const key = () => parseVerifierKey(core.recordKey)!
  const verdicts = (rules: readonly RuleResult[]) =>
    Object.fromEntries(rules.map(({ id, verdict }) => [id, verdict]))
  const checkOf = (rules: readonly RuleResult[], id: string) =>
    rules.flatMap(({ checks }) => checks).find((check) => check.id === id)
  const revoked = (who: KitPerson) =>
    core.needs.perform(() =>
      revokePerson({ personId: who.personId, status: 'terminated', by: 'kit' }, core.needs),
    )

  it('is valid, proves what it names, and names nobody', async () => {
    const here = await core.addWorkstation('ward')
    const rosa = await core.addPerson({ given: 'Rosalind', family: 'Quirk' })
    await core.signIn(here, rosa)
    const { zip, results } = await made()
    const verdict = verifyArchive(zip, key())
    expect(verdict).toMatchObject({ kind: 'valid', proofs: placesOf(results).length })
    expect(results.record.madeAt).toBe(results.record.size - 1)
    const words = zip.toString('latin1')
    expect(words).not.toMatch(/Rosalind|Quirk/)
    expect(words).not.toContain(rosa.card.canonical)
    const proofs = readZip(zip)!.filter(({ name }) => name.startsWith('proofs/'))
    expect(proofs).toHaveLength(placesOf(results).length)
  })

  it('says what was met, what nobody saw, and what a person has to judge', async () => {
    const here = await core.addWorkstation('ward')
    const rosa = await core.addPerson()
    const session = await core.signIn(here, rosa)
    await core.leave(here, session, 'idle')
    await core.signIn(here, rosa)
    await core.signIn(await core.addWorkstation('ward'), await core.addPerson({ given: 'Dov' }))
    core.pass(1000)
    await revoked(rosa)
    const { results } = await made()
    expect(verdicts(results.rules)).toMatchObject({
      'hipaa-termination': 'met',
      'hipaa-emergency-access': 'judgement',
      'hipaa-automatic-logoff': 'judgement',
      'nist-aal2': 'not-met',
      'nist-pin-rules': 'met',
      'epcs-two-factors': 'not-applicable',
      'life-safety': 'not-applicable',
      'state-rules': 'judgement',
    })
    expect(checkOf(results.rules, 'locks-within-a-minute')).toMatchObject({
      looked: 1,
      figures: { 'p95 ms': 0 },
    })
    expect(checkOf(results.rules, 'access-reviews-closed')).toMatchObject({
      verdict: 'nothing-seen',
    })
  })

  it('says of an emergency that nobody was told of, and of a review that is overdue', async () => {
    const here = await core.addWorkstation('ward')
    const rosa = await core.addPerson()
    const dov = await core.addPerson({ given: 'Dov' })
    const id = core.newTapId()
    const asked = await core.breakGlass(here, rosa, { id })
    if (asked.kind === 'ask-pin') await core.pin(here, id, rosa.pin)
    else await core.vouch(here, id, dov)
    expect((await core.counts())['BTG-002']).toBe(1)
    core.pass(5 * day)
    const { zip, results } = await made()
    const rule = results.rules.find((one) => one.id === 'hipaa-emergency-access')
    expect(rule?.verdict).toBe('not-met')
    expect(checkOf(results.rules, 'emergency-says-why-and-until')).toMatchObject({
      verdict: 'met',
      looked: 1,
    })
    expect(checkOf(results.rules, 'compliance-told-within-a-minute')).toMatchObject({
      verdict: 'not-met',
      breaks: [expect.any(Number)],
    })
    expect(checkOf(results.rules, 'emergency-reviews-not-overdue')).toMatchObject({
      verdict: 'not-met',
      looked: 1,
      breaking: 1,
    })
    expect(verifyArchive(zip, key()).kind).toBe('valid')
  })

  it('counts only what is of its days', async () => {
    const here = await core.addWorkstation('ward')
    const rosa = await core.addPerson()
    await core.signIn(here, rosa)
    core.pass(3 * day)
    from = iso(core.nowMs())
    const { results } = await made()
    expect(checkOf(results.rules, 'taps-name-a-person')).toMatchObject({ looked: 0 })
    expect(results.record.factsInPeriod).toBe(1)
    expect(results.period.isOpen).toBe(true)
  })

  it('sees that a lost badge opens nothing', async () => {
    const here = await core.addWorkstation('ward')
    const rosa = await core.addPerson()
    await core.needs.perform(() =>
      markBadge({ badgeId: rosa.badgeId, status: 'lost', by: 'kit' }, core.needs),
    )
    expect(await core.tap(here, rosa)).toMatchObject({ code: 'badge-not-usable' })
    const { results } = await made()
    expect(checkOf(results.rules, 'lost-badges-open-nothing')).toMatchObject({
      verdict: 'met',
      looked: 1,
    })
  })

  it('proves that it continues evidence before it, and the checkpoint that was kept', async () => {
    await core.addPerson()
    await sealer.sealNow()
    const kept = sealer.head!
    const first = await made()
    await core.addPerson()
    const second = await made(kept.size)
    const notes = [kept.note, readZip(first.zip)!.find((f) => f.name === 'checkpoint.note')!.bytes]
    for (const note of notes) {
      const earlier = openCheckpoint(note.toString(), [key()])
      expect(verifyArchive(second.zip, key(), earlier)).toMatchObject({ kind: 'valid' })
    }
    const other = { ...openCheckpoint(kept.note, [key()])!, root: Buffer.alloc(32) }
    expect(verifyArchive(second.zip, key(), other)).toMatchObject({ flaw: 'another-record' })
    const between = { ...other, size: 1 }
    expect(verifyArchive(second.zip, key(), between)).toMatchObject({ flaw: 'no-proof' })
    expect(checkOf(second.results.rules, 'record-continues')).toMatchObject({ looked: 2 })
  })

  it('is signed by the key that the record changed to, and by none that is not here', async () => {
    const [first, next] = [newSigner(), newSigner()]
    const findSigner = ({ key }: NoteVerifier) =>
      [first, next].find((one) => createPublicKey(one.key).equals(key))
    const onBroken = ({ code }: Fault): void => expect.fail(code)
    sealer = new Sealer({ ...core.needs, signer: first, findSigner, onBroken })
    await core.addPerson()
    await sealer.sealNow()
    const kept = sealer.head!
    const note = signKeyChange(first, next, 'scheduled')
    const fact = encodeFact(newFact(core.needs, 'KEY-003', { fields: { note } }))
    await core.store.commit({ kind: 'recorded', writes: [], facts: [fact] })
    const own = { ...core.evidenceFrom(sealer), findSigner }
    const [old, now] = [verifierOf(first), verifierOf(next)]
    // The first is under the checkpoint that both keys sign, the other under one of the new alone.
    for (const { zip } of [await made(kept.size, own), await made(kept.size, own)]) {
      const earlier = openCheckpoint(kept.note, [old])!
      expect(verifyArchive(zip, now, earlier)).toMatchObject({ kind: 'valid' })
      expect(verifyArchive(zip, old)).toMatchObject({ flaw: 'signature' })
    }
    const without = { ...own, findSigner: () => undefined }
    await expect(made(undefined, without)).rejects.toThrow(
      expect.objectContaining({ code: 'key-missing' }),
    )
  })

  it('is not made of a record that was changed', async () => {
    await core.addPerson()
    await sealer.sealNow()
    const text = `update fact set code = 'ADM-002', body = (select body from fact where idx = 1) where idx = 0`
    const query = sql.raw(text).compile(core.store.read)
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    await expect(made()).rejects.toThrow(Fault)
  })

  it('is refused for days that are none', async () => {
    const needs = { ...core.needs, isBusy: () => false, sealedSize: () => 0 }
    const now = core.nowMs()
    for (const [first, last] of [
      [iso(now), iso(now - day)],
      [iso(now + day), iso(now + day)],
      [iso(now - 400 * day), iso(now)],
      ['2026-02-30', iso(now)],
    ] as const) {
      const order = { from: first, to: last, timeZone: 'UTC', by: 'kit', purpose: 'drill' } as const
      const { answer } = await core.needs.perform(askForEvidence(order, needs))
      expect(answer).toMatchObject({ kind: 'refused', code: 'evidence-days' })
    }
    expect((await core.counts())['EVD-101']).toBe(4)
    expect((await core.counts())['EVD-001']).toBeUndefined()
  })
})
