// PostgreSQL that ends in the middle of questions and of a commit, as after a power cut: whoever asked
// hears that it failed, this process lives on, and works when the database is back.

import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgresStore } from '@wardkey/broker/store/postgres-store'
import type { Store } from '@wardkey/broker/store/store'
import { PostgresServer } from '../kit/processes/postgres-server.ts'
import { until } from '../kit/processes/program.ts'
import { Undo } from '../kit/processes/undo.ts'

describe.runIf(process.env['WARDKEY_HAS_POSTGRES'] === '1')('a database that dies', () => {
  let server: PostgresServer
  let store: Store
  const undo = new Undo()
  beforeAll(async () => {
    server = undo.add(await PostgresServer.make(), (one) => one.dispose())
    const onFatal = (cause: Error): void => {
      throw cause
    }
    store = undo.add(await openPostgresStore({ url: server.url, onFatal }), (one) => one.close())
  }, 120_000)
  afterAll(() => undo.run(), 60_000)

  const answers = (): Promise<boolean> =>
    store.read
      .selectFrom('fact')
      .select('idx')
      .limit(1)
      .execute()
      .then(
        () => true,
        () => false,
      )

  it('fails what was asked, and nothing else, three times', async () => {
    for (let round = 0; round < 3; round++) {
      const asked = Array.from({ length: 6 }, () => sql`select pg_sleep(8)`.execute(store.read))
      const slow = sql`select pg_sleep(8)`.compile(store.read)
      const written = store.commit({ kind: 'housekeeping', writes: [{ query: slow }] })
      const all = Promise.allSettled([...asked, written])
      await sleep(300)
      await server.crash()
      const outcomes = (await all).map(({ status }) => status)
      expect(new Set(outcomes)).toEqual(new Set(['rejected']))
      expect(await answers()).toBe(false)
      await server.start()
      await until(answers, 'an answer again')
    }
  }, 60_000)
})
