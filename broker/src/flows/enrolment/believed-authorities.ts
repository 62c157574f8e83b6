// Which authorities workstations say that they believe, from their inventories: that of its own
// certificate first. A workstation of an older release, or one that has said nothing, believes none
// that counts here.

import { sql } from 'kysely'
import { z } from 'zod'
import { inventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { FlowNeeds } from '../flow-needs.ts'

const told = z.object({ authorities: inventoryBody.shape.authorities })

type Db = Pick<FlowNeeds, 'db'>

export async function believedBy(id: WorkstationId, { db }: Db): Promise<readonly string[]> {
  const row = await db
    .selectFrom('workstation_inventory')
    .select('body')
    .where('workstation_id', '=', id)
    .executeTakeFirst()
  return row ? believedIn(row.body) : []
}

/** Active workstations whose certificate is of another authority, as far as they have said. */
export async function countWithout(caSha256: string, { db }: Db): Promise<number> {
  const rows = await db
    .selectFrom('workstation')
    .leftJoin('workstation_inventory', 'workstation_id', 'workstation.id')
    .select('body')
    .where('status', '=', sql.lit('active'))
    .execute()
  return rows.filter(({ body }) => body === null || believedIn(body)[0] !== caSha256).length
}

/** An inventory of another release that is not understood says nothing. */
function believedIn(body: string): readonly string[] {
  return told.safeParse(JSON.parse(body)).data?.authorities ?? []
}
