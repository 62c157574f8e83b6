// For whom somebody spoke is looked for among everybody's facts, and not without end: where it ends
// too early, that is said. On both stores.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { newFact } from '../flow-needs.ts'
import { readOwnTaps } from '../own-taps/read-own-taps.ts'
import { askTimeline } from './ask-timeline.ts'
import { readPlaces } from './places.ts'

const minute = 60_000
/** As many as are read at once. */
const page = 500

describe.each(engines)('a time line on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let rosa: KitPerson
  let ben: KitPerson
  let beganMs: number

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    rosa = await core.addPerson()
    ben = await core.addPerson({ given: 'Ben' })
    core.pass(minute)
    beganMs = core.nowMs()
  })
  afterEach(async () => {
    if (isHere) await core.close()
  })

  const spoke = async (witness: KitPerson, times: number): Promise<void> => {
    const one = () =>
      newFact(core.needs, 'BTG-004', {
        ...{ person: ben.personId, workstation: here },
        fields: { witness: witness.personId },
      })
    const [first, ...rest] = Array.from({ length: times }, one)
    if (!first) throw new Error('none')
    await core.needs.perform(() =>
      Promise.resolve({ answer: true, facts: [first, ...rest], writes: [], notices: [] }),
    )
    core.pass(minute)
  }
  const needs = async (spokenMax: number) => ({
    ...core.needs,
    ...{ places: await readPlaces(core.needs.db), sealed: 0, spokenMax },
  })
  const look = async (of: KitPerson, toMs: number, spokenMax = page) => {
    const subject = { column: 'person_id', ids: [of.personId] } as const
    return askTimeline({ subject, fromMs: beganMs, toMs }, await needs(spokenMax))
  }

  it('says up to when it was looked, where there is more, and that it is cut', async () => {
    await spoke(ben, page)
    await spoke(rosa, 1)
    const toMs = core.nowMs()
    const line = await look(rosa, toMs)
    const untilMs = beganMs + minute
    expect(line).toMatchObject({ isCut: true, spokenUntilMs: untilMs, facts: [] })
    const own = await readOwnTaps(rosa.personId, { fromMs: beganMs, toMs }, await needs(page))
    expect(own).toMatchObject({ isCut: true, spokenUntilMs: untilMs })
    // From later on it is all there.
    const subject = { column: 'person_id', ids: [rosa.personId] } as const
    const later = { subject, fromMs: beganMs + 1, toMs }
    expect(await askTimeline(later, await needs(page))).toMatchObject({
      ...{ isCut: false, facts: [{ code: 'BTG-004', personId: ben.personId }] },
    })
  })
  it('is whole itself where only what was told after it is not looked through', async () => {
    await spoke(rosa, page)
    const toMs = core.nowMs()
    await spoke(ben, 1)
    const line = await look(rosa, toMs)
    expect(line.facts).toHaveLength(page)
    expect(line).toMatchObject({ isCut: false, spokenUntilMs: toMs })
  })
  it.each([1, page - 1, page])('says nothing where all %i were read', async (times) => {
    await spoke(rosa, times)
    const line = await look(rosa, core.nowMs())
    expect(line.facts).toHaveLength(times)
    expect(line.isCut).toBe(false)
    expect(line).not.toHaveProperty('spokenUntilMs')
  })
  it('is never cut by it where it is a workstation’s', async () => {
    await spoke(ben, page + 1)
    const subject = { column: 'workstation_id', ids: [here] } as const
    const line = await askTimeline(
      { subject, fromMs: beganMs, toMs: core.nowMs() },
      await needs(page),
    )
    expect(line).not.toHaveProperty('spokenUntilMs')
  })
})
