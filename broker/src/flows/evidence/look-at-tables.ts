// What tables, zones and settings say for evidence, as they are now: a statement a check, each with
// one row of two counts. Reads only.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type {
  Check,
  Outcome,
  SeenSettings,
  TableCheck,
} from '../../audit/evidence/evidence-rule.ts'
import { allChecks } from '../../audit/evidence/rules/all-rules.ts'
import { parseStoredZone } from '../../policy/stored-zone.ts'
import type { ZoneSettings } from '../../policy/zone-settings.ts'
import type { Schema } from '../../store/schema.ts'

/** PostgreSQL counts in numbers that are handed on as text. */
const counted = z.object({ looked: z.coerce.number(), breaking: z.coerce.number() })
const zonesMax = 10_000

export interface TableTimes {
  readonly now: number
  readonly sessionMax: number
}

export async function lookAtTables(
  db: Kysely<Schema>,
  settings: SeenSettings,
  nowMs: number,
): Promise<readonly (readonly [id: string, outcome: Outcome])[]> {
  const zones = await zonesOf(db)
  const times = { now: nowMs, sessionMax: settings.sessionMaxMs }
  const outcomes: (readonly [string, Outcome])[] = []
  for (const check of allChecks) {
    const outcome = await lookFor(check, { db, zones, settings, times })
    if (outcome) outcomes.push([check.id, outcome])
  }
  return outcomes
}

interface Things {
  readonly db: Kysely<Schema>
  readonly zones: readonly ZoneSettings[]
  readonly settings: SeenSettings
  readonly times: TableTimes
}

async function lookFor(
  check: Check,
  { db, zones, settings, times }: Things,
): Promise<Outcome | undefined> {
  switch (check.kind) {
    case 'tables':
      return count(db, check, times)
    case 'zones': {
      const breaking = zones.filter((zone) => !check.holds(zone)).length
      return outcomeOf(zones.length, breaking)
    }
    case 'settings': {
      const holds = check.holds(settings)
      return holds === undefined ? undefined : outcomeOf(1, holds ? 0 : 1)
    }
    default:
      return undefined
  }
}

async function count(
  db: Kysely<Schema>,
  { sql: text }: TableCheck,
  times: TableTimes,
): Promise<Outcome> {
  await new Promise((resolve) => setImmediate(resolve))
  // The statement is a constant of ours; what is put into it are whole numbers.
  const whole = text.replace(/:(now|sessionMax)\b/g, (_hole, name: keyof TableTimes) =>
    String(Math.trunc(times[name])),
  )
  const { rows } = await sql.raw(whole).execute(db)
  const { looked, breaking } = counted.parse(rows[0])
  return outcomeOf(looked, breaking)
}

async function zonesOf(db: Kysely<Schema>): Promise<readonly ZoneSettings[]> {
  const rows = await db.selectFrom('zone').select('settings').limit(zonesMax).execute()
  return rows.map(({ settings }) => parseStoredZone(settings))
}

const outcomeOf = (looked: number, breaking: number): Outcome => ({
  ...{ looked, breaking, figures: {}, shows: [], breaks: [] },
})
