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

/** One that would be lost with the end of the present authority. */
export interface WithoutNext {
  readonly workstationId: string
  readonly place: string
  readonly zoneId: string
  /** It has said that it believes the next one, and gets its certificate with its next renewal. */
  readonly believes: boolean
  readonly reachedMs: number | null
}

/**
 * Active workstations whose certificate is of another authority, as far as they have said; that
 * which was not reached for longest first.
 */
export async function listWithout(caSha256: string, { db }: Db): Promise<readonly WithoutNext[]> {
  const rows = await db
    .selectFrom('workstation')
    .leftJoin('workstation_inventory', 'workstation_id', 'workstation.id')
    .select(['workstation.id', 'place', 'zone_id', 'reached_ms', 'body'])
    .where('status', '=', sql.lit('active'))
    .execute()
  return rows
    .map(({ body, ...row }) => ({ ...row, believed: body === null ? [] : believedIn(body) }))
    .filter(({ believed }) => believed[0] !== caSha256)
    .map(({ id, place, zone_id: zoneId, reached_ms: reachedMs, believed }) => ({
      ...{ workstationId: id, place, zoneId, reachedMs, believes: believed.includes(caSha256) },
    }))
    .sort((one, other) => (one.reachedMs ?? 0) - (other.reachedMs ?? 0))
}

export async function countWithout(caSha256: string, needs: Db): Promise<number> {
  return (await listWithout(caSha256, needs)).length
}

/** Of active workstations: those that believe it, and those whose certificate is of it. */
export async function countOf(
  caSha256: string,
  { db }: Db,
): Promise<{ readonly active: number; readonly told: number; readonly renewed: number }> {
  const rows = await db
    .selectFrom('workstation')
    .leftJoin('workstation_inventory', 'workstation_id', 'workstation.id')
    .select('body')
    .where('status', '=', sql.lit('active'))
    .execute()
  const believed = rows.map(({ body }) => (body === null ? [] : believedIn(body)))
  const told = believed.filter((all) => all.includes(caSha256)).length
  const renewed = believed.filter(([own]) => own === caSha256).length
  return { active: rows.length, told, renewed }
}

/** An inventory of another release that is not understood says nothing. */
function believedIn(body: string): readonly string[] {
  return told.safeParse(JSON.parse(body)).data?.authorities ?? []
}
