// Each table beside the record that goes with a class, row by row on each engine: what goes, what
// stays because it is not over or not old enough, and what a hold keeps.

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Insertable } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EndingClass } from '@wardkey/protocol/retention-classes'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { encodeFact } from '../../audit/fact.ts'
import type { Schema } from '../../store/schema.ts'
import { byPerson } from '../own-record.ts'
import { dropDerived } from './drop-derived.ts'
import { movePlace, takeTurn } from './retention-state.ts'

const me = 'broker one'
/** Facts of every class went up to here. */
const placeMs = 1_000_000
const [old, young] = [placeMs - 1, placeMs]
const lifted = { lift_asked_ms: 1, lift_asked_by: 'l', lifted_ms: 2, lifted_by: 'k' }
type Row<Table extends keyof Schema> = Partial<Insertable<Schema[Table]>>

describe.each(engines)('rows beside the record on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let anna: KitPerson
  let ben: KitPerson
  let [ward, desk] = ['', '']

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    ward = await core.addWorkstation('4-west')
    desk = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    ben = await core.addPerson()
    await takeTurn(me, core.nowMs(), core.store)
  })
  afterEach(async () => {
    if (!isHere) return
    await core.close()
  })

  async function add<Table extends keyof Schema>(table: Table, row: Row<Table>): Promise<void> {
    const names = Object.keys(row).map((name) => sql.ref(name))
    const values = Object.values(row).map((value) => sql`${value}`)
    const query = sql`insert into ${sql.table(table)} (${sql.join(names)})
      values (${sql.join(values)})`
    const writes = [{ query: query.compile(core.store.read) }]
    await core.store.commit({ kind: 'housekeeping', writes })
  }
  async function drop(...classes: EndingClass[]): Promise<void> {
    const { store, needs } = core
    const writes = classes.map((name) => movePlace(store.read, name, { beforeMs: placeMs }))
    if (writes.length > 0) await store.commit({ kind: 'housekeeping', writes })
    const holdTurn = () => Promise.resolve()
    await dropDerived(holdTurn, { ...needs, store, me })
  }
  const every = () => drop('access', 'presence', 'administration', 'operational')
  const hold = (about: Row<'legal_hold'> = {}) =>
    add('legal_hold', { id: randomUUID(), reason: 'case', placed_ms: 1, placed_by: 'k', ...about })
  async function left(table: 'presence' | 'session' | 'emergency_grant' | 'alert' | Reviews) {
    const rows = await core.store.read.selectFrom(table).select('id').orderBy('id').execute()
    return rows.map(({ id }) => id)
  }
  type Reviews = 'access_campaign' | 'access_item' | 'compliance_notice'

  const presence = (id: string, row: Row<'presence'> = {}) =>
    add('presence', {
      ...{ id, session_id: `of ${id}`, person_id: anna.personId, workstation_id: ward },
      ...{ kind: 'tap', confidence: 1, from_ms: old - 1000, until_ms: old },
      ...row,
    })
  const session = (id: string, row: Row<'session'> = {}) =>
    add('session', {
      ...{ id, person_id: anna.personId, state: 'ended', workstation_id: ward, acr: 'a', amr: '' },
      ...{ pin_at_ms: 1, opened_ms: old - 1000, changed_ms: old, ended_ms: old, slot: 0 },
      ...{ version: 1, ...row },
    })
  const grant = (id: string, row: Row<'emergency_grant'> = {}) =>
    add('emergency_grant', {
      ...{ id, person_id: anna.personId, session_id: `of ${id}`, workstation_id: ward },
      ...{ zone_id: '4-west', reason: 'r', reason_label: 'r', identity: 'badge', took_ms: 1 },
      ...{ otherwise: 'allowed', position: 1, choices: 1, from_ms: old - 1000, until_ms: old },
      ...{ ended_ms: old - 500, review_due_ms: old, reviewed_ms: old, reviewed_by: 'token x' },
      ...{ version: 1, ...row },
    })
  const alert = (id: string, row: Row<'alert'> = {}) =>
    add('alert', {
      ...{ id, rule: 'badge-sharing', subject: id, people: '[]', state: 'closed', count: 1 },
      ...{ first_ms: 1, last_ms: 1, raised_ms: 1, facts: '[]', closed_ms: old, version: 1 },
      ...row,
    })
  const campaign = (id: string, row: Row<'access_campaign'> = {}) =>
    add('access_campaign', {
      ...{ id, kind: 'by-hand', state: 'closed', high_risk_only: 0, opened_ms: 1 },
      ...{ opened_by: 'k', due_ms: 1, on_silence: 'tell', closed_ms: old, version: 1, ...row },
    })
  const item = (id: string, of: string) =>
    add('access_item', {
      ...{ id, campaign_id: of, kind: 'role', what: 'nurse', is_high_risk: 0, evidence: '{}' },
      ...{ is_silence: 0 },
    })
  const notice = (id: string, row: Row<'compliance_notice'>) =>
    add('compliance_notice', {
      ...{ id, channel: 'mail', created_ms: 1, next_ms: 1, attempts: 1, version: 1, ...row },
    })

  describe('of presence', () => {
    it('go with their class, once they are over', async () => {
      await presence('a over')
      await presence('b young', { until_ms: young })
      await presence('c open', { until_ms: null })
      await drop('access', 'administration', 'operational')
      expect(await left('presence')).toHaveLength(3)
      await drop('presence')
      expect(await left('presence')).toEqual(['b young', 'c open'])
    })
    it('go all, however many they are', async () => {
      for (let n = 0; n < 510; n++) await presence(`row ${String(n)}`)
      await every()
      expect(await left('presence')).toEqual([])
    })
    it.each<
      readonly [string, (row: { anna: string; ward: string }) => Row<'legal_hold'>, string[]]
    >([
      ['everybody', () => ({}), ['anna', 'ben', 'desk']],
      ['one person', (of) => ({ person_id: of.anna }), ['anna', 'desk']],
      ['one place', (of) => ({ workstation_id: of.ward }), ['anna', 'ben']],
      ['both', (of) => ({ person_id: of.anna, workstation_id: of.ward }), ['anna']],
      [
        'a time in it',
        () => ({ from_ms: old - 700, until_ms: old - 600 }),
        ['anna', 'ben', 'desk'],
      ],
      ['its last moment', () => ({ from_ms: old }), ['anna', 'ben', 'desk']],
      ['its first moment', () => ({ until_ms: old - 1000 }), ['anna', 'ben', 'desk']],
      ['a time before', () => ({ until_ms: old - 1001 }), []],
      ['a time after', () => ({ from_ms: old + 1 }), []],
      ['nobody any more', () => lifted, []],
    ])('stay as far as a hold on %s covers them', async (_whom, about, stays) => {
      await presence('anna')
      await presence('ben', { person_id: ben.personId })
      await presence('desk', { workstation_id: desk })
      await hold(about({ anna: anna.personId, ward }))
      await every()
      expect(await left('presence')).toEqual(stays)
    })
  })

  describe('of sessions', () => {
    it('go once they have ended, and no sooner than what else names them', async () => {
      await session('a ended')
      await session('b young', { ended_ms: young })
      await session('c locked', { state: 'locked', ended_ms: null, workstation_id: desk })
      // Facts of presence that name no more than the session ask it whose they are.
      await drop('access')
      expect(await left('session')).toHaveLength(3)
      await drop('presence')
      expect(await left('session')).toEqual(['b young', 'c locked'])
    })
    it('stay where a hold covers her, or where it was last', async () => {
      await session('a hers')
      await session('b his', { person_id: ben.personId, workstation_id: desk })
      await session('c his here', { person_id: ben.personId })
      await hold({ person_id: anna.personId })
      await hold({ workstation_id: ward, from_ms: old - 10 })
      await every()
      expect(await left('session')).toEqual(['a hers', 'c his here'])
    })
    it('stay where it was at the place before it moved', async () => {
      await session('a moved', { workstation_id: desk })
      await session('b never here', { workstation_id: desk })
      const was = { code: 'SES-001', id: randomUUID(), atMs: old - 900 } as const
      const fact = encodeFact({ ...was, fields: {} })
      const about = { ...fact, workstationId: ward, sessionId: 'a moved' }
      await core.store.commit({ kind: 'recorded', writes: [], facts: [about] })
      await hold({ workstation_id: ward })
      await every()
      expect(await left('session')).toEqual(['a moved'])
    })
    it('go where a hold ended before they were opened', async () => {
      await session('a ended')
      await hold({ person_id: anna.personId, until_ms: old - 1001 })
      await every()
      expect(await left('session')).toEqual([])
    })
  })

  describe('of emergency accesses', () => {
    it('go once they were reviewed, with who was told of them', async () => {
      await grant('a reviewed')
      await grant('b not', { reviewed_ms: null, reviewed_by: null })
      await grant('c late', { reviewed_ms: young })
      await grant('d not over', { ended_ms: null })
      await grant('e young', { ended_ms: young, reviewed_ms: old })
      await notice('n a', { grant_id: 'a reviewed' })
      await notice('n b', { grant_id: 'b not' })
      await notice('n other', { alert_id: 'of an alert' })
      await drop('presence', 'administration')
      expect(await left('emergency_grant')).toHaveLength(5)
      await drop('access')
      expect(await left('emergency_grant')).toEqual(['b not', 'c late', 'd not over', 'e young'])
      expect(await left('compliance_notice')).toEqual(['n b', 'n other'])
    })
    it('stay where a hold covers her, her witness, or who reviewed it', async () => {
      await grant('a hers')
      await grant('b his', { person_id: ben.personId })
      await grant('c she saw', { person_id: ben.personId, witness_id: anna.personId })
      const by = byPerson(anna.personId)
      await grant('d she reviewed', { person_id: ben.personId, reviewed_by: by })
      await hold({ person_id: anna.personId })
      await every()
      expect(await left('emergency_grant')).toEqual(['a hers', 'c she saw', 'd she reviewed'])
    })
    it('stay where only its review is of the time of a hold', async () => {
      await grant('a', { ended_ms: old - 500, reviewed_ms: old })
      await grant('b', { reviewed_ms: old - 400 })
      await hold({ from_ms: old - 100, until_ms: old + 100 })
      await every()
      expect(await left('emergency_grant')).toEqual(['a'])
    })
  })

  describe('of alerts', () => {
    it('go once they are closed, with who was told of them', async () => {
      await alert('a closed')
      await alert('b young', { closed_ms: young })
      await alert('c open', { state: 'open', closed_ms: null })
      await notice('n a', { alert_id: 'a closed' })
      await notice('n c', { alert_id: 'c open' })
      await drop('access', 'presence', 'operational')
      expect(await left('alert')).toHaveLength(3)
      await drop('administration')
      expect(await left('alert')).toEqual(['b young', 'c open'])
      expect(await left('compliance_notice')).toEqual(['n c'])
    })
    it('stay while any hold stands, since they name several', async () => {
      await alert('a closed')
      await notice('n a', { alert_id: 'a closed' })
      await hold({ person_id: ben.personId, until_ms: 5 })
      await every()
      expect(await left('alert')).toEqual(['a closed'])
      expect(await left('compliance_notice')).toEqual(['n a'])
    })
  })

  describe('of access reviews', () => {
    it('go once they are closed, with all that was up for review', async () => {
      await campaign('a closed')
      await campaign('b young', { closed_ms: young })
      await campaign('c open', { state: 'open', closed_ms: null })
      for (const of of ['a closed', 'b young', 'c open']) await item(`of ${of}`, of)
      await drop('access', 'presence', 'operational')
      expect(await left('access_campaign')).toHaveLength(3)
      await drop('administration')
      expect(await left('access_campaign')).toEqual(['b young', 'c open'])
      expect(await left('access_item')).toEqual(['of b young', 'of c open'])
    })
    it('stay while any hold stands', async () => {
      await campaign('a closed')
      await item('of a', 'a closed')
      await hold({ workstation_id: desk })
      await every()
      expect(await left('access_campaign')).toEqual(['a closed'])
      expect(await left('access_item')).toEqual(['of a'])
    })
  })

  it('stay where nothing of the record went yet, and where it is another’s turn', async () => {
    await presence('a')
    await drop()
    expect(await left('presence')).toEqual(['a'])
    const query = core.store.read.updateTable('retention_state').set({ holder: 'another' })
    await core.store.commit({ kind: 'housekeeping', writes: [{ query: query.compile() }] })
    await every()
    expect(await left('presence')).toEqual(['a'])
  })
})
