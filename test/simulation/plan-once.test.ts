// A statement that is planned once says what it said before.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { planOf } from './world/plan-once.ts'

const connection = new Database(':memory:')
connection.exec(
  'create table a (id text primary key, state text not null, n integer); create table b (a text, s text)',
)
for (let n = 0; n < 20; n++) {
  connection
    .prepare('insert into a values (?, ?, ?)')
    .run(`A${String(n)}`, n % 3 ? 'open' : 'ended', n)
  connection.prepare('insert into b values (?, ?)').run(`A${String(n)}`, `S ${String(n)}`)
}

describe('a plan', () => {
  it.each([
    ['select * from a where id = ?', ['A3']],
    ['select * from a where state <> ? order by id limit ?', ['ended', 4]],
    ['select * from a join b on b.a = a.id where a.id = ? and state = ?', ['A4', 'open']],
    ['select * from a where n >= ? and n < ? and state in (?, ?)', [3, 9, 'open', 'ended']],
    ['select * from b where s = ?', ['S 4']],
  ])('finds the same: %s', (sql, parameters) => {
    const { sql: planned, values } = planOf(sql, parameters)
    const rows = connection.prepare(sql).all(...parameters)
    expect(rows.length).toBeGreaterThan(0)
    expect(connection.prepare(planned).all(...values)).toEqual(rows)
  })
  it('writes out words and limits, and nothing that somebody may have typed', () => {
    const { sql, values } = planOf('select ? from a where id = ? and state <> ? limit ?', [
      "it's",
      "x' or 1",
      'ended',
      2,
    ])
    expect(sql).toBe("select ? from a where id = +? and state <> 'ended' limit 2")
    expect(values).toEqual(["it's", "x' or 1"])
  })
  it('is another for another word, and for the same one elsewhere', () => {
    const sql = 'select * from a where state = ? or id = ?'
    const one = planOf(sql, ['open', 'A 1'])
    expect(planOf(sql, ['ended', 'A 1']).sql).not.toBe(one.sql)
    expect(planOf(sql, ['A 1', 'open']).sql).not.toBe(one.sql)
  })
})
