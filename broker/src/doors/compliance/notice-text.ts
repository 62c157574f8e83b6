// What compliance is told of an emergency access: where, when, what for and how to review it. Never
// a note, and the person's name only where settings say so. Pure.

import type { NoticeText } from './compliance-desk.ts'

export interface ToldGrant {
  readonly grantId: string
  readonly place: string
  readonly zoneLabel: string
  readonly zoneId: string
  readonly workstationId: string
  readonly personId: string
  readonly reason: string
  readonly reasonLabel: string
  readonly identity: string
  readonly isWitnessed: boolean
  /** By a workstation that had no broker, and is told only now. */
  readonly isOffline: boolean
  readonly fromMs: number
  readonly untilMs: number
  readonly reviewDueMs: number
  /** Absent unless settings allow names, and of a person who was forgotten. */
  readonly name?: string
}

export const noticeType = 'wardkey.emergency-access.given'

const reviewOf = ({ grantId }: ToldGrant): string => `wardkey-broker break-glass show ${grantId}`
const time = (ms: number): string => new Date(ms).toISOString()

/** The body of the webhook, as Standard Webhooks shape one. */
export function webhookBody(told: ToldGrant): string {
  const { grantId, place, zoneId, workstationId, personId, reason, reasonLabel, identity } = told
  return JSON.stringify({
    type: noticeType,
    timestamp: time(told.fromMs),
    data: {
      ...{ grantId, place, zoneId, workstationId, personId, reason, reasonLabel, identity },
      purpose: 'BTG',
      witnessed: told.isWitnessed,
      offline: told.isOffline,
      from: time(told.fromMs),
      until: time(told.untilMs),
      reviewDue: time(told.reviewDueMs),
      review: reviewOf(told),
      ...(told.name === undefined ? {} : { name: told.name }),
    },
  })
}

export const grantText = (told: ToldGrant): NoticeText => ({
  body: webhookBody(told),
  mail: mailText(told),
})

export function mailText(told: ToldGrant): { readonly subject: string; readonly text: string } {
  const lines = [
    'Emergency access was given.',
    '',
    `  When    ${time(told.fromMs)}, until ${time(told.untilMs)} at most`,
    `  Where   ${told.place} (${told.zoneLabel})`,
    `  Reason  ${told.reasonLabel}`,
    ...(told.name === undefined ? [] : [`  Who     ${told.name}`]),
    ...(told.isWitnessed ? ['  A colleague spoke for the person.'] : []),
    ...(told.isOffline ? ['  The workstation gave it while it was cut off.'] : []),
    '',
    `It is to be reviewed by ${time(told.reviewDueMs)}:`,
    `  ${reviewOf(told)}`,
    '',
  ]
  // A subject is one line, whatever a place is called.
  const subject = `Emergency access: ${told.place}`.replace(/\s+/g, ' ')
  return { subject, text: lines.join('\n') }
}
