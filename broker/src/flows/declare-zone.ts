// The zones as settings have them become the store's. Nothing is deleted: a zone that settings name
// no more stays, since workstations and facts may still be of it.

import type { ZoneId } from '@wardkey/protocol/ids'
import { zoneSettings } from '../policy/zone-settings.ts'
import type { Schema } from '../store/schema.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'

export interface DeclaredZone {
  readonly id: ZoneId
  readonly kind: string
  readonly label: string
  /** What settings say of its rules; the rest is `defaults`, then the policy's own defaults. */
  readonly rules: Readonly<Record<string, unknown>>
}

export type ZoneDefaults = Readonly<Record<string, unknown>>

export async function isDeclared(
  zone: DeclaredZone,
  defaults: ZoneDefaults,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<boolean> {
  return isSame(await findZone(zone.id, db), rowOf(zone, defaults))
}

/**
 * Call it where `isDeclared` says no: where nothing changes after all, it says so in the record.
 */
export async function declareZone(
  zone: DeclaredZone,
  defaults: ZoneDefaults,
  needs: FlowNeeds,
): Promise<Recorded<'added' | 'changed' | 'same'>> {
  const { db } = needs
  const known = await findZone(zone.id, db)
  const row = rowOf(zone, defaults)
  // Another broker with the same settings was faster.
  if (isSame(known, row)) return declared(zone, 'same', needs)
  const query = known
    ? db
        .updateTable('zone')
        .set({ ...row, changed_ms: needs.nowMs(), version: known.version + 1 })
        .where('id', '=', zone.id)
        .where('version', '=', known.version)
        .compile()
    : db
        .insertInto('zone')
        .values({ id: zone.id, ...row, version: 1 })
        .compile()
  return {
    ...declared(zone, known ? 'changed' : 'added', needs, row.settings),
    writes: [{ query, expectRows: 1 }],
    notices: [{ kind: 'zone-changed', zoneId: zone.id }],
  }
}

function declared<Outcome extends 'added' | 'changed' | 'same'>(
  { id }: DeclaredZone,
  outcome: Outcome,
  needs: FlowNeeds,
  settings?: string,
): Recorded<Outcome> {
  const fields = { outcome, ...(settings === undefined ? {} : { settings }) }
  const facts = [newFact(needs, 'ZON-001', { zone: id, fields })] as const
  return { answer: outcome, facts, writes: [], notices: [] }
}

type ZoneRow = Pick<Schema['zone'], 'kind' | 'label' | 'settings'>

function rowOf({ kind, label, rules }: DeclaredZone, defaults: ZoneDefaults): ZoneRow {
  // What a zone says of emergencies does not take away what the site says of the rest of them.
  const emergency = both(defaults['emergency'], rules['emergency'])
  const all = { ...defaults, ...rules, ...(emergency === undefined ? {} : { emergency }) }
  return { kind, label, settings: JSON.stringify(zoneSettings.parse(all)) }
}

function both(defaults: unknown, own: unknown): unknown {
  const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null
  return isMap(defaults) && isMap(own) ? { ...defaults, ...own } : (own ?? defaults)
}

function isSame(known: ZoneRow | undefined, row: ZoneRow): boolean {
  return known?.kind === row.kind && known.label === row.label && known.settings === row.settings
}

function findZone(id: ZoneId, db: FlowNeeds['db']) {
  return db.selectFrom('zone').selectAll().where('id', '=', id).executeTakeFirst()
}
