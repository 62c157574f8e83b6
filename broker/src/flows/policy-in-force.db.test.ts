// Policies and modes as they come into force, on both stores: who may approve, what reaches open
// screens, what the next tap is decided by, and what a tap is explained and replayed with.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zoneId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { quoteOf } from '@wardkey/protocol/workstation/quote-of'
import { openCore, silentLog } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { compiledOf } from '../../../test/kit/usual-house.ts'
import { engines } from '../../../test/kit/stores.ts'
import { parseQuestion } from '../policy/cedar/policy-question.ts'
import { usualPolicies } from '../policy/cedar/usual-policies.ts'
import { applyRules } from './apply-rules.ts'
import { explainTap } from './explain-tap.ts'
import { newFact } from './flow-needs.ts'
import { inForce, makeHouse } from './house-book.ts'
import { decidePolicy, findVersion, listVersions, proposePolicy } from './policy-versions.ts'
import { replayPolicy } from './replay-policy.ts'
import { setMode } from './set-mode.ts'
import { sweep } from './sweep.ts'

const hour = 3_600_000
const noNurses = `${usualPolicies}
@id("no-nurses-today") @refusal("not-permitted")
forbid (principal in Role::"nurse", action == Action::"use", resource);`
const pinForNurses = `${usualPolicies}
@id("pin-for-nurses")
forbid (principal in Role::"nurse", action == Action::"useByBadgeAlone", resource);`

