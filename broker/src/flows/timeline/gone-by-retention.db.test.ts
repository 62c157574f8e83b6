// A time line over a time of which retention took a class, on each engine: it says what went, and
// takes none of it for a difference.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { RetentionHouse } from '../../../../test/kit/retention-house.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { askTimeline } from './ask-timeline.ts'
import { readPlaces } from './places.ts'

const hourMs = 3_600_000

describe.each(engines)('a time line of what is gone on $engine', ({ open, isHere }) => {
  let house: RetentionHouse
  let ward: WorkstationId
  let fromMs: number

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    house = await RetentionHouse.open({ open })
    const { core } = house
    await core.addZone('4-west')
    ward = await core.addWorkstation('4-west')
    fromMs = core.nowMs()
    const session = await core.signIn(ward, await core.addPerson())
    core.pass(hourMs)
    await core.leave(ward, session)
    await house.live(300)
  })
  afterEach(async () => {
    if (!isHere) return
    await house.core.close()
  })

  const ask = async (from = fromMs) => {
    const { db, nowMs } = house.core.needs
    const subject = { column: 'workstation_id', ids: [ward] } as const
    const times = { fromMs: from, toMs: from + 2 * hourMs }
    const places = await readPlaces(db)
    return askTimeline({ subject, ...times }, { db, nowMs, places, sealed: 0 })
  }
  const kinds = ({ differences }: Awaited<ReturnType<typeof ask>>) =>
    differences.map(({ kind }) => kind)

  it('calls an hour without signs a difference while they would be there', async () => {
    const drawn = await ask()
    expect(kinds(drawn)).toContain('session-without-presence')
    expect(drawn).not.toHaveProperty('gone')
  })
  it('says what went and calls nothing of it a difference, and the session is there', async () => {
    await house.agree()
    await house.run(4)
    const drawn = await ask()
    expect(kinds(drawn)).toEqual([])
    expect(drawn.spans.some(({ lane, kind }) => lane === 'session' && kind === 'open')).toBe(true)
    const purges = await house.core.store.read
      .selectFrom('retention_purge')
      .select(['number', 'before_ms', 'at_ms'])
      .where('class', '=', 'presence')
      .orderBy('number')
      .execute()
    const [first, last] = [purges[0], purges.at(-1)]
    expect(drawn.gone?.map((one) => one.class)).toEqual(['operational', 'presence'])
    expect(drawn.gone?.find((one) => one.class === 'presence')).toEqual({
      ...{ class: 'presence', beforeMs: last?.before_ms, lastTakenMs: last?.at_ms },
      ...{ firstList: first?.number, lastList: last?.number },
    })
  })
  it('says nothing of a time of which nothing went', async () => {
    await house.agree()
    await house.run(4)
    expect(await ask(house.core.nowMs() - hourMs)).not.toHaveProperty('gone')
  })
})
