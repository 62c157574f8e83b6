// Very many facts straight into a store's table, in the record's own form: nobody waits months for
// a benchmark. Indexes are made once all are there, as they are in the schema.

import Database from 'better-sqlite3'
import pg from 'pg'
import { encodeFact } from '@wardkey/broker/audit/fact'
import type { Fact } from '@wardkey/broker/audit/fact'
import type { DatabasePlace } from '@wardkey/broker/store/open-for-reading'

export interface Rounds {
  readonly facts: number
  /** The next facts, in the order of their times; it never ends. */
  readonly next: () => readonly Fact[]
}

const sqliteAtOnce = 100_000
const postgresAtOnce = 10_000

/** From the place in the record that comes next. */
export async function writeFacts(place: DatabasePlace, rounds: Rounds): Promise<void> {
  if (place.kind === 'sqlite') toSqlite(place.path, rounds)
  else await toPostgres(place.url, rounds)
}

function toSqlite(path: string, rounds: Rounds): void {
  const db = new Database(path)
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -524288')
  const indexes = db
    .prepare<[], { name: string; sql: string }>(
      "select name, sql from sqlite_master where type = 'index' and tbl_name = 'fact' and sql > ''",
    )
    .all()
  for (const { name } of indexes) db.exec(`drop index ${name}`)
  const insert = db.prepare(`insert into fact
    (idx, id, at_ms, code, person_id, workstation_id, session_id, body)
    values (?, ?, ?, ?, ?, ?, ?, ?)`)
  const last = db.prepare<[], { idx: number | null }>('select max(idx) as idx from fact').get()
  let index = (last?.idx ?? -1) + 1
  for (const some of batches(rounds, sqliteAtOnce)) {
    db.exec('begin')
    for (const fact of some) {
      const { id, atMs, code, personId, workstationId, sessionId, body } = encodeFact(fact)
      insert.run(index, id, atMs, code, personId, workstationId, sessionId, body)
      index += 1
    }
    db.exec('commit')
  }
  for (const { sql } of indexes) db.exec(sql)
  db.pragma('wal_checkpoint(truncate)')
  db.close()
}

async function toPostgres(url: string, rounds: Rounds): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('set synchronous_commit = off')
  await client.query("set maintenance_work_mem = '512MB'")
  const { rows: indexes } = await client.query<{ name: string; sql: string }>(
    `select indexname as name, indexdef as sql from pg_indexes
     where tablename = 'fact' and indexname not in (select conname from pg_constraint)`,
  )
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  const last = await client.query<{ idx: string | null }>('select max(idx) as idx from fact')
  let index = Number(last.rows[0]?.idx ?? -1) + 1
  for (const some of batches(rounds, postgresAtOnce)) {
    const all = some.map(encodeFact)
    await client.query(
      `insert into fact (idx, id, at_ms, code, person_id, workstation_id, session_id, body)
       select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[],
         $6::text[], $7::text[], $8::bytea[])`,
      [
        all.map((_one, at) => index + at),
        ...[all.map(({ id }) => id), all.map(({ atMs }) => atMs), all.map(({ code }) => code)],
        ...[all.map(({ personId }) => personId), all.map(({ workstationId }) => workstationId)],
        ...[all.map(({ sessionId }) => sessionId), all.map(({ body }) => body)],
      ],
    )
    index += all.length
  }
  for (const { sql } of indexes) await client.query(sql)
  // As it does by itself, a minute later.
  await client.query('analyze')
  await client.end()
}

function* batches({ facts, next }: Rounds, atOnce: number): Generator<readonly Fact[]> {
  let some: Fact[] = []
  let made = 0
  while (made < facts) {
    const more = next().slice(0, facts - made)
    made += more.length
    some.push(...more)
    if (some.length < atOnce && made < facts) continue
    yield some
    some = []
  }
}
