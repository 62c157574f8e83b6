// A record and its witness over real HTTP, each on a real store: what is cosigned, exported and
// verified, and that neither of them can be made to go back.

import 'reflect-metadata'
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import type { TestStore } from '../../../../test/kit/stores.ts'
import { ThrowAwayAuthority } from '../../../../test/kit/throw-away-authority.ts'
import { registerWitness } from '../../doors/witness/witness-door.ts'
import type { Store } from '../../store/store.ts'
import { exportRecord } from '../export-record.ts'
import { encodeFact } from '../fact.ts'
import { Sealer } from '../sealer.ts'
import { keyTypes, parseVerifierKey, verifierKey } from '../signed-note.ts'
import { RecordVerifier } from '../verify-record.ts'
import { writeQuestion } from './add-checkpoint.ts'
import { cosignedBy, parseWitnessKey } from './cosignature.ts'
import { httpWitness } from './http-witness.ts'
import { WitnessBook } from './witness-book.ts'
import { WitnessDesk } from './witness-desk.ts'
import type { Witness } from './witness.ts'

const newKey = () => generateKeyPairSync('ed25519').privateKey
const log = { name: 'log.example/record', key: newKey() }
const cosigner = { name: 'other.example/record/witness', key: newKey() }
const witnessKeys = [parseWitnessKey(verifierKey(cosigner, keyTypes.cosignature))].flatMap(
  (key) => key ?? [],
)
const logKeys = [parseVerifierKey(verifierKey(log))].flatMap((key) => key ?? [])
const startMs = 1_700_000_000_000
let passedMs = 0
const nowMs = () => startMs + passedMs

