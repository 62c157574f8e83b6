// What reading from SQLite does to a question: planned once, and answered as before.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { plannedOnce } from './kept-statements.ts'

describe('a question that is planned once', () => {
  it.each([
    ['select 1 from "a" where "id" = ?', 'select 1 from "a" where "id" = +?'],
    ['select 1 from "a" where "a"."person_id" = ?', 'select 1 from "a" where "a"."person_id" = +?'],
    [`select 1 where "at" = 'b' and "id" = ?`, `select 1 where "at" = 'b' and "id" = +?`],
    ['select 1 where "lookup" = ? and "hash" = ?', 'select 1 where "lookup" = +? and "hash" = +?'],
  ])('has no value looked at: %s', (asked, planned) => {
    expect(plannedOnce(asked)).toBe(planned)
  })

  it.each([
    // The value of a condition may be what a partial index is of.
    'select 1 from "session" where "state" = ?',
    'select 1 from "person_hr" where "is_mapped" = ? limit ?',
    'select 1 from "session" where "person_id" in (?, ?)',
    'select 1 from "a" where "id" > ? and "paid" = ?',
    // A text of the query itself.
    `select '"id" = ?' as "text", 'it''s "id" = ?' from "a"`,
  ])('stays as it is: %s', (asked) => {
    expect(plannedOnce(asked)).toBe(asked)
  })

  it('finds what the other one finds, whatever is asked for, by the same index', () => {
    const db = new Database(':memory:')
    db.exec('create table a ("id" text primary key, "n_id" integer, "b_id" blob, "at" integer)')
    db.exec('create index a_n on a ("n_id"); create index a_b on a ("b_id")')
    const bytes = Buffer.from([0, 1, 255])
    const add = db.prepare('insert into a values (?, ?, ?, ?)')
    for (const id of ['1', '2', '01', 'x', '']) add.run(id, id.length, bytes, 7 - id.length)
    add.run('nothing', null, null, 0)
    for (const column of ['id', 'n_id', 'b_id']) {
      const asked = `select * from a where "${column}" = ? order by "at", "id"`
      expect(plannedOnce(asked)).not.toBe(asked)
      for (const value of ['1', '01', 1, 1n, 1.5, '', 'x', null, bytes, "' or 1=1", 'é']) {
        const [was, is] = [asked, plannedOnce(asked)].map((sql) => ({
          rows: db.prepare(sql).all(value),
          plan: db.prepare(`explain query plan ${sql}`).all(value),
        }))
        expect(is).toEqual(was)
      }
    }
    db.close()
  })
})
