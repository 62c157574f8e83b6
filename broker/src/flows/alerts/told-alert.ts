// An alert as compliance is told of it: the rule in words, where, how often, and how to look at it.
// Never a note; names only where settings say so. Reads only.

import { alertRules } from '@wardkey/protocol/admin/alerts/alert-rules'
import { nameOfPerson } from '../told-grant.ts'
import type { GrantNeeds } from '../told-grant.ts'
import { findAlert } from './alert-row.ts'

export async function toldAlert(alertId: string, isNamed: boolean, needs: GrantNeeds) {
  const alert = await findAlert(needs.db, alertId)
  if (!alert) return undefined
  const names = isNamed
    ? await Promise.all(alert.people.map((person) => nameOfPerson(person, needs)))
    : []
  const { title, sentence, kind } = alertRules[alert.rule]
  return {
    ...{ alertId, rule: alert.rule, kind, title, sentence, people: alert.people },
    place: await placeOf(alert.workstation_id, needs),
    zoneId: alert.zone_id ?? undefined,
    ...{ count: alert.count, firstMs: alert.first_ms, lastMs: alert.last_ms },
    raisedMs: alert.raised_ms,
    names: names.flatMap((name) => (name ? [`${name.given} ${name.family}`] : [])),
  }
}

async function placeOf(
  workstation: string | null,
  { db }: GrantNeeds,
): Promise<string | undefined> {
  if (workstation === null) return undefined
  const row = await db
    .selectFrom('workstation')
    .select('place')
    .where('id', '=', workstation)
    .executeTakeFirst()
  return row?.place ?? workstation
}
