// Alerts as the admin door shows them, and what is done about one.

import { z } from 'zod'
import { personId, workstationId } from '../../ids.ts'
import { newReview } from '../break-glass.ts'
import { personSummary } from '../people.ts'
import { limit } from '../scopes.ts'
import { alertRuleName } from './alert-rules.ts'

export const alertId = z.uuid()
const alertState = z.enum(['open', 'acknowledged', 'assigned', 'closed'])
const alertOutcome = z.enum(['explained', 'confirmed', 'false-alarm'])

const named = z.object({ personId, name: personSummary.shape.name })

const alertSummary = z.object({
  alertId,
  rule: alertRuleName,
  kind: z.enum(['people', 'technical']),
  title: z.string(),
  state: alertState,
  /** Whom it is about, as far as it is about somebody. */
  people: z.array(named),
  workstationId: workstationId.optional(),
  place: z.string().optional(),
  zoneId: z.string().optional(),
  /** How often the rule has seen it since it was raised. */
  count: z.int(),
  firstMs: z.int(),
  lastMs: z.int(),
  raisedMs: z.int(),
  assignee: named.optional(),
  outcome: alertOutcome.optional(),
})
export type AlertSummary = z.infer<typeof alertSummary>

export const alertsQuery = z.strictObject({
  /** Those that are not closed, or those that are. */
  closed: z.enum(['true', 'false']).default('false'),
  rule: alertRuleName.optional(),
  limit,
})
export const alertsPage = z.object({ alerts: z.array(alertSummary) })

/** One fact behind it, as the time line tells one. */
const alertFact = z.object({
  index: z.int(),
  code: z.string(),
  sentence: z.string(),
  atMs: z.int(),
  personId: personId.optional(),
  workstationId: workstationId.optional(),
  rule: z.string().optional(),
})
export type AlertFactShown = z.infer<typeof alertFact>

export const alertShown = alertSummary.extend({
  sentence: z.string(),
  /** The oldest first; of very many the newest. */
  facts: z.array(alertFact),
  acknowledged: z.object({ by: z.string(), atMs: z.int() }).optional(),
  assigned: z.object({ by: z.string(), atMs: z.int() }).optional(),
  closed: z
    .object({
      by: z.string(),
      atMs: z.int(),
      outcome: alertOutcome,
      /** Absent where somebody it is about was forgotten. */
      note: z.string().optional(),
    })
    .optional(),
})
export type AlertShown = z.infer<typeof alertShown>

export const alertAssignment = z.strictObject({ personId })
export const alertClosing = z.strictObject({
  outcome: alertOutcome,
  note: newReview.shape.note,
})
export type AlertClosing = z.infer<typeof alertClosing>
