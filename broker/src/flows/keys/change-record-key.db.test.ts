// Another key for the record while brokers write it: who signs what, who follows whom, and what is
// left wherever it was broken off.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../../test/kit/broker-core.ts'
import { checkRecord } from '../../../../test/kit/check-record.ts'
import { engines } from '../../../../test/kit/stores.ts'
import type { TestStore } from '../../../../test/kit/stores.ts'
import { encodeFact } from '../../audit/fact.ts'
import { keysOf } from '../../audit/key-changes/key-chain.ts'
import { signKeyChange } from '../../audit/key-changes/key-change.ts'
import { Sealer } from '../../audit/sealer.ts'
import { keyTypes, notePartsOf, parseVerifierKey, verifierKey } from '../../audit/signed-note.ts'
import type { NoteVerifier } from '../../audit/signed-note.ts'
import { parseWitnessKey } from '../../audit/witness/cosignature.ts'
import { fileWitness } from '../../audit/witness/file-witness.ts'
import { httpWitness } from '../../audit/witness/http-witness.ts'
import { WitnessBook } from '../../audit/witness/witness-book.ts'
import { registerWitness } from '../../doors/witness/witness-door.ts'
import { makeKeyFolder } from '../../platform/keys/key-folder.ts'
import type { KeyFolder } from '../../platform/keys/key-folder.ts'
import { findRecordKey, findRecordOrder } from '../../platform/keys/record-keys.ts'
import { orderRecordKey, printOf, recordOrderFile } from '../../platform/keys/record-keys.ts'
import { changeRecordKey } from './change-record-key.ts'

const origin = 'test.example/record'
const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey

