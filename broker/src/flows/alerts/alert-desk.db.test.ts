// Alerts on both stores: each fact is seen once whoever reads it, what stands is not raised again,
// and what is done about one is a fact, and never hers whom it is about.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alertRuleName } from '@wardkey/protocol/admin/alerts/alert-rules'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore, silentLog } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { showAlert } from '../../doors/admin/alerts/show-alerts.ts'
import { addPerson } from '../add-person.ts'
import { disownTap } from '../own-taps/disown-tap.ts'
import { waitingNotices } from '../compliance-notice-row.ts'
import { AlertDesk } from './alert-desk.ts'
import { turnMs } from './alert-cursor.ts'
import { handleAlert } from './handle-alert.ts'
import type { AlertAct } from './handle-alert.ts'
import { listAlerts } from './alert-row.ts'

const kinds = ['people', 'technical'] as const
const note = 'Er hatte die Karte vertauscht.'

const hour = 3_600_000
const limits = {
  ...{ offShiftMarginMs: hour, refusals: 3, unknownCards: 9, refusalsMs: hour },
  ...{ twoPlacesMs: 10_000, nearZones: [], doorMs: 14 * hour, swaps: 6, swapMs: 30_000 },
  ...{ cloneMs: 1500, emergencies: 3, emergenciesMs: hour, zoneEmergencies: 8 },
  ...{ zoneEmergenciesMs: hour, checkpointLateMs: 24 * hour, silentMs: hour },
}

