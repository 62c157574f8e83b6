// What each tap asks of the store is found by an index on SQLite: its cost must not grow with the
// badges that are enrolled, nor with the sessions that have ended.

import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { findCardHolder, findHolder } from '@wardkey/broker/identity/find-card-holder'
import { isCardTaken } from '@wardkey/broker/identity/badges'
import { findWorkstation } from '@wardkey/broker/flows/find-workstation'
import { countFresh } from '@wardkey/broker/flows/alerts/alert-row'
import { countUndecided } from '@wardkey/broker/flows/access-reviews/count-undecided'
import { listKeys } from '@wardkey/broker/flows/keys/list-keys'
import { countReviews } from '@wardkey/broker/sessions/emergency-grant'
import { locksIn } from '@wardkey/broker/flows/speed/read-locks'
import { sessionAt, sessionsOfPerson } from '@wardkey/broker/sessions/living-session'
import { openWorkstations } from '@wardkey/broker/sessions/open-workstations'
import type { Schema } from '@wardkey/broker/store/schema'
import { plannedOnce } from '@wardkey/broker/store/sqlite/kept-statements'
import { personId, workstationId } from '@wardkey/protocol/ids'
import { inventKeyring } from '../kit/invented-keyring.ts'
import { sqlitePlace } from '../kit/stores.ts'

const who = personId.parse('018f3c1e-0000-7000-8000-00000000000b')
const where = workstationId.parse('018f3c1e-0000-7000-8000-00000000000a')
const steps = z.array(z.looseObject({ detail: z.string() }))

describe('what each tap asks', () => {
  let database: Database.Database
  let db: Kysely<Schema>
  let asked: { sql: string; parameters: readonly unknown[] }[] = []
  let end: () => Promise<void>

  beforeAll(async () => {
    const { place, open, remove } = await sqlitePlace()
    const store = await open()
    await store.close()
    if (place.kind !== 'sqlite') throw new Error('it is about SQLite')
    database = new Database(place.path, { readonly: true })
    const dialect = new SqliteDialect({ database })
    db = new Kysely<Schema>({
      dialect,
      log: ({ query }) => {
        asked.push(query)
      },
    })
    end = async () => {
      await db.destroy()
      await remove()
    }
  })
  afterAll(() => end())

  const planOf = async (ask: () => Promise<unknown>): Promise<string> => {
    asked = []
    await ask()
    const plans = asked.map(({ sql, parameters }) =>
      steps.parse(database.prepare(`explain query plan ${plannedOnce(sql)}`).all(...parameters)),
    )
    return plans.flatMap((plan) => plan.map(({ detail }) => detail)).join('\n')
  }

  it.each<[string, () => Promise<unknown>]>([
    ['whose card it is', () => findCardHolder(db, 'a'.repeat(64))],
    ['whether somebody has the card', () => isCardTaken(db, 'a'.repeat(64))],
    ['who a person is', () => findHolder(db, who)],
    ['which workstation it is', () => findWorkstation(db, where)],
    ['who is at a workstation', () => sessionAt(db, where)],
    ['where a person is', () => sessionsOfPerson(db, who)],
    ['which screens are open', () => openWorkstations(db)],
  ])('%s, is found by an index', async (_name, ask) => {
    const plan = await planOf(ask)
    expect(plan).not.toBe('')
    // A partial index of what is alive may be gone through whole: it holds nothing else.
    expect(plan).not.toMatch(/SCAN (badge|session|person|workstation|grace|pin|fact)(?! USING)/)
  })

  it.each<[string, () => Promise<unknown>, string]>([
    ['emergency accesses', () => countReviews(db, 1), 'USING INDEX emergency_grant_review'],
    ['alerts', () => countFresh(db, ['people', 'technical']), 'USING INDEX alert_standing'],
    ['entries', () => countUndecided(db, { reviewer: who }), 'USING INDEX access_item_open'],
  ])('counts the %s that wait by what is open alone', async (_name, ask, index) => {
    const plan = await planOf(ask)
    expect(plan).toContain(index)
    expect(plan).not.toMatch(/SCAN (emergency_grant|alert|access_item|access_campaign)(?! USING)/)
  })

  it('counts locks by an index that holds all of it, and reads no fact for them', async () => {
    const plan = await planOf(() => locksIn({ read: db, engine: 'sqlite' }, 0, 1))
    expect(plan).toContain('SEARCH fact USING COVERING INDEX fact_locked')
    expect(plan).not.toMatch(/SCAN fact|USING INDEX/)
  })

  it('waits for no list of keys that goes through the record', async () => {
    const keyring = inventKeyring(1, () => ({ now: [], ended: [] }))
    const plan = await planOf(() => listKeys({ db, nowMs: () => 1, keyring }))
    expect(plan).toMatch(/SCAN fact USING INDEX fact_key/)
    // Where the record begins: that one ends with its first fact.
    expect(plan.match(/SCAN fact(?! USING)/g)).toHaveLength(1)
  })
})
