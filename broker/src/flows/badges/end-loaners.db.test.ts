// The end of a loaner badge: never under an emergency, never with her own badge left waiting, and
// never for good. On both stores.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { badgeId } from '@wardkey/protocol/ids'
import type { BadgeId, WorkstationId } from '@wardkey/protocol/ids'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { showBadges } from '../../doors/admin/show-people.ts'
import { badgesOf } from '../../identity/badges.ts'
import { insertLoanerCard } from '../../identity/cards/loaner-cards.ts'
import { raisePerson } from '../../identity/guard-person.ts'
import { findPerson } from '../../identity/people.ts'
import { enrolBadge, newBadge } from '../enrol-badge.ts'
import { marksOf } from '../errands/marks-of.ts'
import { takeBadges } from '../hr/take-badges.ts'
import { markBadge } from '../mark-badge.ts'
import { sweep } from '../sweep.ts'
import { markBadges } from './mark-badges.ts'

const hour = 3_600_000
const minute = 60_000
const loaner: CardClaim = { technology: 'csn', canonical: '04000000000c01' }

describe.each(engines)('the end of a loaner on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let anna: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    anna = await core.addPerson({ given: 'Anna', staffNumber: 'N-4711' })
    const pool = { label: 'Loaner 1', technology: { name: 'csn', assurance: 1 } }
    const row = { id: randomUUID(), ...pool, nowMs: core.nowMs() }
    const lookup = lookupOf(loaner, core.needs.cardKey)
    const write = insertLoanerCard(core.needs.db, { ...row, lookup })
    await core.store.commit({ kind: 'housekeeping', writes: [write] })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  /** As an errand lends it, without its steps. */
  async function lend(endsMs: number): Promise<BadgeId> {
    const { db, personKeys } = core.needs
    const person = await findPerson(db, anna.personId)
    const key = await personKeys.find(anna.personId)
    const pool = await db.selectFrom('loaner_card').select('id').executeTakeFirstOrThrow()
    if (!person || !key) throw new Error('nobody to lend a badge to')
    return core.needs
      .perform(async () => {
        const order = { personId: person.id, card: loaner, by: 'kit' }
        const made = await newBadge(order, key, core.needs, { cardId: pool.id, endsMs })
        if (made.kind === 'refused') throw new Error('the loaner was refused')
        const marks = marksOf.loanerGiven(await badgesOf(db, person.id), made.badgeId)
        const marked = await markBadges(person.id, marks, 'kit', core.needs)
        return {
          answer: made.badgeId,
          facts: [made.fact, ...marked.facts],
          writes: [raisePerson(db, person.id, person.version), made.write, ...marked.writes],
          notices: marked.notices,
        }
      })
      .then(({ answer }) => badgeId.parse(answer))
  }
  const statusOf = async (id: string) =>
    (await core.store.read.selectFrom('badge').selectAll().where('id', '=', id).execute())[0]
      ?.status
  const goOn = () => sweep({ ...core.needs, lost: { list: () => [], settled: () => undefined } })
  const sessionIs = async (id: string) =>
    (await core.sessions()).find((session) => session.id === id)?.state

  it('is what her own badge rests until, and she is shown that, not a suspension', async () => {
    const resting = async () =>
      (await showBadges(anna.personId, core.needs))?.filter(({ isResting }) => isResting)
    const given = await lend(core.nowMs() + hour)
    expect((await resting())?.map((badge) => badge.badgeId)).toEqual([anna.badgeId])
    const shown = await showBadges(anna.personId, core.needs)
    expect(shown?.map(({ badgeId, endsMs }) => [badgeId, endsMs])).toEqual(
      expect.arrayContaining([
        [given, core.nowMs() + hour],
        [anna.badgeId, undefined],
      ]),
    )
    await core.needs.perform(() =>
      markBadge({ badgeId: given, status: 'replaced', by: 'kit' }, core.needs),
    )
    expect(await statusOf(anna.badgeId)).toBe('active')
    expect(await resting()).toEqual([])
    await core.needs.perform(() =>
      markBadge({ badgeId: anna.badgeId, status: 'suspended', by: 'kit' }, core.needs),
    )
    expect(await resting()).toEqual([])
  })
  it('is put off while an emergency lasts, and comes when that is over', async () => {
    const given = await lend(core.nowMs() + 5 * minute)
    const id = core.newTapId()
    await core.breakGlass(here, { card: loaner }, { id })
    const frame = await core.pin(here, id, anna.pin)
    if (frame.kind !== 'admitted') throw new Error('the emergency was not admitted')
    const opened = frame.sessionId
    const lastsMs = frame.emergency?.lastsMs ?? 0
    core.pass(5 * minute - 10_000)
    await goOn()
    core.pass(20_000)
    await goOn()
    expect(await sessionIs(opened)).toBe('open')
    expect(await core.tap(here, { card: loaner })).not.toMatchObject({ code: 'badge-not-usable' })
    expect(await statusOf(given)).toBe('active')
    expect((await core.counts())['BDG-007']).toBe(1)
    core.pass(lastsMs)
    await goOn()
    await goOn()
    expect(await sessionIs(opened)).not.toBe('open')
    expect(await statusOf(given)).toBe('expired')
    expect(await statusOf(anna.badgeId)).toBe('active')
  })
  it('is not put off for a session that is none, nor brought forward', async () => {
    const given = await lend(core.nowMs() + hour)
    const session = await core.signIn(here, { ...anna, card: loaner })
    core.pass(hour - 10_000)
    await goOn()
    expect(await statusOf(given)).toBe('active')
    core.pass(10_000)
    await goOn()
    expect(await statusOf(given)).toBe('expired')
    expect(await sessionIs(session)).not.toBe('open')
  })
  it.each(['lost', 'replaced', 'expired'] as const)(
    'comes where it is marked %s by hand, and her own badge comes back',
    async (status) => {
      const given = await lend(core.nowMs() + hour)
      const session = await core.signIn(here, { ...anna, card: loaner })
      const mark = { badgeId: given, status, by: 'desk' }
      await core.needs.perform(() => markBadge(mark, core.needs))
      expect(await statusOf(given)).toBe('expired')
      expect(await statusOf(anna.badgeId)).toBe('active')
      expect(await sessionIs(session)).not.toBe('open')
    },
  )
  it('comes by HR’s word that it is lost, too', async () => {
    const given = await lend(core.nowMs() + hour)
    const key = await core.needs.personKeys.find(anna.personId)
    if (!key) throw new Error('her key is gone')
    const about = { personId: anna.personId, key, by: 'hr' }
    const wish = { kind: 'mark', badgeId: given, status: 'lost' } as const
    await core.needs.perform(async () => {
      const taken = await takeBadges([wish], about, core.needs)
      const [first, ...rest] = taken.kind === 'badges' ? taken.facts : []
      if (taken.kind !== 'badges' || !first) throw new Error('the word was refused')
      const { writes } = taken
      return { answer: undefined, facts: [first, ...rest], writes, notices: [] }
    })
    expect(await statusOf(given)).toBe('expired')
    expect(await statusOf(anna.badgeId)).toBe('active')
  })
  it('does not come where it is only suspended: her own badge waits on', async () => {
    const given = await lend(core.nowMs() + hour)
    const mark = { badgeId: given, status: 'suspended', by: 'desk' } as const
    await core.needs.perform(() => markBadge(mark, core.needs))
    expect(await statusOf(given)).toBe('suspended')
    expect(await statusOf(anna.badgeId)).toBe('suspended')
  })
  it('cannot be gone round by enrolling a card of the pool for good', async () => {
    const order = { personId: anna.personId, card: loaner, by: 'desk' }
    const { answer } = await core.needs.perform(() => enrolBadge(order, core.needs))
    expect(answer).toMatchObject({ kind: 'refused', code: 'badge-taken' })
  })
})
