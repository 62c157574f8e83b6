// Lists of badges at the admin door: shown with whom each row means, done as it was shown, and
// refused where it would be somebody else's by then. On both stores.

import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { badgesImported } from '@wardkey/protocol/admin/badges/badge-import'
import type { BadgeImportRow } from '@wardkey/protocol/admin/badges/badge-import'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { personId } from '@wardkey/protocol/ids'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { changePerson } from '../../../flows/change-person.ts'

const csn = (canonical: string) => ({ technology: 'csn', canonical }) as const
const h10301 = (canonical: string) => ({ technology: 'wiegand', canonical }) as const

describe.each(engines)('a list of badges at the admin door on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let token: string
  let anna: KitPerson
  let ben: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    const allowedCards = [
      { kind: 'csn' },
      { kind: 'wiegand', format: 'h10301', facility: 123 },
    ] as const
    core = await openCore({ open, allowedCards })
    anna = await core.addPerson({ given: 'Anna', family: 'Quartermaine', staffNumber: 'N-4711' })
    ben = await core.addPerson({ given: 'Ben', staffNumber: 'N-4712' })
    fastify = await openAdminDoor(core)
    token = await tokenFor(['badges:write'])
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.record()
    await core.close()
  })

  const tokenFor = (allowed: readonly Scope[]): Promise<string> => adminTokenFor(core, allowed)
  const ask = (mode: 'preview' | 'apply', rows: readonly object[], as = token) =>
    fastify.inject({
      method: 'POST',
      url: `${adminPath}/badges/import`,
      headers: { authorization: `Bearer ${as}` },
      payload: { mode, rows },
    })
  const send = async (mode: 'preview' | 'apply', rows: readonly BadgeImportRow[]) => {
    const response = await ask(mode, rows)
    expect(response.statusCode).toBe(200)
    return badgesImported.parse(response.json()).rows
  }
  const row = (card: BadgeImportRow['card'], number = 'N-4711', line = 2): BadgeImportRow => ({
    line,
    owner: { by: 'staff-number', staffNumber: number },
    card,
  })
  const enrolled = async () => (await core.counts())['BDG-001'] ?? 0

  it('is shown with whom each row means, and nothing is written', async () => {
    const before = await enrolled()
    expect(
      await send('preview', [row(h10301('26:02f623ae')), row(anna.card, 'n-4711', 3)]),
    ).toEqual([
      { line: 2, outcome: 'enrols', personId: anna.personId, name: 'A. Quartermaine' },
      { line: 3, outcome: 'same', personId: anna.personId, name: 'A. Quartermaine' },
    ])
    expect(await enrolled()).toBe(before)
  })

  it.each([
    ['a number that nobody has', csn('04112233445566'), 'N-9999', 'person-unknown'],
    ['a UID that is random', csn('08a1b2c3'), 'N-4711', 'badge-random-id'],
    ['a UID of zeros', csn('00000000000000'), 'N-4711', 'badge-not-an-id'],
    ['another facility', h10301('26:00000000'), 'N-4711', 'badge-not-an-id'],
    ['a card of another facility', h10301('26:02f823af'), 'N-4711', 'badge-not-allowed'],
    [
      'a card of the simulated reader',
      { technology: 'simulated', canonical: '0411223344' } as const,
      'N-4711',
      'badge-not-allowed',
    ],
  ])('says no to %s', async (_name, card, number, code) => {
    expect(await send('preview', [row(card, number)])).toMatchObject([{ outcome: 'refused', code }])
    const seen = { outcome: 'enrols', personId: anna.personId } as const
    expect(await send('apply', [{ ...row(card, number), seen }])).toMatchObject([
      { outcome: 'refused', code },
    ])
  })

  it('names whose badge a card is already', async () => {
    expect(await send('preview', [row(ben.card)])).toMatchObject([
      { outcome: 'refused', code: 'badge-taken', personId: anna.personId, holder: ben.personId },
    ])
  })

  it('is done as it was shown, once', async () => {
    const seen = { outcome: 'enrols', personId: anna.personId } as const
    const wanted = { ...row(h10301('26:02f623ae')), seen }
    expect(await send('apply', [wanted])).toMatchObject([{ outcome: 'enrols' }])
    const after = await enrolled()
    expect(await send('apply', [wanted])).toMatchObject([{ outcome: 'same' }])
    expect(await enrolled()).toBe(after)
  })

  it('does nothing where it was not shown, or the number is somebody else’s by then', async () => {
    const wanted = row(h10301('26:02f623ae'))
    expect(await send('apply', [wanted])).toMatchObject([{ code: 'import-moved' }])
    const seen = { outcome: 'enrols', personId: anna.personId } as const
    for (const [of, staffNumber] of [
      [anna, 'N-1'],
      [ben, 'N-4711'],
    ] as const) {
      const change = { personId: of.personId, staffNumber, by: 'kit' }
      await core.needs.perform(() => changePerson(change, core.needs))
    }
    expect(await send('apply', [{ ...wanted, seen }])).toMatchObject([{ code: 'import-moved' }])
    expect(await send('preview', [wanted])).toMatchObject([{ personId: ben.personId }])
  })

  it('may name people by id, and knows nobody by one that is no person’s', async () => {
    const card = csn('04112233445566')
    const by = (id: string) => ({
      line: 2,
      owner: { by: 'person-id', personId: personId.parse(id) } as const,
      card,
    })
    expect(await send('preview', [by(anna.personId)])).toMatchObject([{ outcome: 'enrols' }])
    expect(await send('preview', [by(randomUUID())])).toMatchObject([{ code: 'person-unknown' }])
  })

  it('asks for the scope, and for rows that parse', async () => {
    const weak = await tokenFor(['badges:read', 'people:write'])
    expect((await ask('preview', [row(csn('04112233445566'))], weak)).statusCode).toBe(403)
    expect((await ask('preview', [{ line: 2 }])).statusCode).toBe(400)
    expect((await ask('preview', [])).statusCode).toBe(400)
    const many = Array.from({ length: 201 }, () => row(csn('04112233445566')))
    expect((await ask('preview', many)).statusCode).toBe(400)
  })

  it('leaves no card number in the record or the database', async () => {
    const seen = { outcome: 'enrols', personId: anna.personId } as const
    await send('apply', [{ ...row(h10301('26:02f623ae')), seen }])
    const badges = await core.store.read.selectFrom('badge').selectAll().execute()
    const facts = await core.store.read.selectFrom('fact').select('body').execute()
    const all = JSON.stringify(badges) + facts.map(({ body }) => Buffer.from(body)).join()
    expect(all).not.toContain('02f623ae')
  })
})
