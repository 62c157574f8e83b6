// Whoever signed in to the console as herself, on both stores: nothing that is kept about her is
// hers to change, whether it is named by her id, her badge, her staff number or a row of a file.

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore, usualPin } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { applyBadge, previewBadge } from './badges/import-badges.ts'
import { addLoaner, retireLoaner } from './badges/loaner-pool.ts'
import { reportLost } from './badges/report-lost.ts'
import { decideException } from './exceptions/decide-exception.ts'
import { proposeException } from './exceptions/propose-exception.ts'
import { addHrPerson } from './hr/add-hr-person.ts'
import { hrRecord } from './hr/hr-record.ts'
import { applyRow, previewRow } from './hr/import/import-row.ts'
import { applyRemap } from './hr/remap/remap-everybody.ts'
import { markBadge } from './mark-badge.ts'
import { byPerson } from './own-record.ts'
import { reviewGrant } from './review-grant.ts'
import { askForToken, decideToken, takeToken } from './token-grants/token-grants.ts'

const own = { kind: 'refused', code: 'own-record' }
const card = { technology: 'csn', canonical: '04a1b2c3d4e581' } as const
const roleRules = [
  { name: 'nurses', jobCode: ['RN'], roles: ['nurse'] },
  { name: 'leads', jobCode: ['LD'], roles: ['pharmacist'] },
]

