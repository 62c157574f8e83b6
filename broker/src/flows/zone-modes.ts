// The modes that are set, of the house and of its zones, as one look at the store finds them.

import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import type { ZoneModes } from './mode-of.ts'

export async function zoneModes(db: Kysely<Schema>): Promise<(zone: string) => ZoneModes> {
  const rows = await db.selectFrom('house_mode').select(['place', 'mode', 'until_ms']).execute()
  const byPlace = new Map(
    rows.map(({ place, mode, until_ms: untilMs }) => [place, { mode, untilMs }]),
  )
  const house = byPlace.get('*') ?? null
  return (zone) => ({ zone: byPlace.get(zone) ?? null, house })
}