describe.each(engines)('alerts on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let anna: KitPerson
  let ben: KitPerson
  let here: WorkstationId
  let raised: number

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, channels: ['webhook', 'mail'] })
    await core.addZone('ward')
    await core.addZone('pharmacy', { roles: ['pharmacist'] })
    here = await core.addWorkstation('pharmacy')
    anna = await core.addPerson()
    ben = await core.addPerson({ given: 'Ben', family: 'Okafor' })
    raised = 0
  })
  afterEach(async () => {
    if (!isHere) return
    await core.record()
    await core.close()
  })

  const deskOf = (off: readonly string[] = []) =>
    new AlertDesk({
      ...core.needs,
      log: silentLog,
      me: randomUUID(),
      limits,
      off: new Set(alertRuleName.options.filter((rule) => off.includes(rule))),
      told: new Set(alertRuleName.options),
      onRaised: () => (raised += 1),
    })
  const refuse = async (times: number, who = anna): Promise<void> => {
    for (let n = 0; n < times; n++) {
      expect(await core.tap(here, who)).toMatchObject({ kind: 'refused' })
    }
  }
  const list = (isClosed = false) => listAlerts(core.needs.db, { kinds, isClosed, limit: 99 })
  const act = async (what: object): Promise<object> => {
    const [alert] = await list()
    const usual = { act: 'acknowledge', by: 'token privacy', kinds, alertId: alert?.id ?? '' }
    const asked = { ...usual, ...what } as AlertAct
    return (await core.needs.perform(() => handleAlert(asked, core.needs))).answer
  }

  it('are raised once, with the facts behind them, and told by each way', async () => {
    const desk = deskOf()
    await refuse(3)
    await desk.look()
    await desk.look()
    const [alert, ...others] = await list()
    expect(others).toEqual([])
    expect(alert).toMatchObject({ rule: 'repeated-refusals', state: 'open', count: 1 })
    expect(alert?.people).toEqual([anna.personId])
    const shown = await showAlert(alert?.id ?? '', kinds, core.needs)
    expect(shown?.people).toMatchObject([{ name: { given: 'Rosa', family: 'Santos' } }])
    expect(shown?.facts.map(({ code }) => code)).toEqual(['TAP-101', 'TAP-101', 'TAP-101'])
    expect(await waitingNotices(core.needs.db)).toBe(2)
    expect(raised).toBe(1)
    expect((await core.counts())['ALR-001']).toBe(1)
  })

  it('say that a tap was not hers, with that tap and her word behind it, by each way', async () => {
    const desk = deskOf()
    const ward = await core.addWorkstation('ward')
    await core.signIn(ward, anna)
    const isTap = core.store.read.selectFrom('fact').select('idx').where('code', '=', 'TAP-001')
    const { idx: index } = await isTap.executeTakeFirstOrThrow()
    const disown = () => disownTap(anna.personId, { what: 'tap', index }, core.needs)
    await core.needs.perform(disown)
    await core.needs.perform(disown)
    await desk.look()
    const [alert, ...others] = await list()
    expect(others).toEqual([])
    expect(alert).toMatchObject({ rule: 'tap-disowned', state: 'open', count: 1 })
    const shown = await showAlert(alert?.id ?? '', kinds, core.needs)
    expect(shown?.facts.map(({ code }) => code)).toEqual(['TAP-001', 'BDG-008'])
    expect(await waitingNotices(core.needs.db)).toBe(2)
    expect(await act({ act: 'close', outcome: 'confirmed', note })).toEqual({ kind: 'handled' })
    expect(await list()).toEqual([])
  })

  it('are counted, and not raised again, while one stands', async () => {
    const desk = deskOf()
    for (let round = 0; round < 5; round++) {
      await refuse(3)
      await desk.look()
    }
    await refuse(3, ben)
    await desk.look()
    expect((await list()).map(({ count }) => count).sort()).toEqual([1, 5])
    const counts = await core.counts()
    // Said at the first, the second and the fourth time.
    expect([counts['ALR-001'], counts['ALR-002']]).toEqual([2, 2])
    expect(await act({ act: 'close', outcome: 'explained', note })).toEqual({ kind: 'handled' })
    await refuse(6, ben)
    await refuse(3)
    await desk.look()
    expect(await list()).toHaveLength(2)
    expect(await list(true)).toHaveLength(1)
  })

  it('go on after a stop in the middle: what was seen before still counts, once', async () => {
    await refuse(2)
    await deskOf().look()
    core.pass(turnMs + 1)
    await refuse(1)
    await deskOf().look()
    expect(await list()).toMatchObject([{ count: 1 }])
    core.pass(turnMs + 1)
    await deskOf().look()
    expect(await list()).toMatchObject([{ count: 1 }])
  })

  it('are raised by one of two brokers, and by the other when that is gone', async () => {
    const [one, two] = [deskOf(), deskOf()]
    await one.look()
    await refuse(3)
    await Promise.all([two.look(), one.look(), two.look()])
    expect(await list()).toMatchObject([{ count: 1 }])
    await refuse(3)
    await two.look()
    expect(await list()).toMatchObject([{ count: 1 }])
    core.pass(turnMs + 1)
    await Promise.all([two.look(), one.look()])
    expect(await list()).toMatchObject([{ count: 2 }])
    expect((await core.counts())['ALR-001']).toBe(1)
  })

  it('begin where the record was when they came, and leave a switched-off rule out', async () => {
    const desk = deskOf(['repeated-refusals'])
    await refuse(9)
    await desk.look()
    expect(await list()).toEqual([])
  })

  it('are acknowledged, assigned and closed: each a fact, the note sealed', async () => {
    await refuse(3)
    await deskOf().look()
    expect(await act({ act: 'acknowledge' })).toEqual({ kind: 'handled' })
    expect(await act({ act: 'acknowledge' })).toMatchObject({ code: 'alert-known' })
    expect(await act({ act: 'assign', personId: ben.personId })).toEqual({ kind: 'handled' })
    const [alert] = await list()
    expect(alert).toMatchObject({ state: 'assigned', assignee_id: ben.personId })
    expect(await act({ act: 'close', outcome: 'confirmed', note })).toEqual({ kind: 'handled' })
    const shown = await showAlert(alert?.id ?? '', kinds, core.needs)
    expect(shown).toMatchObject({
      state: 'closed',
      assignee: { name: { given: 'Ben' } },
      closed: { outcome: 'confirmed', note, by: 'token privacy' },
    })
    const facts = await core.record()
    expect(JSON.stringify(facts)).not.toContain(note)
    const codes = facts.map(({ code }) => code).filter((code) => code.startsWith('ALR'))
    expect(codes).toEqual(['ALR-001', 'ALR-003', 'ALR-101', 'ALR-004', 'ALR-005'])
  })

  it('forget what was written with her whom it is about', async () => {
    await refuse(3)
    await deskOf().look()
    await act({ act: 'close', outcome: 'confirmed', note })
    const [alert] = await list(true)
    const writes = [core.needs.personKeys.destroy(anna.personId, core.nowMs())]
    await core.store.commit({ kind: 'housekeeping', writes })
    const shown = await showAlert(alert?.id ?? '', kinds, core.needs)
    expect(shown?.closed).toMatchObject({ outcome: 'confirmed' })
    expect(shown?.closed).not.toHaveProperty('note')
    expect(shown?.people).toEqual([{ personId: anna.personId }])
  })

  describe('refuses/', () => {
    beforeEach(async () => {
      await refuse(3)
      await deskOf().look()
    })
    const by = (who: KitPerson): string => `person ${who.personId}`
    it.each(['acknowledge', 'close'] as const)('her own to her: %s', async (what) => {
      const asked = { act: what, outcome: 'explained', note, by: by(anna) }
      expect(await act(asked)).toMatchObject({ code: 'alert-own' })
      expect(await act({ ...asked, by: `token ${anna.personId}` })).toMatchObject({
        code: 'alert-own',
      })
    })
    it('to have it given to her', async () => {
      const asked = { act: 'assign', personId: anna.personId }
      expect(await act(asked)).toMatchObject({ code: 'alert-own' })
    })
    it('to have it given to nobody, or to who left', async () => {
      const personId = randomUUID()
      expect(await act({ act: 'assign', personId })).toMatchObject({ code: 'person-unknown' })
    })
    it('what is not of a kind that she may see', async () => {
      const asked = { act: 'close', outcome: 'explained', note, kinds: ['technical'] }
      expect(await act(asked)).toMatchObject({ code: 'alert-unknown' })
    })
    it('to close what is closed', async () => {
      const [alert] = await list()
      const asked = { act: 'close', outcome: 'explained', note, alertId: alert?.id }
      expect(await act(asked)).toEqual({ kind: 'handled' })
      expect(await act(asked)).toMatchObject({ code: 'alert-closed' })
    })
  })

  it('tell of a checkpoint that does not come, with a note of their own', async () => {
    await refuse(1)
    core.pass(25 * hour)
    await deskOf().look()
    expect(await list()).toMatchObject([{ rule: 'checkpoint-late', people: [] }])
    expect(await act({ act: 'close', outcome: 'explained', note })).toEqual({ kind: 'handled' })
    const [alert] = await list(true)
    const shown = await showAlert(alert?.id ?? '', kinds, core.needs)
    expect(shown?.closed?.note).toBe(note)
  })

  it('tell of a fact that is missing', async () => {
    const desk = deskOf()
    await refuse(1)
    await desk.look()
    const facts = core.store.read.selectFrom('fact')
    const newest = await facts.select((eb) => eb.fn.max('idx').as('idx')).execute()
    const index = Number(newest[0]?.idx)
    const move = async (by: number): Promise<void> => {
      const query = core.store.read
        .updateTable('fact')
        .set((eb) => ({ idx: eb('idx', '+', by) }))
        .where('idx', '>', index)
        .compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    }
    await refuse(1)
    await move(1)
    const fact = index + 2
    await desk.look()
    expect(await list()).toMatchObject([{ rule: 'record-gap', facts: [fact] }])
    await core.store.commit({
      kind: 'housekeeping',
      writes: [{ query: core.store.read.deleteFrom('fact').where('idx', '>', fact).compile() }],
    })
    await move(-1)
  })

  it('hold up nobody: a tap beside a long reading is answered', async () => {
    const by = 'kit'
    for (let n = 0; n < 300; n++) {
      const name = { given: 'Mei', family: `Sampleson ${String(n)}` }
      await core.needs.perform(() => addPerson({ name, roles: [], by }, core.needs))
    }
    const reading = deskOf().look()
    await refuse(1)
    await reading
  })
})
