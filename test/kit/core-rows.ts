// Rows that the kit of the core writes by itself: of a zone and of a workstation there.

import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import type { ZoneSettings } from '@wardkey/broker/policy/zone-settings'
import type { Schema } from '@wardkey/broker/store/schema'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { Insertable } from 'kysely'

/** For nurses, where nothing else is said. */
export const zoneRow = (id: string, change: Partial<ZoneSettings>): Insertable<Schema['zone']> => ({
  id,
  kind: 'nurse-station',
  label: id,
  settings: JSON.stringify(zoneSettings.parse({ roles: ['nurse'], ...change })),
  version: 1,
})

export const workstationRow = (
  id: WorkstationId,
  zone: string,
  certSha256: string,
  nowMs: number,
): Insertable<Schema['workstation']> => ({
  id,
  place: `Place ${id.slice(0, 4)}`,
  zone_id: zone,
  cert_sha256: certSha256,
  cert_not_after_ms: nowMs + 365 * 86_400_000,
  status: 'active',
  asset_tag: null,
  boot_id: 'b007-0001',
  trusted_since_ms: 0,
  failures: 0,
  locked_until_ms: 0,
  enrolled_ms: nowMs,
  version: 1,
})
