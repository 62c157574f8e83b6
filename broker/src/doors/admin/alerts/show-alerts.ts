// Alerts as they are shown to whoever looks after them: with names and note, opened by the people's
// own keys, and with the facts behind them as the record's sentences.

import { alertRules } from '@wardkey/protocol/admin/alerts/alert-rules'
import type { AlertKind } from '@wardkey/protocol/admin/alerts/alert-rules'
import type {
  AlertFactShown,
  AlertShown,
  AlertSummary,
} from '@wardkey/protocol/admin/alerts/alerts'
import { personId, workstationId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { openAlertNote } from '../../../flows/alerts/alert-note.ts'
import { findAlert, listAlerts } from '../../../flows/alerts/alert-row.ts'
import type { Alert } from '../../../flows/alerts/alert-row.ts'
import { findTold } from '../../../flows/timeline/read-told.ts'
import { shownFact } from '../../../flows/timeline/shown-fact.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { namesOf } from '../house/names-of.ts'

type ShowNeeds = Pick<AdminNeeds, 'db' | 'personKeys'>
type Names = Awaited<ReturnType<typeof namesOf>>

export async function showAlerts(
  asked: Parameters<typeof listAlerts>[1],
  needs: ShowNeeds,
): Promise<readonly AlertSummary[]> {
  const alerts = await listAlerts(needs.db, asked)
  const names = await namesOf([...new Set(alerts.flatMap(everybodyIn))], needs)
  const places = await placesOf(alerts, needs)
  return alerts.map((alert) => summaryOf(alert, names, places))
}

export async function showAlert(
  id: string,
  kinds: readonly AlertKind[],
  needs: ShowNeeds,
): Promise<AlertShown | undefined> {
  const alert = await findAlert(needs.db, id)
  if (!alert || !kinds.includes(alertRules[alert.rule].kind)) return undefined
  const names = await namesOf(everybodyIn(alert), needs)
  const { acknowledged_by, acknowledged_ms, assigned_by, assigned_ms } = alert
  return {
    ...summaryOf(alert, names, await placesOf([alert], needs)),
    sentence: alertRules[alert.rule].sentence,
    facts: await factsOf(alert, needs),
    ...(acknowledged_by === null || acknowledged_ms === null
      ? {}
      : { acknowledged: { by: acknowledged_by, atMs: acknowledged_ms } }),
    ...(assigned_by === null || assigned_ms === null
      ? {}
      : { assigned: { by: assigned_by, atMs: assigned_ms } }),
    ...(await closingOf(alert, needs)),
  }
}

const everybodyIn = ({ people, assignee_id: assignee }: Alert): readonly PersonId[] =>
  assignee === null ? people : [...people, personId.parse(assignee)]

async function placesOf(
  alerts: readonly Alert[],
  { db }: ShowNeeds,
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(alerts.flatMap((alert) => alert.workstation_id ?? []))]
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('workstation')
    .select(['id', 'place'])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, place }) => [id, place]))
}

function summaryOf(alert: Alert, names: Names, places: ReadonlyMap<string, string>): AlertSummary {
  const { workstation_id: workstation, zone_id: zone, assignee_id: assignee, outcome } = alert
  const { kind, title } = alertRules[alert.rule]
  const place = workstation === null ? undefined : places.get(workstation)
  const named = (id: PersonId) => names.get(id) ?? { personId: id }
  return {
    ...{ alertId: alert.id, rule: alert.rule, kind, title, state: alert.state },
    people: alert.people.map(named),
    ...(workstation === null ? {} : { workstationId: workstationId.parse(workstation) }),
    ...(place === undefined ? {} : { place }),
    ...(zone === null ? {} : { zoneId: zone }),
    ...{ count: alert.count, firstMs: alert.first_ms, lastMs: alert.last_ms },
    raisedMs: alert.raised_ms,
    ...(assignee === null ? {} : { assignee: named(personId.parse(assignee)) }),
    ...(outcome === null ? {} : { outcome }),
  }
}

async function factsOf({ facts }: Alert, { db }: ShowNeeds): Promise<AlertFactShown[]> {
  const told = await Promise.all(facts.map((index) => findTold(db, index)))
  return told.flatMap((fact) => {
    if (!fact) return []
    const {
      index,
      code,
      sentence,
      atMs,
      personId: person,
      workstationId: at,
      rule,
    } = shownFact(fact, 0)
    return [
      {
        ...{ index, code, sentence, atMs },
        ...(person && { personId: person }),
        ...(at && { workstationId: at }),
        ...(rule === undefined ? {} : { rule }),
      },
    ]
  })
}

async function closingOf(alert: Alert, needs: ShowNeeds): Promise<Pick<AlertShown, 'closed'>> {
  const { closed_by: by, closed_ms: atMs, outcome, note_sealed: sealed } = alert
  if (by === null || atMs === null || outcome === null) return {}
  const note = sealed ? await openAlertNote(sealed, alert, needs) : undefined
  return { closed: { by, atMs, outcome, ...(note === undefined ? {} : { note }) } }
}
