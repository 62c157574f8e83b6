// The review of an emergency access on both stores: once, by somebody else, with an outcome; and
// what many of them show together.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore, usualPin } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { showGrant, showGrants, showPatterns } from '../doors/admin/show-grants.ts'
import { countReviews } from '../sessions/emergency-grant.ts'
import { reviewGrant } from './review-grant.ts'

const hour = 3_600_000
const by = 'token privacy'

describe.each(engines)('a review on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let anna: KitPerson
  let ben: KitPerson
  let grantId: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('pharmacy', { roles: ['pharmacist'] })
    anna = await core.addPerson({ staffNumber: 'N-4711' })
    ben = await core.addPerson({ given: 'Ben', family: 'Okafor' })
    grantId = await breakGlass()
  })
  afterEach(async () => {
    if (!isHere) return
    await core.record()
    await core.close()
  })

  async function breakGlass(): Promise<string> {
    const here = await core.addWorkstation('pharmacy')
    const id = core.newTapId()
    await core.breakGlass(here, { staffNumber: 'N-4711' }, { id, note: 'called over' })
    await core.pin(here, id, usualPin)
    expect(await core.vouch(here, id, ben)).toMatchObject({ kind: 'admitted' })
    const [newest] = await showGrants({ isOpen: false, limit: 1 }, core.needs)
    return newest?.grantId ?? ''
  }
  const review = async (change: object = {}) => {
    const asked = {
      grantId,
      outcome: 'appropriate',
      note: 'Asked the ward.',
      by,
      ...change,
    } as const
    return (await core.needs.perform(() => reviewGrant(asked, core.needs))).answer
  }

  it('is closed with an outcome, and shows who did', async () => {
    expect(await countReviews(core.needs.db, core.nowMs())).toEqual({ open: 1, overdue: 0 })
    expect(await review()).toEqual({ kind: 'reviewed' })
    expect(await showGrant(grantId, core.needs)).toMatchObject({
      name: { given: 'Rosa', family: 'Santos' },
      note: 'called over',
      witness: { personId: ben.personId, name: { given: 'Ben' } },
      identity: 'number-and-pin',
      otherwise: 'role-not-in-zone',
      outcome: 'appropriate',
      review: { by, note: 'Asked the ward.' },
    })
    expect(await showGrants({ isOpen: true, limit: 9 }, core.needs)).toEqual([])
    expect(JSON.stringify(await core.record())).not.toContain('Asked the ward')
    expect((await core.counts())['BTG-006']).toBe(1)
  })

  it('that is not closed in time is overdue', async () => {
    core.pass(73 * hour)
    expect(await showGrants({ isOpen: true, limit: 9 }, core.needs)).toMatchObject([
      { grantId, isOverdue: true },
    ])
    expect(await countReviews(core.needs.db, core.nowMs())).toEqual({ open: 1, overdue: 1 })
  })

  describe('refuses', () => {
    it('a second outcome, and keeps the first', async () => {
      await review()
      expect(await review({ outcome: 'inappropriate' })).toMatchObject({ code: 'review-closed' })
      expect(await showGrant(grantId, core.needs)).toMatchObject({ outcome: 'appropriate' })
    })
    it('two at once', async () => {
      const both = await Promise.all([review(), review({ outcome: 'no-need' })])
      expect(both.map(({ kind }) => kind).toSorted()).toEqual(['refused', 'reviewed'])
    })
    it('her own, by name of the token or of the reviewer', async () => {
      for (const change of [
        { reviewer: anna.personId },
        { by: `token ${anna.personId}` },
        { reviewer: ben.personId },
      ]) {
        expect(await review(change)).toMatchObject({ code: 'review-own' })
      }
    })
    it('a reviewer whom nobody knows, and a grant that is not there', async () => {
      expect(await review({ reviewer: randomUUID() })).toMatchObject({ code: 'person-unknown' })
      expect(await review({ grantId: randomUUID() })).toMatchObject({ code: 'grant-unknown' })
      expect(await showGrant(randomUUID(), core.needs)).toBeUndefined()
    })
  })

  it('of many shows what is pressed unread, and who needs it again', async () => {
    await breakGlass()
    await breakGlass()
    const patterns = await showPatterns(90, core.needs)
    expect(patterns).toMatchObject({
      reasons: [{ reason: 'patient-in-danger', count: 3, medianTookMs: 2500, firstShare: 1 }],
      zones: [{ zoneId: 'pharmacy', count: 3 }],
      otherwise: [{ otherwise: 'role-not-in-zone', count: 3 }],
      people: [{ personId: anna.personId, count: 3 }],
      witnesses: [{ personId: ben.personId, count: 3 }],
    })
    core.pass(100 * 24 * hour)
    expect((await showPatterns(90, core.needs)).reasons).toEqual([])
  })
})
