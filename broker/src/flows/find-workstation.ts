// A workstation with its zone, as every frame from it needs them.

import type { Kysely } from 'kysely'
import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { parseStoredZone } from '../policy/stored-zone.ts'
import type { Zone, ZoneSettings } from '../policy/zone-settings.ts'
import type { StandingMode, ZoneModes } from './mode-of.ts'
import { prepared } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'

export interface Workstation {
  readonly id: WorkstationId
  readonly place: string
  readonly status: 'active' | 'revoked'
  readonly certSha256: string
  readonly certNotAfterMs: number
  readonly bootId: string | null
  /** JSON, as it was said: enrolment/same-machine. */
  readonly hardware: string | null
  readonly trustedSinceMs: number
  readonly failures: number
  readonly lockedUntilMs: number
  /** When some broker last had it: hello, goodbye, and what brokers say of it between. */
  readonly reachedMs: number
  readonly version: number
  readonly zone: Zone
  /** How house and zone are run, as far as it is not as usual. */
  readonly modes: ZoneModes
  /** The version of the written policies that is in force. */
  readonly policies: number
}

const byId = prepared<{ id: string }>()((db, hole) =>
  db
    .selectFrom('workstation')
    .innerJoin('zone', 'zone.id', 'workstation.zone_id')
    .leftJoin('house_mode as own', 'own.place', 'zone.id')
    .leftJoin('house_mode as house', (join) => join.on('house.place', '=', '*'))
    .where('workstation.id', '=', hole('id'))
    .selectAll('workstation')
    .select(['zone.kind as zone_kind', 'zone.label as zone_label', 'zone.settings as settings'])
    .select(['own.mode as zone_mode', 'own.until_ms as zone_mode_until_ms'])
    .select(['house.mode as house_mode', 'house.until_ms as house_mode_until_ms'])
    .select((eb) =>
      eb
        .selectFrom('policy_version')
        .select(({ fn }) => fn.max('number').as('number'))
        .where('outcome', '=', 'approved')
        .as('policies'),
    ),
)

export async function findWorkstation(
  db: Kysely<Schema>,
  id: string,
): Promise<Workstation | undefined> {
  const row = (await db.executeQuery(byId(db, { id }))).rows[0]
  if (!row) return undefined
  return {
    id: workstationId.parse(row.id),
    place: row.place,
    status: row.status,
    certSha256: row.cert_sha256,
    certNotAfterMs: row.cert_not_after_ms,
    bootId: row.boot_id,
    hardware: row.hardware,
    trustedSinceMs: row.trusted_since_ms,
    failures: row.failures,
    lockedUntilMs: row.locked_until_ms,
    reachedMs: row.reached_ms ?? 0,
    version: row.version,
    zone: {
      id: row.zone_id,
      kind: row.zone_kind,
      label: row.zone_label,
      settings: settingsOf(row.settings),
    },
    modes: {
      zone: standingMode(row.zone_mode, row.zone_mode_until_ms),
      house: standingMode(row.house_mode, row.house_mode_until_ms),
    },
    policies: row.policies ?? 0,
  }
}

/** Every frame asks for them, and they change seldom: the same text is parsed once. */
const parsed = new Map<string, ZoneSettings>()
const parsedMax = 500

function settingsOf(text: string): ZoneSettings {
  const known = parsed.get(text)
  if (known) return known
  if (parsed.size >= parsedMax) parsed.clear()
  const settings = parseStoredZone(text)
  parsed.set(text, settings)
  return settings
}

function standingMode(
  mode: StandingMode['mode'] | null,
  untilMs: number | null,
): StandingMode | null {
  return mode === null || untilMs === null ? null : { mode, untilMs }
}
