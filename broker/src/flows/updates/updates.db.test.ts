// Releases and roll-outs on both stores: who may begin what, how a workstation comes to its release,
// how many at once, and when a roll-out stops itself.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { updateAnswer } from '@wardkey/protocol/workstation/updates/update-exchange'
import type { UpdateRequest } from '@wardkey/protocol/workstation/updates/update-exchange'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import {
  newReleaseSigner,
  plainManifest,
  signed,
  updateSettings,
} from '../../../../test/kit/release.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { hostTokenName } from '../admin-tokens.ts'
import { addRelease } from './add-release.ts'
import { askUpdate, beginUpdate } from './ask-update.ts'
import { endUpdate, takeBackBegin } from './end-update.ts'
import { ringOf } from './rings.ts'
import { listRollouts } from './rollout-rows.ts'
import { runRollouts } from './run-rollouts.ts'
import { showUpdates } from './show-updates.ts'
import { approveRollout, beginRollout, steerRollout } from './steer-rollout.ts'
import type { UpdateNeeds, UpdateSettings } from './update-needs.ts'

const hour = 3_600_000
const about = { target: 'linux-x64', running: '1.1.0', seen: 0 } as const
const always = { updateWindows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '00:00' }] }

describe.each(engines)('updates of workstations on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let settings: UpdateSettings | undefined
  const signer = newReleaseSigner()

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    settings = updateSettings(signer)
    await core.addZone('4-west', always)
  })
  afterEach(async () => {
    if (!isHere) return
    await core.record()
    await core.close()
  })
  const needs = (): UpdateNeeds & BrokerCore['needs'] => ({ ...core.needs, updates: settings })
  const add = async (text: string) =>
    (await core.needs.perform(() => addRelease({ manifest: text, by: 'token a' }, needs()))).answer
  const begin = async (number = 1, by = 'token a') => {
    const order = { number, by, madeMs: 0 }
    return (await core.needs.perform(() => beginRollout(order, needs()))).answer
  }
  const begun = async () => {
    await add(signed(plainManifest(), signer))
    const answer = await begin()
    if (answer.kind !== 'begun') throw new Error(answer.code)
    return answer.id
  }
  const approve = async (id: string, by = 'token b') =>
    (await core.needs.perform(() => approveRollout({ id, by }, needs()))).answer
  const steer = async (id: string, what: 'pause' | 'resume' | 'stop') =>
    (await core.needs.perform(() => steerRollout({ id, what, by: 'token a' }, needs()))).answer
  const rollout = async () => (await listRollouts(core.needs))[0]
  /** One whose id falls into this ring. */
  const member = (ring: number) => {
    const rings = plainManifest().rings.map((one) => ({ zones: [], assets: [], ...one }))
    for (;;) {
      const id = workstationId.parse(randomUUID())
      const [first, ...rest] = rings
      if (first && ringOf({ id, zoneId: '4-west', assetTag: null }, [first, ...rest]) === ring) {
        return core.addWorkstation('4-west', undefined, id)
      }
    }
  }
  const say = async (id: WorkstationId, request: UpdateRequest) => {
    const done = async () => {
      if (request.kind === 'ask') return askUpdate(id, request, needs())
      if (request.kind === 'begin') {
        return (await core.needs.perform(() => beginUpdate(id, request, needs()))).answer
      }
      if (request.kind === 'not-begun') {
        return (await core.needs.perform(() => takeBackBegin(id, request, needs()))).answer
      }
      return (await core.needs.perform(() => endUpdate(id, request, needs()))).answer
    }
    return updateAnswer.parse(await done())
  }
  const ask = (id: WorkstationId, more: object = {}) => say(id, { kind: 'ask', ...about, ...more })
  const start = (id: WorkstationId, more: object = {}) =>
    say(id, { kind: 'begin', number: 1, ...about, ...more })
  const end = (id: WorkstationId, outcome: 'healthy' | 'failed' | 'returned') =>
    say(id, { kind: 'ended', number: 1, outcome, ...about })
  const takeBack = (id: WorkstationId, key: string, more: object = {}) =>
    say(id, { kind: 'not-begun', number: 1, key, ...about, ...more })

  describe('a release', () => {
    it('is added once, and from then on only newer ones', async () => {
      const text = signed(plainManifest({ number: 5 }), signer)
      expect(await add(text)).toEqual({ kind: 'added', number: 5, release: '1.2.0' })
      expect(await add(text)).toMatchObject({ code: 'release-added-already' })
      const twin = signed(plainManifest({ number: 5, release: '1.2.1' }), signer)
      expect(await add(twin)).toMatchObject({ code: 'update-number-twice' })
      const older = signed(plainManifest({ number: 4, release: '1.3.0' }), signer)
      expect(await add(older)).toMatchObject({ code: 'update-older' })
      expect(await core.counts()).toMatchObject({ 'UPD-001': 1, 'UPD-101': 3 })
    })
    it('is refused unsigned, over, without its files, and where nothing is set up', async () => {
      const text = signed(plainManifest(), signer)
      expect(await add(signed(plainManifest(), newReleaseSigner()))).toMatchObject({
        code: 'update-not-signed',
      })
      expect(await add(signed(plainManifest({ expiresMs: 5 }), signer))).toMatchObject({
        code: 'update-expired',
      })
      settings = updateSettings(signer, { hasFiles: () => Promise.resolve(false) })
      expect(await add(text)).toMatchObject({ code: 'update-file-missing' })
      settings = undefined
      expect(await add(text)).toMatchObject({ code: 'updates-off' })
      expect(await begin()).toMatchObject({ code: 'updates-off' })
    })
    it('may hand over to the next key, which then signs alone', async () => {
      const next = newReleaseSigner()
      const handOver = signed(plainManifest({ number: 1, nextKey: next.text }), signer, next)
      expect(await add(handOver)).toMatchObject({ kind: 'added' })
      const second = signed(plainManifest({ number: 2, release: '1.3.0' }), next)
      expect(await add(second)).toMatchObject({ kind: 'added' })
      const third = signed(plainManifest({ number: 3, release: '1.4.0' }), signer)
      expect(await add(third)).toMatchObject({ code: 'update-not-signed' })
      await begin(2)
      const offer = await ask(await member(0))
      expect(offer).toMatchObject({ kind: 'offer', manifests: [handOver, second] })
      expect(await ask(await member(0), { seen: 1 })).toMatchObject({ manifests: [second] })
    })
  })

  describe('a roll-out', () => {
    it('goes to the first ring by one word, and further by another’s', async () => {
      const id = await begun()
      expect(await rollout()).toMatchObject({ approved_ms: null })
      const [first, second] = [await member(0), await member(1)]
      expect(await ask(first)).toMatchObject({ kind: 'offer' })
      expect(await ask(second)).toMatchObject({ kind: 'nothing', why: 'approval' })
      expect(await approve(id, 'token a')).toMatchObject({ code: 'rollout-own' })
      expect(await approve(id)).toEqual({ kind: 'done' })
      expect(await approve(id)).toMatchObject({ code: 'rollout-decided' })
      expect(await ask(second)).toMatchObject({ kind: 'nothing', why: 'ring' })
    })
    it('needs nobody else where nobody else could approve', async () => {
      await add(signed(plainManifest(), signer))
      const answer = await begin(1, `token ${hostTokenName}`)
      expect(answer).toMatchObject({ kind: 'begun', isApproved: true })
      expect(await rollout()).toMatchObject({ approved_by: null, approved_ms: core.nowMs() })
    })
    it('is the only one under way', async () => {
      const id = await begun()
      await add(signed(plainManifest({ number: 2, release: '1.3.0' }), signer))
      expect(await begin(2)).toMatchObject({ code: 'rollout-under-way' })
      expect(await begin(9)).toMatchObject({ code: 'release-unknown' })
      expect(await steer(id, 'stop')).toEqual({ kind: 'done' })
      expect(await begin(2)).toMatchObject({ kind: 'begun' })
      const [one, other] = await Promise.all([begin(2), begin(2)])
      expect([one, other]).toMatchObject([
        { code: 'rollout-under-way' },
        { code: 'rollout-under-way' },
      ])
    })
    it('is paused, resumed and stopped, and nothing else at the wrong time', async () => {
      const id = await begun()
      const here = await member(0)
      expect(await steer(id, 'resume')).toMatchObject({ code: 'rollout-decided' })
      expect(await steer(id, 'pause')).toEqual({ kind: 'done' })
      expect(await ask(here)).toMatchObject({ why: 'paused' })
      expect(await start(here)).toMatchObject({ kind: 'wait', why: 'paused' })
      expect(await steer(id, 'resume')).toEqual({ kind: 'done' })
      expect(await ask(here)).toMatchObject({ kind: 'offer' })
      expect(await steer(id, 'stop')).toEqual({ kind: 'done' })
      expect(await ask(here)).toMatchObject({ why: 'no-rollout' })
      expect(await steer(id, 'resume')).toMatchObject({ code: 'rollout-decided' })
      expect(await steer(randomUUID(), 'stop')).toMatchObject({ code: 'rollout-unknown' })
      expect(await approve(id)).toMatchObject({ code: 'rollout-decided' })
    })
    it('goes on after the soak time, and to its end', async () => {
      const id = await begun()
      const [first, second] = [await member(0), await member(1)]
      await approve(id)
      await start(first)
      await end(first, 'healthy')
      await runRollouts(needs())
      expect(await rollout()).toMatchObject({ ring: 0 })
      core.pass(24 * hour)
      await runRollouts(needs())
      expect(await rollout()).toMatchObject({ ring: 1, state: 'running' })
      expect(await start(second)).toMatchObject({ kind: 'go', number: 1 })
      await end(second, 'healthy')
      await runRollouts(needs())
      expect(await rollout()).toMatchObject({ state: 'done' })
      expect(await core.counts()).toMatchObject({ 'UPD-007': 1, 'UPD-008': 1, 'UPD-010': 2 })
    })
    it('pauses itself where too many went back, and goes on when somebody says so', async () => {
      const id = await begun()
      const [first, other] = [await member(0), await member(0)]
      await start(first)
      await end(first, 'returned')
      await runRollouts(needs())
      expect(await rollout()).toMatchObject({ state: 'paused' })
      expect(await start(other)).toMatchObject({ why: 'paused' })
      core.pass(1)
      await steer(id, 'resume')
      await runRollouts(needs())
      expect(await rollout()).toMatchObject({ state: 'running' })
      expect(await start(other)).toMatchObject({ kind: 'go' })
      expect(await ask(first)).toMatchObject({ kind: 'nothing', why: 'tried' })
      expect(await core.counts()).toMatchObject({ 'UPD-103': 1, 'UPD-104': 1, 'UPD-005': 1 })
    })
  })

  describe('a workstation', () => {
    it('begins only so many at once, also where all ask together', async () => {
      await begun()
      const all = await Promise.all([member(0), member(0), member(0), member(0)])
      const answers = await Promise.all(all.map((id) => start(id)))
      expect(answers.map(({ kind }) => kind).sort()).toEqual(['go', 'go', 'wait', 'wait'])
      const went = all.filter((_, at) => answers[at]?.kind === 'go')
      const [one, ...rest] = went
      if (one === undefined) throw new Error('nobody went')
      expect(await start(one)).toMatchObject({ kind: 'go' })
      expect(rest).toHaveLength(1)
      await end(one, 'healthy')
      const waiting = all.find((id) => !went.includes(id)) ?? one
      expect(await start(waiting)).toMatchObject({ kind: 'go' })
    })
    it('fetches and waits outside of its window, and while its screen is open', async () => {
      await begun()
      await core.addZone('night', { updateWindows: [{ days: [1], from: '02:00', until: '03:00' }] })
      const here = await member(0)
      const session = await core.signIn(here, await core.addPerson())
      expect(await ask(here)).toMatchObject({ kind: 'offer', why: 'in-use' })
      expect(await start(here)).toMatchObject({ kind: 'wait', why: 'in-use' })
      await core.leave(here, session)
      expect(await start(here)).toMatchObject({ kind: 'go' })
      await core.store.commit({
        kind: 'housekeeping',
        writes: [
          {
            query: core.store.read
              .updateTable('workstation')
              .set({ zone_id: 'night' })
              .where('id', '=', here)
              .compile(),
          },
        ],
      })
      expect(await start(here)).toMatchObject({ kind: 'wait', why: 'window' })
    })
    it('that began and is silent counts as failed, holds nobody up, and may still come back', async () => {
      await begun()
      const [dark, other, third] = [await member(0), await member(0), await member(0)]
      await start(dark)
      await start(other)
      expect(await start(third)).toMatchObject({ kind: 'wait', why: 'pace' })
      await end(other, 'healthy')
      core.pass(2 * hour - 1)
      await runRollouts(needs())
      expect(await rollout()).toMatchObject({ state: 'running' })
      core.pass(1)
      expect(await start(third)).toMatchObject({ kind: 'go' })
      await runRollouts(needs())
      expect(await rollout()).toMatchObject({ state: 'paused' })
      expect(await end(dark, 'healthy')).toEqual({ kind: 'noted' })
      expect(await core.counts()).toMatchObject({ 'UPD-104': 1, 'UPD-010': 2 })
    })
    it('that begins again and again is silent since the first time', async () => {
      await begun()
      const [loops, other, third] = [await member(0), await member(0), await member(0)]
      await start(loops)
      await start(other)
      await end(other, 'healthy')
      for (let at = 0; at < 4; at += 1) {
        core.pass(hour / 2)
        expect(await start(loops)).toMatchObject({ kind: 'go' })
      }
      await start(third)
      await runRollouts(needs())
      expect(await rollout()).toMatchObject({ state: 'paused' })
    })
    it('that does not begin after all waits again, and leaves its place to others', async () => {
      await begun()
      const [here, other, third] = [await member(0), await member(0), await member(0)]
      const key = randomUUID()
      await start(here, { key })
      await start(other)
      expect(await start(third)).toMatchObject({ kind: 'wait', why: 'pace' })
      expect(await takeBack(here, key, { waits: 'card-in-reader' })).toEqual({ kind: 'noted' })
      expect(await start(third)).toMatchObject({ kind: 'go' })
      const [shown] = (await showUpdates(core.needs)).rollouts
      const waiting = { 'card-in-reader': 1 }
      expect(shown?.rings[0]).toMatchObject({ began: 2, failed: 0, waiting })
      await end(other, 'healthy')
      await end(third, 'healthy')
      core.pass(2 * hour)
      await runRollouts(needs())
      expect(await rollout()).toMatchObject({ state: 'running' })
      expect(await start(here, { key: randomUUID() })).toMatchObject({ kind: 'go' })
      const facts = (await core.record()).filter(({ code }) => code === 'UPD-012')
      const fields = { number: 1, ring: 0, running: '1.1.0', why: 'card-in-reader' }
      expect(facts).toMatchObject([{ workstation: here, fields }])
    })
    it('takes each beginning back once, and none but its own', async () => {
      await begun()
      const [here, other] = [await member(0), await member(0)]
      const [first, second] = [randomUUID(), randomUUID()]
      const states = async () =>
        (
          await core.store.read
            .selectFrom('rollout_member')
            .select(['workstation_id', 'state'])
            .execute()
        ).map(({ workstation_id: id, state }) => `${id === here ? 'here' : 'other'} ${state}`)
      expect(await takeBack(here, first)).toEqual({ kind: 'noted' })
      await start(here, { key: first })
      await start(other)
      expect(await takeBack(here, second)).toEqual({ kind: 'noted' })
      expect(await takeBack(here, first, { number: 2 })).toEqual({ kind: 'noted' })
      expect(await takeBack(other, first)).toEqual({ kind: 'noted' })
      expect((await states()).sort()).toEqual(['here began', 'other began'])
      const both = [takeBack(here, first), takeBack(here, first)]
      expect(await Promise.all(both)).toEqual([{ kind: 'noted' }, { kind: 'noted' }])
      expect(await states()).toEqual(['other began'])
      // The word of before comes once more, late: the next beginning is under way.
      await start(here, { key: second })
      await takeBack(here, first)
      expect((await states()).sort()).toEqual(['here began', 'other began'])
      await end(here, 'healthy')
      await takeBack(here, second)
      expect((await states()).sort()).toEqual(['here healthy', 'other began'])
      expect(await core.counts()).toMatchObject({ 'UPD-012': 1, 'UPD-010': 1, 'UPD-105': 7 })
    })
    it('that was silent for long and did not begin may say so still', async () => {
      await begun()
      const [here, other] = [await member(0), await member(0)]
      const key = randomUUID()
      await start(here, { key })
      core.pass(2 * hour)
      await runRollouts(needs())
      expect(await rollout()).toMatchObject({ state: 'paused' })
      await takeBack(here, key)
      expect(await core.store.read.selectFrom('rollout_member').selectAll().execute()).toEqual([])
      // Somebody has to look at it nevertheless.
      expect(await start(other)).toMatchObject({ why: 'paused' })
    })
    it('that was well, and has the release no more, is under way once it begins anew', async () => {
      await begun()
      const here = await member(0)
      await start(here)
      await end(here, 'healthy')
      core.pass(hour)
      expect(await start(here)).toMatchObject({ kind: 'go' })
      const rows = await core.store.read.selectFrom('rollout_member').selectAll().execute()
      expect(rows).toMatchObject([{ state: 'began', at_ms: core.nowMs() }])
      await end(here, 'returned')
      expect(await core.counts()).toMatchObject({ 'UPD-009': 2, 'UPD-103': 1 })
    })
    it('is offered nothing that it has, that is too far, or not for its kind', async () => {
      await begun()
      const here = await member(0)
      expect(await ask(here, { running: '1.2.0' })).toMatchObject({ why: 'up-to-date' })
      expect(await ask(here, { running: '1.3.0' })).toMatchObject({ why: 'up-to-date' })
      expect(await ask(here, { running: '0.9.0' })).toMatchObject({ why: 'too-far' })
      expect(await ask(here, { target: 'win32-x64' })).toMatchObject({ why: 'not-for-this' })
      expect(await start(here, { number: 2 })).toMatchObject({ kind: 'wait' })
    })
    it('says once how it ended, and why it waits', async () => {
      await begun()
      const here = await member(0)
      expect(await end(here, 'healthy')).toEqual({ kind: 'noted' })
      await ask(here, { waits: 'card-in-reader' })
      const waits = await core.store.read.selectFrom('update_wait').selectAll().execute()
      expect(waits).toMatchObject([{ workstation_id: here, why: 'card-in-reader' }])
      await start(here)
      await end(here, 'failed')
      await end(here, 'healthy')
      const states = await core.store.read.selectFrom('rollout_member').select('state').execute()
      expect(states).toEqual([{ state: 'failed' }])
      expect(await core.counts()).toMatchObject({ 'UPD-102': 1, 'UPD-105': 2 })
    })
  })
})
