// Whose powers a token gives: it ends with them. And that somebody who could approve has been in
// the console counts as a second approver.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

/** A token made by a token made by hers; nobody has gone further. */
const removes = 8

export function tokenMakers(engine: 'sqlite' | 'postgres') {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('admin_token')
        .addColumn('maker_id', 'text', (column) => column.references('person.id'))
        .execute()
      await db.schema.alterTable('admin_token').addColumn('confirmed_ms', ms).execute()
      await sql`update admin_token set maker_id = substr(made_by, 8), confirmed_ms = created_ms
        where made_by like 'person %'`.execute(db)
      for (let n = 0; n < removes; n++) {
        await sql`update admin_token set confirmed_ms = created_ms, maker_id =
            (select max(its.maker_id) from admin_token as its
              where 'token ' || its.name = admin_token.made_by)
          where maker_id is null and made_by like 'token %'
            and exists (select 1 from admin_token as its
              where 'token ' || its.name = admin_token.made_by and its.maker_id is not null)
        `.execute(db)
      }
      await sql`insert into second_approver (one, since_ms)
        select 1, max(created_ms) from console_session where roles like '%administrator%'
        having count(*) > 0
        on conflict (one) do nothing`.execute(db)
    },
  }
}
