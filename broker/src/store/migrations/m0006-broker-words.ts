// What brokers of one database must tell each other: a row is written with the unit that it follows
// from, and wakes whoever listens.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

type Engine = 'sqlite' | 'postgres'

export function brokerWords(engine: Engine) {
  const isPostgres = engine === 'postgres'
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const table = db.schema.createTable('broker_word')
      await (
        isPostgres
          ? table.addColumn('id', 'bigint', (one) => one.primaryKey().generatedAlwaysAsIdentity())
          : table.addColumn('id', 'integer', (one) => one.primaryKey().autoIncrement())
      )
        .addColumn('origin', 'text', (column) => column.notNull())
        .addColumn('notice', 'text', (column) => column.notNull())
        .addColumn('at_ms', isPostgres ? 'bigint' : 'integer', (column) => column.notNull())
        .execute()
      if (isPostgres) await wakeListeners(db)
    },
  }
}

async function wakeListeners(db: Kysely<unknown>): Promise<void> {
  await sql`create function wardkey_broker_word() returns trigger language plpgsql as
    $$ begin perform pg_notify('wardkey_broker_word', ''); return null; end $$`.execute(db)
  await sql`create trigger broker_word_told after insert on broker_word
    for each statement execute function wardkey_broker_word()`.execute(db)
}
