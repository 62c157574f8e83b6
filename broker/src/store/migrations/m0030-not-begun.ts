// Under which key a workstation began its update: what it takes back names the same one.

import type { Kysely } from 'kysely'

export const notBegun = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('rollout_member').addColumn('begin_key', 'text').execute()
  },
}
