// Each check of the evidence that asks the tables, on both stores: not broken by a house in order,
// and broken by the rows that it is about, and by no others.

import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { allChecks } from '../../audit/evidence/rules/all-rules.ts'
import { lookAtTables } from './look-at-tables.ts'

const hour = 3_600_000
const day = 24 * hour

interface House {
  readonly core: BrokerCore
  /** She has a session. */
  readonly rosa: KitPerson
  readonly dov: KitPerson
}
interface Case {
  readonly id: string
  /** How many it speaks of in the house as it stands, where that is not none. */
  readonly before?: number
  readonly looked: number
  readonly breaks: (house: House) => Promise<void>
  /** What nearly breaks it, or mends it again. */
  readonly mends?: (house: House) => Promise<void>
}

const run = async ({ core }: House, text: string): Promise<void> => {
  const query = sql.raw(text).compile(core.store.read)
  await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
}
const id = (digit: number): string => `00000000-0000-4000-8000-${String(digit).padStart(12, '0')}`
const statusOf =
  (status: string) =>
  async (house: House): Promise<void> =>
    run(house, `update person set status = '${status}' where id = '${house.rosa.personId}'`)
const failures = (count: number) => async (house: House) =>
  run(
    house,
    `update pin set failures = ${String(count)} where person_id = '${house.rosa.personId}'`,
  )
const assurance = (level: number) => (house: House) =>
  run(house, `update badge set assurance = ${String(level)} where id = '${house.rosa.badgeId}'`)

async function addAlert(house: House, ageMs: number): Promise<void> {
  const ms = house.core.nowMs() - ageMs
  const times = `${String(ms)}, ${String(ms)}, ${String(ms)}`
  await run(
    house,
    `insert into alert (id, rule, subject, people, state, count, first_ms, last_ms, raised_ms,
     facts, version) values ('${id(1)}', 'badge-sharing', 's', '[]', 'open', 1, ${times}, '[]', 1)`,
  )
}
async function addException(house: House, overMs: number): Promise<void> {
  const { core, rosa, dov } = house
  await run(
    house,
    `insert into access_exception (id, person_id, kind, what, reason, owner_id, lasts_ms,
     proposed_ms, proposed_by, outcome, decided_ms, decided_by, until_ms) values ('${id(2)}',
     '${rosa.personId}', 'role', 'r', 'w', '${dov.personId}', 1, 1, 'one', 'approved', 2, 'two',
     ${String(core.nowMs() - overMs)})`,
  )
}
async function addCampaign(house: House, overMs: number): Promise<void> {
  await run(
    house,
    `insert into access_campaign (id, kind, state, high_risk_only, opened_ms, opened_by, due_ms,
     on_silence, version) values ('${id(3)}', 'by-hand', 'open', 0, 1, 'kit',
     ${String(house.core.nowMs() - overMs)}, 'tell', 1)`,
  )
}

const openedEarlier = (house: House, byMs: number): Promise<void> =>
  run(
    house,
    `update session set opened_ms = opened_ms - (${String(byMs)})
     where person_id = '${house.rosa.personId}'`,
  )

