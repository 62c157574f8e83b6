// Evidence over HTTP, on both stores: who may ask, what is answered meanwhile, who gets the
// archive, and what the record says of it.

import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { evidenceBegun, evidenceStanding } from '@wardkey/protocol/admin/evidence/evidence'
import { problem } from '@wardkey/protocol/admin/problem'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { sha256 } from '../../../audit/evidence/archive/manifest.ts'
import { verifyArchive } from '../../../audit/evidence/archive/verify-archive.ts'
import type { Sealer } from '../../../audit/sealer.ts'
import { parseVerifierKey } from '../../../audit/signed-note.ts'

describe.each(engines)('evidence at the admin door, on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let sealer: Sealer
  let fastify: FastifyInstance
  let token: string
  let day: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    sealer = core.newSealer()
    fastify = await openAdminDoor(core, { head: () => sealer.head }, sealer)
    token = await adminTokenFor(core, ['evidence:make'])
    day = new Date(core.nowMs()).toISOString().slice(0, 10)
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.record()
    await core.close()
  })

  const ask = async (path: string, body?: object, as = token, key?: string) => {
    const response = await fastify.inject({
      method: body ? 'POST' : 'GET',
      url: `${adminPath}${path}`,
      headers: { authorization: `Bearer ${as}`, ...(key && { 'idempotency-key': key }) },
      ...(body && { payload: body }),
    })
    return response
  }
  const codeOf = async (...asked: Parameters<typeof ask>) => {
    const response = await ask(...asked)
    return `${String(response.statusCode)} ${problem.parse(response.json()).code}`
  }
  const order = () => ({ from: day, to: day, purpose: 'drill' })
  const begin = async (): Promise<string> =>
    evidenceBegun.parse((await ask('/evidence', order())).json()).id
  const ready = async (id: string) => {
    for (;;) {
      const standing = evidenceStanding.parse((await ask(`/evidence/${id}`)).json())
      if (standing.state !== 'gathering') return standing
      await turn()
    }
  }
  const facts = async (code: string) =>
    (await core.record()).filter((fact) => fact.code === code).map(({ fields }) => fields)

  it('is made, fetched and valid, and the record says who, for which days, what for', async () => {
    const id = await begin()
    const standing = await ready(id)
    if (standing.state !== 'ready') throw new Error(standing.state)
    const response = await ask(`/evidence/${id}/archive`)
    expect(response.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="wardkey-evidence-${day}-${day}.zip"`,
      'cache-control': 'no-store',
    })
    const zip = response.rawPayload
    expect([sha256(zip), zip.length]).toEqual([standing.sha256, standing.bytes])
    const verdict = verifyArchive(zip, parseVerifierKey(core.recordKey)!)
    expect(verdict).toMatchObject({ kind: 'valid', results: { purpose: 'drill' } })
    const [begun] = await facts('EVD-001')
    expect(begun).toMatchObject({ id, purpose: 'drill', fromMs: Date.parse(day) })
    const [done] = await facts('EVD-002')
    expect(done).toMatchObject({ id, sha256: standing.sha256, ...standing.verdicts })
    expect(await facts('ADM-001')).toContainEqual(
      expect.objectContaining({ action: 'evidence.fetch' }),
    )
  })
  it('is for nobody without the right to it, and that is a fact', async () => {
    const other = await adminTokenFor(core, ['record:read', 'figures:read'], 'other')
    expect(await codeOf('/evidence', order(), other)).toBe('403 scope-missing')
    const id = await begin()
    await ready(id)
    for (const path of [`/evidence/${id}`, `/evidence/${id}/archive`]) {
      expect(await codeOf(path, undefined, other)).toBe('403 scope-missing')
    }
    expect(await facts('ADM-101')).toHaveLength(3)
    expect(await facts('EVD-001')).toHaveLength(1)
  })
  it('is given to nobody but who had it made', async () => {
    const other = await adminTokenFor(core, ['evidence:make'], 'other')
    const id = await begin()
    await ready(id)
    for (const path of [`/evidence/${id}`, `/evidence/${id}/archive`]) {
      expect(await codeOf(path, undefined, other)).toBe('404 evidence-unknown')
    }
    const none = '00000000-0000-4000-8000-000000000000'
    expect(await codeOf(`/evidence/${none}`)).toBe('404 evidence-unknown')
    expect(await codeOf(`/evidence/${none}/archive`)).toBe('404 evidence-unknown')
  })
  it('is kept for a quarter of an hour', async () => {
    const id = await begin()
    await ready(id)
    core.pass(15 * 60_000 + 1)
    expect(await codeOf(`/evidence/${id}/archive`)).toBe('404 evidence-unknown')
  })
  it('is kept for as long where making it took longer than that', async () => {
    const seal = Promise.withResolvers<undefined>()
    const evidence = core.evidenceFrom(sealer)
    const slow = { ...evidence, seal: () => seal.promise.then(evidence.seal) }
    await fastify.close()
    fastify = await openAdminDoor(core, { head: () => sealer.head, evidence: slow }, sealer)
    const id = await begin()
    core.pass(20 * 60_000)
    expect((await ask(`/evidence/${id}`)).json()).toMatchObject({ state: 'gathering' })
    seal.resolve(undefined)
    await ready(id)
    core.pass(14 * 60_000)
    expect((await ask(`/evidence/${id}/archive`)).statusCode).toBe(200)
    core.pass(60_001)
    expect(await codeOf(`/evidence/${id}/archive`)).toBe('404 evidence-unknown')
  })
  it('is made once for one key, however often it is asked for', async () => {
    const key = 'one-key-for-all-tries'
    const first = evidenceBegun.parse((await ask('/evidence', order(), token, key)).json())
    const again = evidenceBegun.parse((await ask('/evidence', order(), token, key)).json())
    expect(again).toEqual(first)
    await ready(first.id)
    expect(await facts('EVD-001')).toHaveLength(1)
  })
  it('is not made twice at a time', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => ask('/evidence', order())))
    const begun = all.filter(({ statusCode }) => statusCode === 202)
    expect(begun).toHaveLength(1)
    for (const response of all.filter((one) => !begun.includes(one))) {
      expect(problem.parse(response.json()).code).toBe('evidence-busy')
    }
    for (const response of begun) await ready(evidenceBegun.parse(response.json()).id)
    // A no gives it back.
    expect(await codeOf('/evidence', { ...order(), from: '1999-01-01' })).toMatch(/^422/)
    await ready(await begin())
  })
  it.each([
    {},
    { from: '2027-01-01', to: '2027-01-01' },
    { from: '2027-01-01', to: '2027-01-01', purpose: 'because Rosa asked' },
    { from: '2027-13-01', to: '2027-01-01', purpose: 'drill' },
    { from: '2027-01-01', to: '2027-01-01', purpose: 'drill', since: 0 },
    { from: '2027-01-01', to: '2027-01-01', purpose: 'drill', names: true },
  ])('is not asked for with %o', async (body) => {
    expect(await codeOf('/evidence', body)).toBe('400 request-not-understood')
  })
  it('is not made from a checkpoint that is still to come', async () => {
    expect(await codeOf('/evidence', { ...order(), since: 1_000_000 })).toBe(
      '404 checkpoint-unknown',
    )
    expect(await facts('EVD-101')).toHaveLength(1)
  })
  it('says that it failed, without why, where the record is not as it was signed', async () => {
    await core.addPerson()
    await sealer.sealNow()
    const query = core.store.read.updateTable('fact').set({ body: Buffer.from('{}') })
    const writes = [{ query: query.where('idx', '=', 1).compile() }]
    const { body } = await core.store.read
      .selectFrom('fact')
      .select('body')
      .where('idx', '=', 1)
      .executeTakeFirstOrThrow()
    await core.store.commit({ kind: 'housekeeping', writes })
    const id = await begin()
    expect(await ready(id)).toEqual({ state: 'failed' })
    expect(await codeOf(`/evidence/${id}/archive`)).toBe('409 evidence-not-ready')
    const back = core.store.read.updateTable('fact').set({ body }).where('idx', '=', 1).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query: back }] })
    expect(await facts('EVD-002')).toHaveLength(0)
  })
})