describe.each(engines)('a record and its witness on $engine', ({ open, isHere }) => {
  let mine: TestStore
  let theirs: TestStore
  let door: FastifyInstance
  let url: string
  let sealer: Sealer
  let monotonicMs: number
  let told: string[]

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    mine = await open()
    theirs = await open()
    const book = new WitnessBook({ store: theirs.store, cosigner, logs: logKeys, nowMs })
    door = Fastify()
    await registerWitness(door, { book, log: silentLog })
    url = `${await door.listen({ port: 0, host: '127.0.0.1' })}/witness`
    sealer = sealerOf(mine.store)
    monotonicMs = 0
    passedMs = 0
    told = []
  })
  afterEach(async () => {
    if (!isHere) return
    await door.close()
    for (const one of [mine, theirs]) {
      await one.store.close()
      await one.remove()
    }
  })

  const sealerOf = (store: Store, signer = log) =>
    new Sealer({ store, signer, nowMs, log: silentLog, onBroken: () => undefined })
  const sealed = async (count: number, one = sealer, store = mine.store): Promise<void> => {
    for (let n = 0; n < count; n++) {
      const facts = [encodeFact({ id: randomUUID(), code: 'ADM-001', atMs: 1 })] as const
      await store.commit({ kind: 'recorded', writes: [], facts })
    }
    await one.sealNow()
  }
  const witness = (lastSize = 0, at = url): Witness => {
    const [key] = witnessKeys
    if (!key) throw new Error('no key')
    return httpWitness({ name: 'second-site', url: at, key, lastSize })
  }
  const deskOf = (...witnesses: Witness[]) =>
    new WitnessDesk({
      ...{ witnesses, store: mine.store, nowMs },
      offer: () => sealer.offer(),
      catchUp: () => sealer.sealNow(),
      monotonicMs: () => monotonicMs,
      chance: () => 1,
      log: { ...silentLog, warn: (event, { reason }) => told.push(`${event} ${reason ?? ''}`) },
      onBroken: ({ code, cause }) =>
        told.push(`${code} ${cause instanceof Error ? cause.message : ''}`),
      onShown: (_name, outcome) => told.push(outcome),
    })
  const verdict = async (quorum = 1, lagMax = 0) => {
    const verifier = new RecordVerifier(logKeys, undefined, { keys: witnessKeys, quorum, lagMax })
    for await (const line of exportRecord(mine.store.read, log.name, 0)) {
      verifier.take(JSON.stringify(line))
    }
    return verifier.end()
  }

  it('is cosigned as it grows, and its export proves that offline', async () => {
    const desk = deskOf(witness())
    for (const count of [1, 3, 300]) {
      await sealed(count)
      await desk.round()
    }
    await desk.round()
    expect(told).toEqual(['kept', 'kept', 'kept'])
    expect(await verdict()).toEqual({ kind: 'valid', signed: 304, unsigned: 0, witnessed: 304 })
    expect(await verdict(2)).toMatchObject({ flaw: 'unwitnessed', entry: 0 })
    await sealed(2)
    expect(desk.behind).toBe(2)
    expect(await verdict()).toMatchObject({ flaw: 'unwitnessed', entry: 304 })
    expect(await verdict(1, 2)).toMatchObject({ kind: 'valid', signed: 306, witnessed: 304 })
    const proof = await sealer.prove.fact(3, 304)
    expect(proof.kind === 'proved' && cosignedBy(proof.proof.note, witnessKeys)).toHaveLength(1)
  })
  it('is shown by what the witness has seen, whatever was believed here', async () => {
    await sealed(5)
    expect(await witness().show(sealer.offer())).toMatchObject({ kind: 'kept' })
    await sealed(7)
    // A memory of less, of nothing, and of more than there is.
    for (const lastSize of [2, 0, 4711]) {
      expect(await witness(lastSize).show(sealer.offer())).toMatchObject({ kind: 'kept' })
    }
  })
  it('has one line of a witness stored for each minute, the newest', async () => {
    const desk = deskOf(witness())
    for (const ms of [0, 1_000, 2_000, 60_000, 61_000]) {
      passedMs = ms
      await sealed(1)
      await desk.round()
    }
    const rows = mine.store.read.selectFrom('cosignature').select(['size', 'at_ms']).orderBy('size')
    expect(await rows.execute()).toEqual([
      { size: 3, at_ms: startMs + 2_000 },
      { size: 5, at_ms: startMs + 61_000 },
    ])
    expect(await verdict()).toMatchObject({ kind: 'valid', witnessed: 5 })
  })
  it('can be read at the witness by anybody', async () => {
    await sealed(2)
    await witness().show(sealer.offer())
    const name = createHash('sha256').update(log.name).digest('hex')
    const note = await (await fetch(`${url}/${name}/checkpoint`)).text()
    expect(cosignedBy(note, witnessKeys)).toEqual([
      { witness: cosigner.name, atSeconds: 1_700_000_000 },
    ])
    expect((await fetch(`${url}/${'0'.repeat(64)}/checkpoint`)).status).toBe(404)
  })
  it('is read there without what somebody added who passed it on', async () => {
    await sealed(2)
    await witness().show(sealer.offer())
    const name = createHash('sha256').update(log.name).digest('hex')
    const read = async () => (await fetch(`${url}/${name}/checkpoint`)).text()
    const before = await read()
    const [key] = witnessKeys
    const blob = Buffer.concat([key?.keyId ?? Buffer.alloc(4), Buffer.alloc(72)])
    const forged = `— ${cosigner.name} ${blob.toString('base64')}\n`
    const note = sealer.offer().note + forged.repeat(31)
    const body = writeQuestion({ old: 2, proof: [], note })
    expect((await fetch(`${url}/add-checkpoint`, { method: 'POST', body })).status).toBe(200)
    expect(await read()).toBe(before)
  })
  it('refuses/to go on where the witness has seen more, also of an empty record', async () => {
    await sealed(9)
    await deskOf(witness()).round()
    const older = await open()
    const rolledBack = sealerOf(older.store)
    for (const count of [0, 4]) {
      await sealed(count, rolledBack, older.store)
      expect(await witness().show(rolledBack.offer())).toEqual({ kind: 'ahead', size: 9 })
    }
    sealer = rolledBack
    await expect(deskOf(witness()).start()).rejects.toMatchObject({
      code: 'record-rolled-back',
      cause: { message: 'the witness second-site has seen 9 facts; here are 4' },
    })
    await older.store.close()
    await older.remove()
  })
  it('refuses/to go on as another record of the same key', async () => {
    await sealed(9)
    await deskOf(witness()).round()
    const fork = await open()
    const forked = sealerOf(fork.store)
    await sealed(9, forked, fork.store)
    expect(await witness().show(forked.offer())).toEqual({ kind: 'forked', size: 9 })
    expect(await witness(9).show(forked.offer())).toEqual({ kind: 'forked', size: 9 })
    await sealed(3, forked, fork.store)
    expect(await witness().show(forked.offer())).toEqual({ kind: 'forked', size: 9 })
    await fork.store.close()
    await fork.remove()
  })
  it('takes another broker’s newer checkpoint for what it is', async () => {
    const beside = await mine.reopen()
    const other = sealerOf(beside)
    await sealed(2)
    await sealed(5, other, beside)
    expect(await witness().show(other.offer())).toMatchObject({ kind: 'kept' })
    await deskOf(witness()).round()
    expect(told).toEqual(['kept'])
    expect(sealer.head?.size).toBe(7)
    await beside.close()
  })
  it('is not stopped by brokers beside it that are always faster', async () => {
    const beside = await mine.reopen()
    const other = sealerOf(beside)
    await sealed(1)
    const shown: number[] = []
    // Whenever this broker shows what it has, the witness has seen more already.
    const faster = (rounds: number): Witness => ({
      name: 'second-site',
      show: async ({ size }) => {
        shown.push(size)
        if (shown.length > rounds) return { kind: 'kept', lines: [] }
        await sealed(2, other, beside)
        return { kind: 'ahead', size: other.offer().size }
      },
    })
    await deskOf(faster(3)).round()
    expect(shown).toEqual([1, 3, 5, 7])
    await deskOf(faster(100)).round()
    expect(told).toEqual(['kept', 'failed', 'witness.failed moved'])
    await beside.close()
  })
  it('is answered with the specification’s noes', async () => {
    await sealed(5)
    const { note } = sealer.offer()
    const ask = async (body: string) => {
      const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body })
      return { status: answer.status, text: await answer.text(), headers: answer.headers }
    }
    const foreign = sealerOf(mine.store, { name: 'else.example/record', key: newKey() }).offer()
    const stranger = sealerOf(mine.store, { ...log, key: newKey() }).offer()
    expect(await ask('hello')).toMatchObject({ status: 400 })
    expect(await ask(writeQuestion({ old: 0, proof: [], note: foreign.note }))).toMatchObject({
      status: 404,
    })
    expect(await ask(writeQuestion({ old: 0, proof: [], note: stranger.note }))).toMatchObject({
      status: 403,
    })
    expect(await ask(writeQuestion({ old: 6, proof: [], note }))).toMatchObject({ status: 400 })
    const conflict = await ask(writeQuestion({ old: 1, proof: [], note }))
    expect(conflict).toMatchObject({ status: 409, text: '0\n' })
    expect(conflict.headers.get('content-type')).toBe('text/x.tlog.size')
    expect(await ask(writeQuestion({ old: 0, proof: [Buffer.alloc(32)], note }))).toMatchObject({
      status: 422,
    })
    expect(await ask('x'.repeat(70_000))).toMatchObject({ status: 413 })
    expect(await theirs.store.read.selectFrom('witnessed_record').selectAll().execute()).toEqual([])
  })
  it('never goes back, whoever asks at the same time', async () => {
    const notes: { size: number; note: string }[] = []
    for (let n = 0; n < 6; n++) {
      await sealed(1)
      notes.push(sealer.offer())
    }
    const questions = notes.flatMap(({ size, note }) =>
      [0, 1, 3].map(async (old) => {
        const proof = old === 0 || old > size ? [] : await sealer.offer().consistency(old)
        const body = writeQuestion({ old, proof, note })
        return (await fetch(`${url}/add-checkpoint`, { method: 'POST', body })).status
      }),
    )
    const statuses = await Promise.all(questions)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0)
    const rows = theirs.store.read.selectFrom('witnessed_record').select(['size', 'note'])
    const row = await rows.executeTakeFirstOrThrow()
    const again = await witness(row.size).show(sealer.offer())
    expect(again).toMatchObject({ kind: 'kept' })
    expect(await rows.executeTakeFirstOrThrow()).toMatchObject({ size: 6 })
  })
  it('waits longer each time for a witness that is away, and is shown when it is back', async () => {
    await door.close()
    await sealed(2)
    const desk = deskOf(witness())
    await desk.start()
    await desk.stop()
    expect(told).toEqual(['failed', 'witness.failed ECONNREFUSED'])
    await desk.round()
    expect(told).toHaveLength(2)
    monotonicMs = 1_000
    await desk.round()
    expect(told).toHaveLength(4)
    monotonicMs = 2_999
    await desk.round()
    expect(told).toHaveLength(4)
    const book = new WitnessBook({ store: theirs.store, cosigner, logs: logKeys, nowMs })
    door = Fastify()
    await registerWitness(door, { book, log: silentLog })
    await door.listen({ port: Number(new URL(url).port), host: '127.0.0.1' })
    monotonicMs = 3_000
    await desk.round()
    expect(told.slice(4)).toEqual(['kept'])
    expect(desk.behind).toBe(0)
  })
  it('waits for none that hangs: the record goes on, and so do the others', async () => {
    const hangs: Witness = { name: 'dead-server', show: () => new Promise(() => undefined) }
    const desk = deskOf(hangs, witness())
    void desk.round()
    for (let n = 0; n < 3; n++) await sealed(2)
    await expect.poll(() => told, { timeout: 10_000 }).toContain('kept')
    await witness().show(sealer.offer())
    expect(sealer.head?.size).toBe(6)
    expect(desk.behind).toBe(6)
  })
  it('is shown whole at an end that comes while something older of it is being shown', async () => {
    const first = Promise.withResolvers<undefined>()
    const sizes: number[] = []
    const slow: Witness = {
      name: 'slow',
      show: async ({ size }) => {
        sizes.push(size)
        await first.promise
        return { kind: 'kept', lines: [] }
      },
    }
    const desk = deskOf(slow)
    await sealed(2)
    const round = desk.round()
    await sealed(3)
    const stopped = desk.stop()
    first.resolve(undefined)
    await Promise.all([round, stopped])
    expect(sizes).toEqual([2, 5])
    expect(desk.behind).toBe(0)
  })
  it('is stopped by a witness that is back and has seen more', async () => {
    const desk = deskOf({
      name: 'shelf',
      show: () => Promise.resolve({ kind: 'ahead', size: 4711 }),
    })
    await sealed(1)
    await desk.round()
    expect(told).toEqual([
      'ahead',
      'record-rolled-back the witness shelf has seen 4711 facts; here are 1',
    ])
  })
  it('is asked over TLS of the hospital’s own authority, and of no other', async () => {
    await sealed(1)
    const folder = mkdtempSync(join(tmpdir(), 'wardkey-witness-'))
    const [trusted, other] = [await ThrowAwayAuthority.make(), await ThrowAwayAuthority.make()]
    const { keyPem, chainPem } = await trusted.server(['localhost'])
    const tls = Fastify({ https: { key: keyPem, cert: chainPem } })
    const book = new WitnessBook({ store: theirs.store, cosigner, logs: logKeys, nowMs })
    await registerWitness(tls, { book, log: silentLog })
    await tls.listen({ port: 0, host: '127.0.0.1' })
    const port = (tls.server.address() as AddressInfo).port
    const [key] = witnessKeys
    if (!key) throw new Error('no key')
    const shownTo = (caPem: string) => {
      const caFile = join(folder, 'ca.pem')
      writeFileSync(caFile, caPem)
      const at = `https://localhost:${String(port)}/witness`
      return httpWitness({ name: 'tls', url: at, key, caFile, lastSize: 0 }).show(sealer.offer())
    }
    expect(await shownTo(other.caPem)).toMatchObject({ kind: 'failed' })
    expect(await shownTo(trusted.caPem)).toMatchObject({ kind: 'kept' })
    await tls.close()
    rmSync(folder, { recursive: true })
  })
  it('believes no answer that says nothing of the record', async () => {
    await sealed(3)
    const answers: [number, string, string][] = [
      [200, 'text/plain', ''],
      [200, 'text/plain', '— other.example/record/witness AAAA\n'],
      [409, 'text/plain', '4711\n'],
      [409, 'text/x.tlog.size', '04711\n'],
      [409, 'text/x.tlog.size', 'many'],
      [422, 'text/plain', ''],
      [500, 'text/plain', ''],
      [200, 'text/plain', 'x'.repeat(70_000)],
      [302, 'text/plain', ''],
    ]
    const rest = [...answers]
    const liar = createServer((_request, response) => {
      const [status, type, text] = rest.shift() ?? [500, 'text/plain', '']
      response.writeHead(status, { 'content-type': type, location: url }).end(text)
    })
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve))
    const at = `http://127.0.0.1:${String((liar.address() as AddressInfo).port)}`
    for (const answer of answers) {
      const shown = await witness(0, at).show(sealer.offer())
      expect(shown.kind, answer.join(' ').slice(0, 60)).toBe('failed')
    }
    await new Promise((resolve) => liar.close(resolve))
  })
})
