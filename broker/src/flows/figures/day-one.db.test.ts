// Who had the rights she needed on her first day, on both stores: the same as is counted when all
// that each person did is read, also where there is more than is looked at.

import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fact } from '@wardkey/broker/audit/fact'
import type { Schema } from '@wardkey/broker/store/schema'
import { engines } from '../../../../test/kit/stores.ts'
import type { TestStore } from '../../../../test/kit/stores.ts'
import { drawn, writeFacts } from '../../../../test/kit/written-facts.ts'
import { toldFact } from '../timeline/told-fact.ts'
import { dayOne } from './day-one.ts'

const hour = 3_600_000
const day = 24 * hour
const beganMs = 1_800_000_000_000
const factsMax = 500

describe.each(engines)('the first day of who was added, on $engine', ({ open, isHere }) => {
  let opened: TestStore
  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    opened = await open()
  })
  afterEach(async () => {
    if (!isHere) return
    await opened.store.close()
    await opened.remove()
  })

  const write = (facts: readonly Fact[]) =>
    writeFacts(
      opened.store,
      [...facts].sort((a, b) => a.atMs - b.atMs),
    )
  const both = async () => {
    const db = opened.store.read
    const added = await db.selectFrom('fact').selectAll().where('code', '=', 'PER-001').execute()
    const told = added.map(toldFact)
    const slowly = await readingAll(db, told)
    expect(await dayOne(db, told)).toEqual(slowly)
    return slowly
  }

  it('is right or not by what was refused within a day of the first tap', async () => {
    const [never, late, fine, wrongPin, refused, afterwards] = [
      randomUUID(),
      randomUUID(),
      randomUUID(),
      randomUUID(),
      randomUUID(),
      randomUUID(),
    ]
    await write([
      ...[never, late, fine, wrongPin, refused, afterwards].map((person) => added(person, 0)),
      ...[tap(late, 7 * day + 1), refusal(late, 7 * day + 1)],
      ...[tap(fine, 7 * day), tap(fine, 7 * day + hour)],
      ...[tap(wrongPin, hour), refusal(wrongPin, 2 * hour, 'badge-unknown')],
      ...[tap(refused, hour), refusal(refused, 25 * hour - 1, 'zone-not-hers')],
      ...[tap(afterwards, hour), refusal(afterwards, 25 * hour, 'zone-not-hers')],
    ])
    expect(await both()).toEqual({ people: 4, right: 3 })
  })

  it('is of the first tap, and that may be the one that was refused', async () => {
    const [anna, before] = [randomUUID(), randomUUID()]
    await write([
      ...[refusal(before, -hour), added(anna, 0), added(before, 0)],
      ...[refusal(anna, hour), tap(anna, 2 * hour), tap(before, hour)],
    ])
    expect(await both()).toEqual({ people: 2, right: 1 })
  })

  it('looks at her first facts alone, where she has very many', async () => {
    const [within, beyond, silent] = [randomUUID(), randomUUID(), randomUUID()]
    await write([
      ...[added(within, 0), tap(within, hour), ...signs(within, factsMax - 3, 2 * hour)],
      ...[added(beyond, 0), tap(beyond, hour), ...signs(beyond, factsMax - 2, 2 * hour)],
      ...[added(silent, 0), ...signs(silent, factsMax - 1, 0), tap(silent, 2 * hour)],
      ...[refusal(within, 3 * hour), refusal(beyond, 3 * hour)],
    ])
    expect(await both()).toEqual({ people: 2, right: 1 })
  })

  it('is the same for a house of people who did this and that', async () => {
    const draw = drawn(7)
    const house = Array.from({ length: 45 }, () => randomUUID())
    const facts = house.flatMap((person) => {
      const startMs = draw(30) * hour
      const many = draw(4) === 0 ? factsMax + draw(200) : draw(40)
      return [
        added(person, startMs),
        // In steps, so that several are of the same moment.
        ...Array.from({ length: many }, () => {
          const atMs = startMs + draw(9 * 24) * hour - hour
          const kind = draw(12)
          if (kind === 0) return refusal(person, atMs, draw(2) ? 'not-permitted' : 'pin-wrong')
          return kind < 4 ? tap(person, atMs) : sign(person, atMs)
        }),
      ]
    })
    await write(facts)
    const { people: counted, right } = await both()
    expect(counted).toBeGreaterThan(20)
    expect(right).toBeLessThan(counted)
  })
})

/** Each person's facts of eight days, and then a look at them. */
async function readingAll(db: Kysely<Schema>, all: readonly ReturnType<typeof toldFact>[]) {
  const rights = ['role-not-in-zone', 'zone-not-hers', 'training-lapsed', 'not-permitted']
  let [people, right] = [0, 0]
  for (const { person, atMs } of all) {
    const rows = await db
      .selectFrom('fact')
      .selectAll()
      .where('person_id', '=', person ?? '')
      .where('at_ms', '>=', atMs)
      .where('at_ms', '<', atMs + 8 * day)
      .orderBy('at_ms')
      .orderBy('idx')
      .limit(factsMax)
      .execute()
    const taps = rows.filter((row) => row.code.startsWith('TAP-')).map(toldFact)
    const [first] = taps
    if (!first || first.atMs - atMs > 7 * day) continue
    people += 1
    const refused = taps
      .filter((one) => one.code === 'TAP-101' && one.atMs - first.atMs < day)
      .some(({ fields }) => rights.includes(String(fields['code'])))
    if (!refused) right += 1
  }
  return { people, right }
}

const fact = (code: Fact['code'], person: string, atMs: number, more: Partial<Fact> = {}) => ({
  ...{ id: randomUUID(), code, person, atMs: beganMs + atMs },
  ...more,
})
const added = (person: string, atMs: number) => fact('PER-001', person, atMs)
const tap = (person: string, atMs: number) => fact('TAP-001', person, atMs)
const sign = (person: string, atMs: number) => fact('PRE-001', person, atMs)
const signs = (person: string, count: number, atMs: number) =>
  Array.from({ length: count }, () => sign(person, atMs))
const refusal = (person: string, atMs: number, code = 'role-not-in-zone') =>
  fact('TAP-101', person, atMs, { fields: { code } })
