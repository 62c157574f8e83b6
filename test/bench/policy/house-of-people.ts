// A store with so many people, each with a badge, hours and training, and a way to decide about one
// of them drawn at random. What is measured reads and decides; nothing is written.

import { randomUUID } from 'node:crypto'
import { findWorkstation } from '@wardkey/broker/flows/find-workstation'
import { makeHouse } from '@wardkey/broker/flows/house-book'
import { decideFor } from '@wardkey/broker/flows/tap-question'
import { findCardHolder } from '@wardkey/broker/identity/find-card-holder'
import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import type { Store, Write } from '@wardkey/broker/store/store'
import { sqliteTestStore } from '../../kit/stores.ts'

export interface HouseOfPeople {
  readonly decide: () => Promise<void>
  readonly close: () => Promise<void>
}

const nowMs = 1_800_000_000_000
const day = 86_400_000
const rowsAtOnce = 500
const roles = ['nurse', 'physician', 'pharmacist', 'registration', 'it']
const place = '018f3c1e-0000-7000-8000-00000000000a'

export async function openHouse(people: number): Promise<HouseOfPeople> {
  const opened = await sqliteTestStore()
  const { store } = opened
  await found(store)
  for (let from = 0; from < people; from += rowsAtOnce) {
    await write(store, peopleFrom(store, from, Math.min(people, from + rowsAtOnce)))
  }
  const calendar = { timeZone: 'Europe/Berlin', holidays: new Set<string>() }
  const house = makeHouse({ db: store.read, calendar, log: { error: () => undefined } })
  let drawn = 1
  return {
    decide: async () => {
      // Spread over all of them, the same in each run.
      drawn = (drawn * 48_271) % 2_147_483_647
      const workstation = await findWorkstation(store.read, place)
      const holder = await findCardHolder(store.read, lookupOf(drawn % people))
      if (!workstation || !holder) throw new Error('the bench asks for nobody')
      const rules = await house(workstation.policies)
      const at = nowMs + (drawn % 100) * 60_000
      const { decision } = decideFor({ workstation, holder }, true, at, rules)
      if (decision.kind === 'ask-pin') throw new Error('a proved PIN was asked for')
    },
    close: async () => {
      await store.close()
      await opened.remove()
    },
  }
}

async function found(store: Store): Promise<void> {
  const asks = { asksShift: 'note', asksTraining: ['bls'] } as const
  const settings = zoneSettings.parse({ roles: roles.slice(0, 3), ...asks })
  const zone = { id: 'ward', kind: 'nurse-station', label: 'Ward', version: 1 }
  const certificate = { cert_sha256: 'a'.repeat(64), cert_not_after_ms: nowMs + day }
  await write(store, [
    store.read.insertInto('zone').values({ ...zone, settings: JSON.stringify(settings) }),
    store.read.insertInto('workstation').values({
      ...{ id: place, place: 'Here', zone_id: 'ward', status: 'active', ...certificate },
      ...{ trusted_since_ms: 0, failures: 0, locked_until_ms: 0, enrolled_ms: nowMs, version: 1 },
    }),
  ])
}

function peopleFrom(store: Store, from: number, until: number) {
  const numbers = Array.from({ length: until - from }, (_none, at) => from + at)
  const ids = numbers.map(() => randomUUID())
  return [
    store.read.insertInto('person').values(
      numbers.map((number, at) => ({
        ...{ id: ids[at] ?? '', name_sealed: Buffer.alloc(60, 1), status: 'active' as const },
        ...{ roles: JSON.stringify([roles[number % roles.length]]), created_ms: nowMs },
        ...{ access: JSON.stringify(accessOf(number)), version: 1 },
      })),
    ),
    store.read.insertInto('badge').values(
      numbers.map((number, at) => ({
        ...{ id: randomUUID(), person_id: ids[at] ?? '', lookup: lookupOf(number) },
        ...{ sealed: Buffer.alloc(60, 1), technology: 'csn', assurance: 1 },
        ...{ status: 'active' as const, from_ms: nowMs, version: 1 },
      })),
    ),
  ]
}

/** Of a few kinds, as in a hospital: many people have the same hours. */
function accessOf(number: number): object {
  const isNight = number % 3 === 0
  const [begin, end] = isNight ? ['19:00', '07:00'] : ['07:00', '19:00']
  return {
    hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: begin, until: end, kind: 'shift' }],
    training: { bls: nowMs + ((number % 400) - 20) * day },
  }
}

function lookupOf(number: number): string {
  return number.toString(16).padStart(64, '0')
}

async function write(
  store: Store,
  queries: readonly { compile(): Write['query'] }[],
): Promise<void> {
  const writes = queries.map((query) => ({ query: query.compile() }))
  const { kind } = await store.commit({ kind: 'housekeeping', writes })
  if (kind !== 'committed') throw new Error('the bench’s people are not taken')
}
