// The record's proofs over HTTP, on a real store: whoever has the key can follow them, and a record
// that was changed on disk gets none.

import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { factProof, growthProof } from '@wardkey/protocol/admin/record'
import { problem } from '@wardkey/protocol/admin/problem'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import { adminTokenFor, openAdminDoor } from '../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { verifyConsistency } from '../../audit/merkle/proofs.ts'
import { verifyProof } from '../../audit/proofs/tlog-proof.ts'
import type { Sealer } from '../../audit/sealer.ts'
import { parseVerifierKey } from '../../audit/signed-note.ts'

describe.each(engines)('the record’s proofs on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let sealer: Sealer
  let fastify: FastifyInstance
  let token: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    sealer = core.newSealer()
    fastify = await openAdminDoor(core, {}, sealer)
    token = await adminTokenFor(core, ['record:read'])
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.close()
  })

  const ask = async (path: string, as = token) => {
    const headers = { authorization: `Bearer ${as}` }
    const response = await fastify.inject({ url: `${adminPath}${path}`, headers })
    return { status: response.statusCode, body: response.json<unknown>() }
  }
  const codeOf = async (path: string) => {
    const { status, body } = await ask(path)
    return `${String(status)} ${problem.parse(body).code}`
  }
  const keys = () => [parseVerifierKey(core.recordKey)].flatMap((key) => key ?? [])
  /** So many more facts under a checkpoint; how many there are then. */
  const sealed = async (count: number): Promise<number> => {
    for (let n = 0; n < count; n++) await core.addPerson()
    await sealer.sealNow()
    return sealer.head?.size ?? 0
  }

  it('prove a fact under the newest checkpoint, or an older one, by the key alone', async () => {
    const first = await sealed(3)
    const second = await sealed(4)
    expect(second).toBeGreaterThan(first)
    for (const [query, size] of [
      ['', second],
      [`?size=${String(first)}`, first],
    ] as const) {
      const shown = factProof.parse((await ask(`/record/facts/2/proof${query}`)).body)
      expect(shown).toMatchObject({ index: 2, size })
      const verdict = verifyProof(shown.proof, keys())
      expect(verdict).toMatchObject({ kind: 'proved', checkpoint: { size }, proof: { index: 2 } })
      const row = await core.store.read
        .selectFrom('fact')
        .select('body')
        .where('idx', '=', 2)
        .executeTakeFirstOrThrow()
      expect(verdict.kind === 'proved' && verdict.proof.entry.equals(row.body)).toBe(true)
    }
  })
  it('prove growth between two sizes, also those that nobody signed', async () => {
    const size = await sealed(5)
    await sealed(6)
    for (const first of [0, 1, 3, size]) {
      const shown = growthProof.parse(
        (await ask(`/record/consistency?first=${String(first)}`)).body,
      )
      const [a, b] = [shown.firstRoot, shown.secondRoot].map((text) => Buffer.from(text, 'base64'))
      const path = shown.hashes.map((text) => Buffer.from(text, 'base64'))
      if (!a || !b) throw new Error('no roots')
      expect(verifyConsistency(first, shown.second, a, b, path)).toBe(true)
      expect(shown.second).toBe(sealer.head?.size)
    }
  })
  it('write down who looked at a fact', async () => {
    await sealed(1)
    await ask('/record/facts/0/proof')
    const looks = (await core.record()).filter(({ code }) => code === 'ADM-001')
    expect(JSON.stringify(looks.at(-1))).toContain('record.prove')
  })
  it('refuse what is not there, not signed yet, or no number', async () => {
    expect(await codeOf('/record/facts/0/proof')).toBe('409 fact-not-signed')
    const size = await sealed(2)
    await core.addPerson()
    expect(await codeOf(`/record/facts/${String(size)}/proof`)).toBe('409 fact-not-signed')
    expect(await codeOf(`/record/facts/1/proof?size=1`)).toBe('404 checkpoint-unknown')
    expect(await codeOf('/record/facts/0/proof?size=4711')).toBe('404 checkpoint-unknown')
    expect(await codeOf('/record/facts/4711/proof')).toBe('404 fact-unknown')
    expect(await codeOf('/record/facts/-1/proof')).toBe('400 request-not-understood')
    expect(await codeOf('/record/facts/1e2000/proof')).toBe('400 request-not-understood')
    expect(await codeOf('/record/consistency?first=5000')).toBe('404 checkpoint-unknown')
    expect(await codeOf('/record/consistency?first=2&second=1')).toBe('404 checkpoint-unknown')
    expect(await codeOf('/record/consistency')).toBe('400 request-not-understood')
    const other = await adminTokenFor(core, ['people:read'], 'other')
    expect((await ask('/record/facts/0/proof', other)).status).toBe(403)
    expect((await ask('/record/consistency?first=1', other)).status).toBe(403)
  })
  it('refuse a record that was changed on disk', async () => {
    await sealed(3)
    const change = async (text: string): Promise<void> => {
      const query = sql.raw(text).compile(core.store.read)
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    }
    await change('update fact set body = (select body from fact where idx = 0) where idx = 1')
    expect((await ask('/record/facts/0/proof')).status).toBe(200)
    expect(await codeOf('/record/facts/1/proof')).toBe('500 record-not-valid')
    await change('delete from fact where idx = 1')
    expect(await codeOf('/record/facts/1/proof')).toBe('500 record-not-valid')
    await change('update checkpoint set leaves = (select body from fact where idx = 0)')
    expect(await codeOf('/record/facts/0/proof')).toBe('500 record-not-valid')
    expect(await codeOf('/record/consistency?first=1')).toBe('500 record-not-valid')
  })
})
