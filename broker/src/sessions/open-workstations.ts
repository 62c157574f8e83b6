// The workstations that show somebody's session by the books, whatever became of their connections.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { Schema } from '../store/schema.ts'

export async function openWorkstations(db: Kysely<Schema>): Promise<readonly WorkstationId[]> {
  const rows = await db
    .selectFrom('session')
    .select('workstation_id')
    .where('state', '=', sql.lit('open'))
    .execute()
  return rows.map((row) => workstationId.parse(row.workstation_id))
}
