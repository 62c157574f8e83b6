// People from HR at the admin door: an import that does what was shown and nothing else, who is
// mapped to nothing, and tokens that give away no more than they have. On both stores.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { badgeId } from '@wardkey/protocol/ids'
import { imported, unmappedPage } from '@wardkey/protocol/admin/hr'
import type { ImportRow } from '@wardkey/protocol/admin/hr'
import { adminPath, scopes } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { tokenMade, tokensPage } from '@wardkey/protocol/admin/tokens'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { markBadge } from '../../../flows/mark-badge.ts'

const roleRules = [{ name: 'nurses', jobCode: ['RN*'], roles: ['nurse'] }]

describe.each(engines)('HR at the admin door on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let token: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, roleRules })
    fastify = await openAdminDoor(core)
    token = await tokenFor(scopes)
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const tokenFor = (allowed: readonly Scope[]): Promise<string> => adminTokenFor(core, allowed)
  async function ask(method: 'GET' | 'POST', path: string, body?: object, as = token) {
    const response = await fastify.inject({
      method,
      url: `${adminPath}${path}`,
      headers: { authorization: `Bearer ${as}` },
      ...(body === undefined ? {} : { payload: body }),
    })
    const json: unknown = response.body === '' ? null : response.json()
    return { status: response.statusCode, body: json }
  }
  const send = async (mode: 'preview' | 'apply', rows: readonly ImportRow[]) => {
    const answer = await ask('POST', '/people/import', { mode, rows })
    expect(answer.status).toBe(200)
    return imported.parse(answer.body).rows
  }
  const row = (line: number, cells: ImportRow['cells']): ImportRow => ({ line, cells })
  const ana = row(2, {
    user_name: 'ana',
    external_id: 'e-1',
    given_name: 'Ana',
    family_name: 'Quartermaine',
    job_code: 'RN2',
    start_date: '2026-01-01',
    trainings: 'bls:2030-12-31',
    badge: '04:A1:B2:C3:D4:E5:80',
  })
  const people = () => core.store.read.selectFrom('person_hr').selectAll().execute()

  describe('an import', () => {
    it('shows what it would do, and does nothing', async () => {
      const [shown] = await send('preview', [ana])
      expect(shown).toMatchObject({ outcome: 'joins', version: 0, roles: ['nurse'] })
      expect(shown?.rules).toEqual(['nurses'])
      expect(await people()).toEqual([])
    })
    it('does what was shown, and once', async () => {
      const [shown] = await send('preview', [ana])
      const seen = { outcome: 'joins', version: 0 } as const
      expect(shown).toMatchObject(seen)
      expect(await send('apply', [{ ...ana, seen }])).toMatchObject([{ outcome: 'joins' }])
      expect(await send('apply', [{ ...ana, seen }])).toMatchObject([{ outcome: 'same' }])
      expect(await people()).toMatchObject([{ client: 'csv', version: 1, job_code: 'RN2' }])
      expect(await core.store.read.selectFrom('badge').selectAll().execute()).toHaveLength(1)
    })
    it('does nothing that was not shown', async () => {
      expect(await send('apply', [ana])).toMatchObject([
        { outcome: 'refused', code: 'import-moved' },
      ])
      await send('apply', [{ ...ana, seen: { outcome: 'joins', version: 0 } }])
      const moved = { ...ana, cells: { ...ana.cells, department: 'ICU' } }
      const stale = { ...moved, seen: { outcome: 'changes', version: 7 } as const }
      expect(await send('apply', [stale])).toMatchObject([{ code: 'import-moved' }])
      expect(await people()).toMatchObject([{ version: 1 }])
    })
    it('changes only columns that are there, and takes away what is empty', async () => {
      await send('apply', [{ ...ana, seen: { outcome: 'joins', version: 0 } }])
      const change = row(2, { user_name: 'ANA', department: 'ICU', job_code: '' })
      const [shown] = await send('preview', [change])
      expect(shown).toMatchObject({ outcome: 'changes', version: 1, roles: [], rules: [] })
      expect(shown?.changed).toEqual(['userName', 'department', 'jobCode'])
      await send('apply', [{ ...change, seen: { outcome: 'changes', version: 1 } }])
      expect(await people()).toMatchObject([{ department: 'ICU', job_code: null, is_mapped: 0 }])
    })
    it.each(['lost', 'suspended'] as const)('leaves a badge %s, and says so', async (status) => {
      await send('apply', [{ ...ana, seen: { outcome: 'joins', version: 0 } }])
      const has = () => core.store.read.selectFrom('badge').selectAll().execute()
      const id = badgeId.parse((await has())[0]?.id)
      const mark = { badgeId: id, status, by: 'token desk' }
      await core.needs.perform(() => markBadge(mark, core.needs))
      const again = { outcome: 'same', badgeStays: status }
      expect(await send('preview', [ana])).toMatchObject([again])
      const seen = { outcome: 'same', version: 1 } as const
      expect(await send('apply', [{ ...ana, seen }])).toMatchObject([again])
      const change = { ...ana, cells: { ...ana.cells, department: 'ICU' } }
      const changes = { outcome: 'changes', version: 1 } as const
      expect(await send('apply', [{ ...change, seen: changes }])).toMatchObject([
        { outcome: 'changes', badgeStays: status },
      ])
      expect(await has()).toMatchObject([{ status }])
    })
    it.each([
      ['user_name', { user_name: '' }],
      ['end_date', { user_name: 'x', end_date: '31.12.2026' }],
      ['employment_status', { user_name: 'x', employment_status: 'gone' }],
      ['escort_required', { user_name: 'x', escort_required: 'perhaps' }],
      ['trainings', { user_name: 'x', trainings: 'bls' }],
      ['badge', { user_name: 'x', badge: 'twelve' }],
      ['zones', { user_name: 'x', zones: 'Not A Zone' }],
      ['given_name', { user_name: 'x', given_name: 'a\u202eb' }],
    ])('says that %s is wrong, and never what is in it', async (place, cells) => {
      expect(await send('preview', [row(9, cells)])).toMatchObject([
        { line: 9, outcome: 'refused', code: 'request-not-understood', place },
      ])
    })
    it('names a badge that is somebody’s, and goes on with the others', async () => {
      await send('apply', [{ ...ana, seen: { outcome: 'joins', version: 0 } }])
      const ben = row(3, { user_name: 'ben', badge: '04a1b2c3d4e580' })
      const carl = row(4, { user_name: 'carl' })
      expect(await send('preview', [ben, carl])).toMatchObject([
        { outcome: 'refused', code: 'badge-taken' },
        { outcome: 'joins', roles: [] },
      ])
    })
    it('is not for a token of HR’s system', async () => {
      const hr = await tokenFor(['scim:read', 'scim:write'])
      const order = { mode: 'preview', rows: [ana] }
      expect((await ask('POST', '/people/import', order, hr)).status).toBe(403)
    })
  })

  it('whoever has no role is named, with what HR says of her', async () => {
    const bare = row(3, {
      user_name: 'ben',
      family_name: 'Sample',
      given_name: 'Ben',
      job_code: 'X',
    })
    for (const one of [ana, bare]) {
      await send('apply', [{ ...one, seen: { outcome: 'joins', version: 0 } }])
    }
    const page = unmappedPage.parse((await ask('GET', '/people/unmapped')).body)
    expect(page.people).toMatchObject([{ name: { given: 'Ben' }, jobCode: 'X', groups: [] }])
  })

  describe('a token', () => {
    const order = { name: 'reports', scopes: ['scim:read', 'figures:read'], lifeMs: 3_600_000 }
    it('is told once, is listed without what it is, and can be taken back', async () => {
      const made = await ask('POST', '/tokens', order)
      const { token: told } = tokenMade.parse(made.body)
      const listed = await ask('GET', '/tokens')
      expect(JSON.stringify(listed.body)).not.toContain(told)
      const { tokens } = tokensPage.parse(listed.body)
      const reports = tokens.find(({ name }) => name === 'reports')
      expect(reports).toMatchObject({ scopes: order.scopes, expiresMs: core.nowMs() + 3_600_000 })
      const path = `/tokens/${reports?.tokenId ?? ''}/revocation`
      expect((await ask('POST', path)).status).toBe(204)
      expect((await ask('POST', path)).status).toBe(404)
      expect((await ask('GET', '/tokens', undefined, told)).status).toBe(401)
    })
    it('of HR’s system needs two people, for whoever is not the host', async () => {
      const feed = { name: 'entra', scopes: ['scim:read', 'scim:write'], lifeMs: 3_600_000 }
      const alone = await ask('POST', '/tokens', feed)
      expect(alone).toMatchObject({ status: 403, body: { code: 'token-grant-needs-two' } })
      const asked = await ask('POST', '/token-grants', { ...feed, note: 'people from HR' })
      const { id } = z.object({ id: z.string() }).parse(asked.body)
      const word = { outcome: 'approved' }
      expect((await ask('POST', `/token-grants/${id}/decision`, word)).status).toBe(403)
      const other = await adminTokenFor(core, ['tokens:approve', 'tokens:write'], 'other')
      expect((await ask('POST', `/token-grants/${id}/decision`, word, other)).status).toBe(204)
      // Whoever approved is not told the secret.
      expect((await ask('POST', `/token-grants/${id}/token`, undefined, other)).status).toBe(409)
      expect((await ask('POST', `/token-grants/${id}/token`)).status).toBe(201)
      expect((await ask('POST', `/token-grants/${id}/token`)).status).toBe(409)
    })
    it('gives away no more than it has', async () => {
      const less = await tokenFor(['tokens:write', 'scim:read'])
      expect((await ask('POST', '/tokens', order, less)).status).toBe(403)
      const reader = { ...order, scopes: ['scim:read'] }
      expect((await ask('POST', '/tokens', reader, less)).status).toBe(201)
    })
    it('has an end', async () => {
      const endless = { name: 'x', scopes: ['scim:read'] }
      expect((await ask('POST', '/tokens', endless)).status).toBe(400)
    })
  })
})