describe.each(engines)('the record’s key on $engine', ({ open, isHere }) => {
  const first = { name: origin, key: newKey() }
  const root = randomBytes(32)
  let test: TestStore
  let folder: KeyFolder
  let path: string
  let faults: string[]

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    test = await open()
    path = mkdtempSync(join(tmpdir(), 'wardkey-keys-'))
    folder = makeKeyFolder(join(path, 'keys'))
    faults = []
  })
  afterEach(async () => {
    if (!isHere) return
    await test.store.close()
    await test.remove()
    rmSync(path, { recursive: true, force: true })
  })

  const findSigner = ({ key }: NoteVerifier) => {
    const found = findRecordKey(folder, root, printOf(key))
    return found && { name: origin, key: found }
  }
  const newSealer = (): Sealer =>
    new Sealer({
      ...{ store: test.store, signer: first, findSigner, nowMs: () => 1, log: silentLog },
      onBroken: ({ code }) => faults.push(code),
    })
  const sealed = async (sealer: Sealer, count = 2): Promise<void> => {
    for (let n = 0; n < count; n++) {
      const facts = [encodeFact({ id: randomUUID(), code: 'ADM-001', atMs: 1 })] as const
      await test.store.commit({ kind: 'recorded', writes: [], facts })
    }
    await sealer.sealNow()
  }
  const rotate = (reason: 'scheduled' | 'compromised' = 'scheduled') =>
    orderRecordKey(folder, root, { reason, state: 'ordered' })
  /** As a broker looks at the folder. */
  const look = async (sealer: Sealer) => {
    const order = findRecordOrder(folder)
    if (!order) return 'none'
    return changeRecordKey(order, {
      ...{ db: test.store.read, store: test.store, chain: sealer.chain, first, findSigner },
      ...{ newId: randomUUID, nowMs: () => 1 },
      findKey: (print) => findRecordKey(folder, root, print),
    })
  }
  const check = (key: KeyObject, earlier?: string) =>
    checkRecord(test.store.read, verifierKey({ name: origin, key }), earlier)
  const signersOf = (sealer: Sealer): readonly string[] =>
    notePartsOf(sealer.head?.note ?? '')?.signatures.map(({ keyId }) => keyId.toString('hex')) ?? []
  const idOf = (key: KeyObject): string => verifierKey({ name: origin, key }).split('+')[1] ?? ''

  it('changes by a fact, one checkpoint is signed by both, the next by the new one alone', async () => {
    const sealer = newSealer()
    await sealed(sealer)
    const earlier = sealer.head?.note
    const next = rotate()
    expect(await look(sealer)).toBe('changed')
    await sealed(sealer)
    expect(signersOf(sealer)).toEqual([idOf(first.key), idOf(next)])
    await sealed(sealer)
    expect(signersOf(sealer)).toEqual([idOf(next)])
    expect(await check(first.key, earlier)).toHaveLength(7)
    expect(await check(next, sealer.head?.note)).toHaveLength(7)
  })
  it('is said once, however many brokers see the order at once', async () => {
    const sealers = [newSealer(), newSealer(), newSealer()]
    await sealed(sealers[0] ?? newSealer())
    for (const one of sealers) await one.catchUp()
    rotate()
    const said = await Promise.all(sealers.map(look))
    expect(said.filter((one) => one === 'changed')).toHaveLength(1)
    // Nobody has sealed it: the others know that it is under way, by the note.
    for (const one of sealers) expect(await look(one)).toBe('later')
    for (const one of sealers) await one.sealNow()
    for (const one of sealers) expect(await look(one)).toBe('done')
    const facts = await check(first.key)
    expect(facts.filter(({ code }) => code === 'KEY-003')).toHaveLength(1)
  })
  it('is taken up by the other broker without a restart, whoever seals first', async () => {
    const [mine, other] = [newSealer(), newSealer()]
    await sealed(mine)
    await sealed(other)
    const next = rotate()
    await look(mine)
    await sealed(other)
    await sealed(other)
    expect(signersOf(other)).toEqual([idOf(next)])
    await sealed(mine)
    expect(signersOf(mine)).toEqual([idOf(next)])
    expect(faults).toEqual([])
    await check(first.key)
  })
  it('changes again and again, also twice before anybody seals', async () => {
    const sealer = newSealer()
    await sealed(sealer)
    const keys = [first.key]
    for (const reason of ['scheduled', 'compromised', 'scheduled'] as const) {
      keys.push(rotate(reason))
      expect(await look(sealer)).toBe('changed')
      await sealed(sealer)
    }
    const [, , , third] = keys
    const [fourth, fifth] = [newKey(), newKey()]
    if (!third) throw new Error('no key')
    for (const [from, to] of [
      [third, fourth],
      [fourth, fifth],
    ] as const) {
      const signers = [from, to].map((key) => ({ name: origin, key }))
      const [before, after] = signers
      if (!before || !after) throw new Error('no signer')
      const fields = { note: signKeyChange(before, after, 'scheduled') }
      const facts = [encodeFact({ id: randomUUID(), code: 'KEY-003', atMs: 1, fields })] as const
      await test.store.commit({ kind: 'recorded', writes: [], facts })
    }
    const known = new Map([fourth, fifth].map((key) => [idOf(key), { name: origin, key }]))
    const twice = new Sealer({
      ...{ store: test.store, signer: first, nowMs: () => 1, log: silentLog },
      findSigner: (key) => known.get(key.keyId.toString('hex')) ?? findSigner(key),
      onBroken: ({ code }) => faults.push(code),
    })
    await twice.sealNow()
    expect(signersOf(twice)).toEqual([third, fourth, fifth].map(idOf))
    for (const key of [...keys, fourth, fifth]) await check(key)
  })
  it('signs on by the new key after a restart, and by the old one before the fact is there', async () => {
    await sealed(newSealer())
    const next = rotate()
    const before = newSealer()
    await sealed(before)
    expect(signersOf(before)).toEqual([idOf(first.key)])
    await look(before)
    // Killed between the fact and its checkpoint.
    const after = newSealer()
    await after.sealNow()
    expect(signersOf(after)).toEqual([idOf(first.key), idOf(next)])
    const later = newSealer()
    await sealed(later)
    expect(signersOf(later)).toEqual([idOf(next)])
    expect(await look(later)).toBe('done')
    await check(first.key)
  })
  it('waits where its own folder lacks the new key, signs nothing, and goes on with it', async () => {
    const sealer = newSealer()
    await sealed(sealer)
    const next = rotate()
    await look(sealer)
    const blind = new Sealer({
      ...{ store: test.store, signer: first, nowMs: () => 1, log: silentLog },
      onBroken: ({ code }) => faults.push(code),
    })
    await expect(blind.sealNow()).rejects.toMatchObject({ code: 'key-missing' })
    expect(faults).toEqual([])
    await sealed(sealer)
    await check(next)
  })
  it('keeps a prepared key for the change that is ordered, and changes nothing before', async () => {
    const sealer = newSealer()
    await sealed(sealer)
    const prepared = orderRecordKey(folder, root, { reason: 'scheduled', state: 'prepared' })
    expect(await look(sealer)).toBe('done')
    expect(printOf(rotate())).toBe(printOf(prepared))
    expect(await look(sealer)).toBe('changed')
    // The next order is another one.
    expect(printOf(rotate())).not.toBe(printOf(prepared))
  })

  describe('refuses', () => {
    it('to seal a change that its key did not sign, and stops', async () => {
      const sealer = newSealer()
      await sealed(sealer)
      const [thief, next] = [newKey(), newKey()].map((key) => ({ name: origin, key }))
      if (!thief || !next) throw new Error('no key')
      const fields = { note: signKeyChange(thief, next, 'scheduled') }
      const facts = [encodeFact({ id: randomUUID(), code: 'KEY-003', atMs: 1, fields })] as const
      await test.store.commit({ kind: 'recorded', writes: [], facts })
      await expect(sealer.sealNow()).rejects.toMatchObject({ code: 'record-not-valid' })
      await expect(newSealer().sealNow()).rejects.toMatchObject({ code: 'record-not-valid' })
    })
    it('a checkpoint that an ended key signed', async () => {
      const sealer = newSealer()
      await sealed(sealer)
      rotate()
      await look(sealer)
      await sealed(sealer)
      // Somebody who has the old key, and the database.
      const thief = new Sealer({
        ...{ store: test.store, signer: first, nowMs: () => 1, log: silentLog },
        findSigner: () => first,
        onBroken: () => undefined,
      })
      await sealed(thief)
      await expect(sealer.catchUp()).rejects.toMatchObject({ code: 'record-not-valid' })
      await expect(check(first.key)).rejects.toThrow('key-ended')
    })
    it('an order that is not understood, or whose key is not there', async () => {
      const sealer = newSealer()
      await sealed(sealer)
      folder.replace(recordOrderFile, '{"key":"../master","reason":"scheduled","state":"ordered"}')
      await expect(look(sealer)).rejects.toMatchObject({ code: 'key-missing' })
      const order = { key: '0'.repeat(16), reason: 'scheduled', state: 'ordered' }
      folder.replace(recordOrderFile, JSON.stringify(order))
      expect(await look(sealer)).toBe('later')
      rotate()
      expect(await look(sealer)).toBe('changed')
    })
  })

  describe('is followed by witnesses', () => {
    const cosigner = { name: 'other.example/record/witness', key: newKey() }
    const logs = [parseVerifierKey(verifierKey(first))].flatMap((key) => key ?? [])

    it('a program that knows the key before learns the key after, and keeps it', async () => {
      const theirs = await open()
      const door = Fastify()
      const bookOf = () =>
        new WitnessBook({ store: theirs.store, cosigner, logs, nowMs: () => 1_700_000_000_000 })
      await registerWitness(door, { book: bookOf(), log: silentLog })
      const url = `${await door.listen({ port: 0, host: '127.0.0.1' })}/witness`
      const key = parseWitnessKey(verifierKey(cosigner, keyTypes.cosignature))
      if (!key) throw new Error('no key')
      const sealer = newSealer()
      const changes = () => sealer.chain.ended.map(({ note }) => note)
      const witness = httpWitness({ name: 'second-site', url, key, changes, lastSize: 0 })
      await sealed(sealer)
      expect(await witness.show(sealer.offer())).toMatchObject({ kind: 'kept' })
      for (let change = 0; change < 2; change++) {
        rotate()
        await look(sealer)
        await sealed(sealer)
        await sealed(sealer)
        expect(await witness.show(sealer.offer())).toMatchObject({ kind: 'kept' })
      }
      // Another process of it, on the same database.
      const again = bookOf()
      const [known = ''] = changes()
      expect(await again.learn(known)).toMatchObject({ status: 200 })
      const thief = signKeyChange(first, { name: origin, key: newKey() }, 'scheduled')
      expect(await again.learn(thief)).toMatchObject({ status: 403 })
      expect(await again.learn('nonsense')).toMatchObject({ status: 400 })
      const names = [newKey(), newKey()].map((one) => ({ name: 'a.example/record', key: one }))
      const [from, to] = names
      if (!from || !to) throw new Error('no key')
      expect(await again.learn(signKeyChange(from, to, 'scheduled'))).toMatchObject({ status: 404 })
      await door.close()
      await theirs.store.close()
      await theirs.remove()
    })
    it('a folder that holds a checkpoint by the key before takes the one by the key after', async () => {
      const sealer = newSealer()
      const keys = () => keysOf(sealer.chain)
      const shelf = fileWitness({ name: 'shelf', folder: path, origin, keys })
      await sealed(sealer)
      expect(await shelf.show(sealer.offer())).toMatchObject({ kind: 'kept' })
      rotate('compromised')
      await look(sealer)
      await sealed(sealer)
      await sealed(sealer)
      expect(await shelf.show(sealer.offer())).toMatchObject({ kind: 'kept' })
      const again = newSealer()
      await again.catchUp()
      const later = fileWitness({
        ...{ name: 'shelf', folder: path, origin },
        keys: () => keysOf(again.chain),
      })
      expect(await later.show(again.offer())).toMatchObject({ kind: 'kept' })
    })
  })
})