describe.each(engines)('her own record on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let vera: KitPerson
  let colleague: KitPerson
  let [hers, others] = ['', '']

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, roleRules })
    await core.addZone('4-west')
    await core.addZone('pharmacy', { roles: ['pharmacist'] })
    vera = await core.addPerson({ given: 'Vera', family: 'Okonkwo', staffNumber: 'N-4711' })
    colleague = await core.addPerson({ given: 'Ben', family: 'Okafor' })
    hers = byPerson(vera.personId)
    others = byPerson(colleague.personId)
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const perform = async <Answer>(flow: Parameters<typeof core.needs.perform<Answer>>[0]) =>
    (await core.needs.perform(flow)).answer

  it('keeps a badge that was taken from her', async () => {
    const { badgeId } = vera
    const mark = (status: 'active' | 'suspended', by: string) =>
      perform(() => markBadge({ badgeId, status, by }, core.needs))
    expect(await mark('suspended', others)).toEqual({ kind: 'marked' })
    expect(await mark('active', hers)).toEqual(own)
    expect(await mark('active', others)).toEqual({ kind: 'marked' })
  })
  it('gets no badge by a list, and a colleague’s does', async () => {
    const owner = { by: 'staff-number', staffNumber: 'N-4711' } as const
    const row = { line: 1, owner, card }
    expect(await previewBadge(row, hers, core.needs)).toMatchObject({ code: 'own-record' })
    const seen = { outcome: 'enrols', personId: vera.personId } as const
    expect(await applyBadge({ ...row, seen }, hers, core.needs)).toMatchObject({
      ...{ outcome: 'refused', code: 'own-record' },
    })
    expect(await applyBadge({ ...row, seen }, others, core.needs)).toMatchObject({
      outcome: 'enrols',
    })
  })
  it('says that her badge is lost, as anybody may', async () => {
    const owner = { by: 'person-id', personId: vera.personId } as const
    expect(await perform(() => reportLost({ owner, by: hers }, core.needs))).toMatchObject({
      badges: 1,
    })
  })
  it('knows a loaner of nobody’s from one of hers', async () => {
    const order = { card, label: 'L-1', by: hers } as const
    const added = await perform(() => addLoaner(order, core.needs))
    if (added.kind !== 'added') throw new Error(added.code)
    const { loanerId } = added
    expect(await perform(() => retireLoaner({ loanerId, by: hers }, core.needs))).toEqual({
      kind: 'retired',
    })
  })
  it('is not changed by a row of HR’s file, nor by a changed mapping', async () => {
    const record = hrRecord.parse({
      ...{ identity: { userName: 'lee' }, place: { jobCode: 'RN' }, access: {} },
    })
    const word = { record, badges: [], dropped: 0 }
    const actor = { by: 'token hr', client: 'csv' }
    const joined = await perform(() => addHrPerson({ ...actor, word }, core.needs))
    if (joined.kind === 'refused') throw new Error(joined.code)
    const lee = joined.person.personId
    const row = { line: 1, cells: { user_name: 'lee', job_code: 'LD' } }
    expect(await previewRow(row, byPerson(lee), core.needs)).toMatchObject({ code: 'own-record' })
    const seen = { outcome: 'changes', version: joined.person.version } as const
    expect(await applyRow({ ...row, seen }, byPerson(lee), core.needs)).toMatchObject({
      ...{ outcome: 'refused', code: 'own-record' },
    })
    expect(await applyRow({ ...row, seen }, others, core.needs)).toMatchObject({
      outcome: 'changes',
    })
    const change = { personId: lee, had: ['pharmacist'], roles: ['charge-nurse', 'nurse'] }
    const leads = { name: 'leads', jobCode: ['LD'], roles: change.roles }
    const remap = (by: string) =>
      perform(() => applyRemap([change], by, { ...core.needs, roleRules: [leads] }))
    expect(await remap(byPerson(lee))).toEqual({ changed: [], moved: [lee] })
    expect(await remap(others)).toEqual({ changed: [lee], moved: [] })
  })
  it('gets no exception by her own word, whoever asked for it', async () => {
    const order = {
      ...{ personId: vera.personId, ownerId: colleague.personId, kind: 'role' as const },
      ...{ what: 'pharmacist', reason: 'covers', lastsMs: 3_600_000, by: others },
    } as const
    const asked = await perform(() => proposeException(order, core.needs))
    if (asked.kind !== 'proposed') throw new Error(asked.code)
    const decide = (by: string, outcome: 'approved' | 'rejected') =>
      perform(() => decideException({ id: asked.id, outcome, by }, core.needs))
    expect(await decide(hers, 'approved')).toMatchObject({ code: 'exception-own' })
    expect(await decide(await takenBy(hers), 'approved')).toMatchObject({ code: 'exception-own' })
    expect(await decide('token third', 'approved')).toEqual({ kind: 'decided' })
  })
  it('has no review closed by a token that she took out', async () => {
    const here = await core.addWorkstation('pharmacy')
    const id = core.newTapId()
    await core.breakGlass(here, { card: vera.card }, { id })
    await core.pin(here, id, usualPin)
    const grant = await core.needs.db.selectFrom('emergency_grant').select('id').execute()
    const [{ id: grantId } = { id: '' }] = grant
    const review = (by: string) =>
      perform(() => reviewGrant({ grantId, outcome: 'appropriate', note: 'x', by }, core.needs))
    expect(await review(hers)).toMatchObject({ code: 'review-own' })
    expect(await review(await takenBy(hers))).toMatchObject({ code: 'review-own' })
    expect(await review(others)).toEqual({ kind: 'reviewed' })
  })

  /** As facts have it, of a token that somebody else approved for her. */
  async function takenBy(by: string): Promise<string> {
    const order = { name: 'desk', scopes: ['emergency:review'], lifeMs: 3_600_000 } as const
    const asked = await perform(() => askForToken({ ...order, note: 'why', by }, core.needs))
    if (asked.kind !== 'asked') throw new Error(asked.code)
    const word = { id: asked.id, outcome: 'approved', by: 'token other' } as const
    await perform(() => decideToken(word, core.needs))
    const needs = { ...core.needs, random: randomBytes }
    const hers = { id: asked.id, by, may: new Set(order.scopes) }
    expect(await perform(() => takeToken(hers, needs))).toMatchObject({
      kind: 'made',
    })
    return 'token desk'
  }
})
