// Where workstations are and by which rules their zones go, as they are now: the record has no
// rules of before, so what is measured by them is measured by those of today.

import type { Kysely } from 'kysely'
import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { parseStoredZone } from '../../policy/stored-zone.ts'
import type { ZoneSettings } from '../../policy/zone-settings.ts'
import type { Schema } from '../../store/schema.ts'

export interface PlaceRules {
  readonly place: string
  readonly zoneId: string
  readonly settings: ZoneSettings
}

export class Places {
  readonly #all: ReadonlyMap<WorkstationId, PlaceRules>

  constructor(all: ReadonlyMap<WorkstationId, PlaceRules>) {
    this.#all = all
  }

  rulesOf(id: WorkstationId): PlaceRules | undefined {
    return this.#all.get(id)
  }

  /** Both in one zone that lets a person have several screens. */
  isPair(one: WorkstationId, other: WorkstationId): boolean {
    const [a, b] = [this.#all.get(one), this.#all.get(other)]
    return a !== undefined && a.zoneId === b?.zoneId && a.settings.screensMax > 1
  }

  inZone(zone: string): readonly WorkstationId[] {
    return [...this.#all].flatMap(([id, { zoneId }]) => (zoneId === zone ? [id] : []))
  }
}

/** All there are, revoked ones too: the record remembers them. */
export async function readPlaces(db: Kysely<Schema>): Promise<Places> {
  const zones = await db.selectFrom('zone').select(['id', 'settings']).execute()
  const settings = new Map(zones.map((zone) => [zone.id, parseStoredZone(zone.settings)]))
  const rows = await db.selectFrom('workstation').select(['id', 'place', 'zone_id']).execute()
  const usual = parseStoredZone('{}')
  return new Places(
    new Map(
      rows.map((row) => [
        workstationId.parse(row.id),
        { place: row.place, zoneId: row.zone_id, settings: settings.get(row.zone_id) ?? usual },
      ]),
    ),
  )
}
