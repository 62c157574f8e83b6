// Which ring a workstation is in: by its zone, by its asset tag, or by its id, and the same each
// time. Pure.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { UpdateManifest } from '@wardkey/protocol/workstation/updates/manifest'

const ring = z.object({
  /** Zones that are in it as a whole. */
  zones: z.array(z.string()).default([]),
  /** What asset tags of it begin with. */
  assets: z.array(z.string()).default([]),
  /** Of all, with those of the rings before it. */
  percent: z.number(),
  soakMs: z.number(),
  failedMax: z.number(),
})
export type Ring = z.output<typeof ring>
export type Rings = readonly [Ring, ...Ring[]]
const rings = z.tuple([ring], ring)

export interface RingMember {
  readonly id: string
  readonly zoneId: string
  readonly assetTag: string | null
}

/** The house's, or where it has none those that the release proposes. */
export function ringsFor(house: readonly Ring[], manifest: Pick<UpdateManifest, 'rings'>): Rings {
  return rings.parse(house.length > 0 ? house : manifest.rings)
}

/** As a roll-out keeps them from its start: what settings say later changes none under way. */
export function parseRings(text: string): Rings {
  return rings.parse(JSON.parse(text))
}

/** From 0; the last ring takes whoever is in none before it. */
export function ringOf(member: RingMember, all: Rings): number {
  const place = placeOf(member.id)
  const at = all.findIndex(
    ({ zones, assets, percent }) =>
      zones.includes(member.zoneId) ||
      assets.some((begins) => member.assetTag?.startsWith(begins) ?? false) ||
      place < percent * 100,
  )
  return at === -1 ? all.length - 1 : at
}

/** Of 10 000 places. Ids of one room are made together: their hashes are not. */
function placeOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % 10_000
}
