// The facts of a time line on both stores, in pages and by places: the same, in the same order and
// saying the same, as when all of them are read at once as bytes.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fact } from '@wardkey/broker/audit/fact'
import { engines } from '../../../../test/kit/stores.ts'
import type { TestStore } from '../../../../test/kit/stores.ts'
import { drawn, writeFacts } from '../../../../test/kit/written-facts.ts'
import { readBack } from './read-told.ts'
import type { FactsRead } from './read-told.ts'
import { toldFact } from './told-fact.ts'

const beganMs = 1_800_000_000_000
const minute = 60_000
const day = 1440 * minute
const codes: readonly Fact['code'][] = ['TAP-001', 'SES-003', 'PRE-001', 'PRE-002', 'ADM-001']

describe.each(engines)('facts of a time line on $engine', ({ open, isHere }) => {
  const [here, there, elsewhere] = [randomUUID(), randomUUID(), randomUUID()]
  const people = [randomUUID(), randomUUID(), randomUUID()]
  let opened: TestStore
  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    opened = await open()
    await write(busyDays())
  })
  afterEach(async () => {
    if (!isHere) return
    await opened.store.close()
    await opened.remove()
  })

  const write = (facts: readonly Fact[]) => writeFacts(opened.store, facts)
  /** Two days: hardly anything, and then an hour in which many are of the same moment. */
  const busyDays = (): readonly Fact[] => {
    const draw = drawn(5)
    const at = [here, there, elsewhere]
    return Array.from({ length: 4000 }, (_none, many) => {
      const atMs = beganMs + (many < 200 ? draw(2 * 1440) : 1440 + draw(60)) * minute
      const lockedMs = atMs - draw(5) * 1000
      return {
        ...{ id: randomUUID(), code: codes[draw(codes.length)] ?? 'ADM-001', atMs },
        ...{ workstation: at[draw(3)] ?? here, person: people[draw(3)] ?? '' },
        ...(draw(4) ? { fields: { lockedMs, says: `Ünal “${String(many)}” 🙂` } } : {}),
        ...(draw(2) ? { zone: '4-west', rule: 'badge-and-pin' } : {}),
      }
    })
  }
  const times = { fromMs: beganMs, toMs: beganMs + 2 * day }
  const slowly = async (ids: readonly string[], only: readonly string[] = codes) => {
    const rows = await opened.store.read.selectFrom('fact').selectAll().execute()
    return rows
      .filter(({ workstation_id: at, code }) => ids.includes(at ?? '') && only.includes(code))
      .sort((a, b) => b.at_ms - a.at_ms || b.idx - a.idx)
      .map(toldFact)
      .map(saying)
  }
  const read = (ids: readonly string[], most: number, only?: readonly string[]) =>
    readBack(opened.store.read, { column: 'workstation_id', ids }, times, most, only)
  const told = ({ facts }: FactsRead) => facts.map(saying)

  it.each([
    ['one', [here]],
    ['two', [here, there]],
    ['all', [here, there, elsewhere]],
    ['none', []],
  ])('are the same of %s of the workstations', async (_name, ids) => {
    const all = await read(ids, 10_000)
    expect(told(all)).toEqual(await slowly(ids))
    expect(all.isCut).toBe(false)
  })

  it('are the same of some codes alone', async () => {
    const only = ['SES-003', 'PRE-002']
    const all = await read([here, there], 10_000, only)
    expect(told(all)).toEqual(await slowly([here, there], only))
  })

  it('are the newest where there are more than are wanted, and it says so', async () => {
    const some = await read([here, there], 700)
    expect(some.isCut).toBe(true)
    const all = await slowly([here, there])
    expect(told(some)).toEqual(all.slice(0, some.facts.length))
    expect(some.facts.length).toBeGreaterThanOrEqual(700)
  })
})

/** All that it says, also what is looked at only when it is asked for. */
function saying(fact: ReturnType<typeof toldFact>) {
  const { index, code, atMs, recordedMs, person, workstation, session } = fact
  const { zone, rule, badge, fields } = fact
  const about = { person, workstation, session, zone, rule, badge }
  return { index, code, atMs, recordedMs, ...about, fields: { ...fields } }
}