describe.each(engines)('policies in force on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let anna: KitPerson
  let carl: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west', { roles: ['nurse', 'guard'], lockdownRoles: ['guard'] })
    here = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    carl = await core.addPerson({ given: 'Carl', family: 'Weiss', roles: ['guard'] })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const propose = async (text: string, by = 'token a') => {
    const order = { text, note: 'why not', by }
    return (await core.needs.perform(() => proposePolicy(order, core.needs))).answer
  }
  const decide = async (
    number: number,
    by: string,
    outcome: 'approved' | 'rejected' = 'approved',
  ) => (await core.needs.perform(() => decidePolicy({ number, outcome, by }, core.needs))).answer
  const force = async (text: string) => {
    const proposed = await propose(text)
    if (proposed.kind !== 'proposed') throw new Error('not proposed')
    expect(await decide(proposed.number, 'token b')).toEqual({ kind: 'decided' })
  }
  const mode = (wanted: 'lockdown' | 'code' | 'normal', place: '*' | '4-west' = '*') => {
    const at = place === '*' ? place : zoneId.parse(place)
    const order = { place: at, mode: wanted, lastsMs: hour, by: 'token a' }
    return core.needs.perform(() => setMode(order, core.needs))
  }

  it('decides the next tap by what two people made, and goes back the same way', async () => {
    await force(noNurses)
    expect(await core.tap(here, anna)).toMatchObject({ kind: 'refused', code: 'not-permitted' })
    expect(await core.tap(here, carl)).toMatchObject({ kind: 'ask-pin' })
    const before = await findVersion(0, core.needs)
    await force(before?.text ?? '')
    expect(await inForce(core.store.read)).toBe(2)
    expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    // Every version is kept.
    expect((await listVersions(core.needs)).map(({ number }) => number)).toEqual([2, 1, 0])
  })

  it('is read and compiled once, however many tap just then', async () => {
    const calendar = { timeZone: 'UTC', holidays: new Set<string>() }
    const house = makeHouse({ db: core.store.read, calendar, log: silentLog })
    await house()
    await force(noNurses)
    const all = await Promise.all(Array.from({ length: 20 }, () => house(1)))
    expect(all[0]?.number).toBe(1)
    expect(new Set(all.map(({ policies }) => policies)).size).toBe(1)
  })

  describe('is not changed', () => {
    it('by one person alone', async () => {
      await propose(noNurses)
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
      expect(await decide(1, 'token a')).toMatchObject({ code: 'policy-own' })
      expect(await inForce(core.store.read)).toBe(0)
    })
    it('by one person alone, whatever writes to the database', async () => {
      await propose(noNurses)
      const query = core.store.read
        .updateTable('policy_version')
        .set({ outcome: 'approved', decided_ms: 1, decided_by: 'token a' })
        .compile()
      const unit = { kind: 'housekeeping', writes: [{ query }] } as const
      const done = await core.store.commit(unit).catch(() => ({ kind: 'conflict' }))
      expect(done.kind).toBe('conflict')
      expect(await inForce(core.store.read)).toBe(0)
    })
    it('by what does not validate', async () => {
      expect(await propose('permit (principal, action, resource);')).toMatchObject({
        kind: 'invalid',
      })
      expect(await listVersions(core.needs)).toHaveLength(1)
    })
    it('by what is the same, unknown, rejected, decided, or based on what is no more', async () => {
      expect(await propose(usualPolicies)).toMatchObject({ code: 'policy-same' })
      expect(await decide(1, 'token b')).toMatchObject({ code: 'policy-unknown' })
      await propose(noNurses)
      await propose(pinForNurses)
      expect(await decide(2, 'token b')).toEqual({ kind: 'decided' })
      expect(await decide(1, 'token b')).toMatchObject({ code: 'policy-moved' })
      expect(await decide(2, 'token c')).toMatchObject({ code: 'policy-decided' })
      expect(await decide(1, 'token a', 'rejected')).toEqual({ kind: 'decided' })
      expect(await decide(1, 'token b')).toMatchObject({ code: 'policy-decided' })
      expect((await core.counts())['POL-101']).toBe(5)
    })
    it('twice at once', async () => {
      await propose(noNurses)
      await propose(pinForNurses)
      const both = await Promise.all([decide(1, 'token b'), decide(2, 'token b')])
      expect(both.map(({ kind }) => kind).sort()).toEqual(['decided', 'refused'])
    })
  })

  describe('a lockdown', () => {
    it('refuses all but the roles that are named, and ends by itself', async () => {
      await mode('lockdown')
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'refused', code: 'locked-down' })
      expect(await core.tap(here, carl)).toMatchObject({ kind: 'ask-pin' })
      core.pass(hour)
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
      const lost = { list: () => [], settled: () => undefined }
      await sweep({ ...core.needs, lost })
      await sweep({ ...core.needs, lost })
      expect(await core.counts()).toMatchObject({ 'MOD-001': 1, 'MOD-002': 1 })
    })
    it('locks the screens that are open, and no emergency', async () => {
      const there = await core.addWorkstation('4-west')
      const ben = await core.addPerson({ given: 'Ben', family: 'Okafor' })
      await core.signIn(here, anna)
      const third = await core.addWorkstation('4-west')
      await core.signIn(third, carl)
      const id = core.newTapId()
      await core.breakGlass(there, ben, { id })
      expect(await core.pin(there, id, ben.pin)).toMatchObject({ kind: 'admitted' })
      await mode('lockdown')
      expect(core.notices).toContainEqual({ kind: 'rules-changed', place: '*' })
      expect(await applyRules('*', core.needs)).toBe(1)
      expect(core.notices).toContainEqual(
        expect.objectContaining({
          kind: 'to-workstation',
          workstationId: here,
          frame: expect.objectContaining({ kind: 'lock', code: 'locked-down' }) as unknown,
        }),
      )
      const open = (await core.sessions()).filter(({ state }) => state === 'open')
      expect(open.map(({ workstation_id: at }) => at).sort()).toEqual([third, there].sort())
    })
    it('is overridden by an emergency, with the fact', async () => {
      await mode('lockdown')
      const id = core.newTapId()
      await core.breakGlass(here, anna, { id })
      expect(await core.pin(here, id, anna.pin)).toMatchObject({ kind: 'admitted' })
      expect(await explainTap(id, core.store)).toMatchObject({ otherwise: 'locked-down' })
    })
    it('of the house gives way to a zone’s own mode, and to no zone that there is not', async () => {
      await mode('lockdown')
      await mode('normal', '4-west')
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
      const order = { place: zoneId.parse('5-east'), mode: 'code', lastsMs: hour, by: 'x' } as const
      const { answer } = await core.needs.perform(() => setMode(order, core.needs))
      expect(answer).toMatchObject({ code: 'zone-unknown' })
    })
  })

  describe('why', () => {
    it('a tap was refused, by the code that the screen shows', async () => {
      await force(noNurses)
      const id = core.newTapId()
      await core.tap(here, anna, id)
      const why = await explainTap(quoteOf(id), core.store)
      expect(why).toMatchObject({
        ...{ tapId: id, personId: anna.personId, zoneId: '4-west', outcome: 'refused' },
        ...{ rule: 'no-nurses-today', code: 'not-permitted' },
        policy: { policies: compiledOf(noNurses).id, rule: 'no-nurses-today' },
        saw: { roles: ['nurse'], shift: 'unknown', mode: 'normal' },
      })
      expect(why?.sentence).toMatch(/forbids/)
      // What is so now does not change what was so then.
      await force(usualPolicies)
      expect(await explainTap(quoteOf(id), core.store)).toEqual(why)
      expect(JSON.stringify(why)).not.toMatch(/Rosa|Santos/)
    })
    it('a PIN was asked for and what came of it, step by step', async () => {
      const id = core.newTapId()
      await core.tap(here, anna, id)
      await core.pin(here, id, anna.pin)
      const why = await explainTap(id, core.store)
      expect(why).toMatchObject({ outcome: 'opened', rule: 'badge-and-pin' })
      expect(why?.steps.map(({ code }) => code)).toEqual(['TAP-002', 'PIN-001', 'TAP-001'])
    })
    it('is not said of a tap that is not in the record', async () => {
      await core.tap(here, anna)
      expect(await explainTap('AAA-AAA', core.store)).toBeUndefined()
      expect(await explainTap(core.newTapId(), core.store)).toBeUndefined()
    })
  })

  describe('a replay', () => {
    const replay = (text: string) => {
      const span = { fromMs: core.nowMs() - 24 * hour, untilMs: core.nowMs() }
      return replayPolicy(compiledOf(text), span, core.store.read)
    }
    beforeEach(async () => {
      if (!isHere) return
      const session = await core.signIn(here, anna)
      await core.leave(here, session)
      await core.leave(here, await core.signIn(here, anna))
      await core.signIn(here, carl)
      const billing = await core.addPerson({ given: 'Dan', family: 'Kurz', roles: ['billing'] })
      await core.tap(here, billing)
    })
    it('of what is in force finds nothing', async () => {
      expect(await replay(usualPolicies)).toMatchObject({ taps: 4, otherwise: 0, byRule: [] })
    })
    it('shows who would have been refused', async () => {
      const { byRule, examples } = await replay(noNurses)
      expect(byRule).toEqual([
        {
          ...{ kind: 'refused', rule: 'no-nurses-today', code: 'not-permitted' },
          ...{ zoneId: '4-west', taps: 2, people: 1 },
        },
      ])
      expect(examples.map(({ personId }) => personId)).toEqual([anna.personId, anna.personId])
    })
    it('shows who would have been asked for more', async () => {
      expect(await replay(pinForNurses)).toMatchObject({
        otherwise: 1,
        byRule: [{ kind: 'asked', rule: 'pin-for-nurses', taps: 1 }],
      })
    })
    it('leaves the taps their turn, however many it asks about', async () => {
      const question = parseQuestion('{"zone":{"id":"4-west"}}')
      const { saw } = compiledOf(usualPolicies).ask(question, anna.personId)
      const about = { person: anna.personId, rule: 'x', fields: { policy: 'x', saw } }
      const refused = () => newFact(core.needs, 'TAP-101', { ...about, tap: core.newTapId() })
      const facts = [refused(), ...Array.from({ length: 100 }, refused)] as const
      await core.needs.perform(() =>
        Promise.resolve({ answer: undefined, facts, writes: [], notices: [] }),
      )
      const { ask, ...set } = compiledOf(noNurses)
      const turns: number[] = [0]
      let turn = setImmediate(function next() {
        turns.push(0)
        turn = setImmediate(next)
      })
      const span = { fromMs: 0, untilMs: core.nowMs() }
      const counted: typeof ask = (...asked) => {
        turns[turns.length - 1] = (turns.at(-1) ?? 0) + 1
        return ask(...asked)
      }
      await replayPolicy({ ...set, ask: counted }, span, core.store.read)
      clearImmediate(turn)
      expect(turns.reduce((all, one) => all + one)).toBe(105)
      expect(Math.max(...turns)).toBeLessThanOrEqual(25)
    })
    it('that takes too long is cut, and says so', async () => {
      const span = { fromMs: 0, untilMs: core.nowMs() }
      const late = () => replayPolicy(compiledOf(noNurses), span, core.store.read, () => true)
      expect(await late()).toMatchObject({ isCut: true, taps: 0, otherwise: 0, byRule: [] })
      expect(await replay(noNurses)).toMatchObject({ isCut: false, taps: 4 })
    })
    it('shows who would have been let in', async () => {
      const all = '@id("all") permit (principal, action, resource);'
      expect(await replay(all)).toMatchObject({
        otherwise: 1,
        byRule: [{ kind: 'let-in', rule: 'all', zoneId: '4-west', taps: 1, people: 1 }],
      })
    })
  })
})
