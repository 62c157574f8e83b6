// Alerts that were never raised, for the pages' own tests.

import { alertRuleName, alertRules } from '@wardkey/protocol/admin/alerts/alert-rules'
import type { AlertKind } from '@wardkey/protocol/admin/alerts/alert-rules'
import { alertShown, alertsPage } from '@wardkey/protocol/admin/alerts/alerts'
import { factCodes } from '@wardkey/protocol/fact-codes'
import { idOf, personOf, workstationIdOf } from './invented-hospital.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const count = 23

/** What a test has done about each. */
export type Handled = ReadonlyMap<string, object>

function alertAt(number: number, atMs: number, handled: Handled) {
  const rules = alertRuleName.options
  const rule = rules[number % rules.length]!
  const { kind, title, sentence } = alertRules[rule]
  const people = rule === 'badge-sharing' ? [number, number + 1] : [number]
  const lastMs = atMs - number * 3 * hourMs
  const alertId = idOf(8, number)
  const isClosed = number > 15
  return {
    ...{ alertId, rule, kind, title, sentence, state: isClosed ? 'closed' : 'open' },
    people: kind === 'people' ? people.map((one) => personOf(one % 12)) : [],
    ...(rule === 'record-gap' || rule === 'checkpoint-late' || rule === 'token-made-alone'
      ? {}
      : { workstationId: workstationIdOf(number), place: `4 West, station ${String(number)}` }),
    ...{ zoneId: '4-west', count: 1 + (number % 4), lastMs, raisedMs: lastMs },
    firstMs: lastMs - number * minuteMs,
    ...(number % 5 === 4 ? { state: 'assigned', assignee: personOf(40) } : {}),
    ...(isClosed ? { state: 'closed', outcome: number % 2 ? 'explained' : 'false-alarm' } : {}),
    ...handled.get(alertId),
  }
}

const numbers = Array.from({ length: count }, (_, at) => at + 1)

export function inventAlerts(
  isClosed: boolean,
  kinds: readonly AlertKind[],
  atMs: number,
  handled: Handled,
) {
  const alerts = numbers
    .map((number) => alertAt(number, atMs, handled))
    .filter(({ state, kind }) => (state === 'closed') === isClosed && kinds.includes(kind))
  return alertsPage.parse({ alerts })
}

export function inventAlert(id: string, atMs: number, handled: Handled) {
  const number = numbers.find((one) => idOf(8, one) === id)
  if (number === undefined) return undefined
  const alert = alertAt(number, atMs, handled)
  const facts = [0, 1, 2, 3, 4].map((at) => ({
    ...{ index: 4000 + number * 10 + at, code: 'TAP-101' },
    sentence: factCodes['TAP-101'].sentence,
    atMs: alert.firstMs + at * minuteMs,
    ...(alert.people[0] ? { personId: alert.people[0].personId } : {}),
    rule: 'zone-roles',
  }))
  return alertShown.parse({
    ...alert,
    facts,
    ...(alert.state === 'closed'
      ? {
          closed: {
            ...{ by: 'account r.auditor', atMs: alert.lastMs + hourMs },
            ...{ outcome: 'explained', note: 'She had a new badge, and held the old one too.' },
          },
        }
      : {}),
  })
}