const cases: readonly Case[] = [
  {
    ...{ id: 'nobody-gone-has-a-session', before: 1, looked: 1 },
    ...{ breaks: statusOf('suspended'), mends: statusOf('active') },
  },
  {
    ...{ id: 'nobody-who-left-has-a-badge', looked: 1, breaks: statusOf('terminated') },
    mends: (house) => run(house, `update badge set status = 'replaced'`),
  },
  {
    ...{ id: 'alerts-not-forgotten', looked: 1, breaks: (house) => addAlert(house, 31 * day) },
    mends: (house) => run(house, `update alert set state = 'closed'`),
  },
  {
    ...{ id: 'exceptions-end', looked: 1, breaks: (house) => addException(house, hour + 1) },
    mends: ({ core, ...house }) =>
      run(
        { core, ...house },
        `update access_exception set until_ms = ${String(core.nowMs() - hour)}`,
      ),
  },
  {
    ...{ id: 'access-reviews-not-overdue', looked: 1, breaks: (house) => addCampaign(house, 1) },
    mends: (house) => run(house, `update access_campaign set state = 'closed'`),
  },
  {
    ...{ id: 'emergency-reviews-not-overdue', before: 1, looked: 1 },
    breaks: ({ core }) => {
      core.pass(73 * hour)
      return Promise.resolve()
    },
    mends: (house) => run(house, 'update emergency_grant set reviewed_ms = 1'),
  },
  {
    ...{ id: 'workstations-have-a-zone', before: 2, looked: 2 },
    breaks: (house) =>
      run(
        house,
        `update workstation set zone_id = 'nowhere' where id = (select min(id) from workstation)`,
      ),
    mends: (house) => run(house, `update workstation set zone_id = 'ward'`),
  },
  {
    ...{ id: 'workstations-inventoried', before: 2, looked: 2 },
    breaks: (house) =>
      run(
        house,
        `delete from workstation_inventory where workstation_id = (select min(id) from workstation)`,
      ),
    mends: (house) =>
      run(
        house,
        `update workstation set status = 'retired' where id = (select min(id) from workstation)`,
      ),
  },
  {
    ...{ id: 'pins-hashed', before: 2, looked: 2 },
    breaks: (house) =>
      run(house, `update pin set hash = 'plain' where person_id = '${house.rosa.personId}'`),
  },
  {
    ...{ id: 'badges-have-one-owner', before: 2, looked: 2 },
    breaks: async (house) => {
      await run(house, 'drop index badge_one_owner')
      await run(house, `update badge set lookup = 'the same'`)
    },
    mends: (house) =>
      run(house, `update badge set status = 'lost' where id = '${house.rosa.badgeId}'`),
  },
  {
    ...{ id: 'no-session-past-its-end', before: 2, looked: 2 },
    breaks: (house) => openedEarlier(house, 13 * hour + 1),
    mends: (house) => openedEarlier(house, -1),
  },
  {
    ...{ id: 'names-sealed', before: 2, looked: 2 },
    breaks: (house) =>
      run(house, `delete from person_key where person_id = '${house.rosa.personId}'`),
  },
  {
    ...{ id: 'badges-resist-replay', before: 2, looked: 2 },
    ...{ breaks: assurance(2), mends: assurance(3) },
  },
  {
    ...{ id: 'pin-failures-bounded', before: 2, looked: 2 },
    ...{ breaks: failures(100), mends: failures(99) },
  },
]

describe.each(engines)('checks of the tables, on $engine', ({ open, isHere }) => {
  let house: House

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    const core = await openCore({ open })
    await core.addZone('ward', { witnessRoles: ['nurse'] })
    const [one, two] = [await core.addWorkstation('ward'), await core.addWorkstation('ward')]
    const rosa = await core.addPerson()
    const dov = await core.addPerson({ given: 'Dov' })
    house = { core, rosa, dov }
    await core.signIn(one, rosa)
    const tap = core.newTapId()
    const asked = await core.breakGlass(two, dov, { id: tap })
    if (asked.kind === 'ask-pin') await core.pin(two, tap, dov.pin)
    else await core.vouch(two, tap, rosa)
    await run(house, 'update badge set assurance = 3')
    await run(
      house,
      `insert into workstation_inventory (workstation_id, body, at_ms)
       select id, '{}', 1 from workstation`,
    )
  })
  afterEach(async () => {
    if (isHere) await house.core.close()
  })

  const look = async (check: string) => {
    const settings = {
      ...{ pinDigitsMin: 8, sessionMaxMs: 12 * hour, hasTls: true },
      ...{ witnesses: 1, complianceChannels: 1 },
    }
    const { store } = house.core
    return new Map(await lookAtTables(store.read, settings, house.core.nowMs())).get(check)
  }

  it.each(cases)('$id is broken by the rows that it is about', async (one) => {
    expect(await look(one.id)).toMatchObject({ looked: one.before ?? 0, breaking: 0 })
    await one.breaks(house)
    expect(await look(one.id)).toMatchObject({ looked: one.looked, breaking: 1 })
    if (!one.mends) return
    await one.mends(house)
    expect(await look(one.id)).toMatchObject({ breaking: 0 })
  })
})

it('every check of the tables has its case', () => {
  const tables = allChecks.filter(({ kind }) => kind === 'tables').map((check) => check.id)
  expect(cases.map((one) => one.id).sort()).toEqual(tables.sort())
})
