// Which tokens with power over others one person alone made. Those of HR's feeds from before all were.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'

export function madeAlone() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('admin_token').addColumn('made_alone', 'integer').execute()
      await sql`update admin_token set made_alone = 1
        where scopes like '%"scim:write"%' and name <> 'init'`.execute(db)
    },
  }
}
