// What compliance is told of an alert: the rule in words, where, and how to look at it. Never a
// note, and names only where settings say so. Pure.

import type { NoticeText } from './compliance-desk.ts'

export interface ToldAlert {
  readonly alertId: string
  readonly rule: string
  readonly kind: string
  readonly title: string
  readonly sentence: string
  readonly people: readonly string[]
  readonly place: string | undefined
  readonly zoneId: string | undefined
  readonly count: number
  readonly firstMs: number
  readonly lastMs: number
  readonly raisedMs: number
  /** Empty unless settings allow names. */
  readonly names: readonly string[]
}

const noticeType = 'wardkey.alert.raised'
const time = (ms: number): string => new Date(ms).toISOString()

export function alertText(told: ToldAlert): NoticeText {
  const { alertId, rule, kind, title, sentence, people, place, zoneId, count, names } = told
  const show = `wardkey-broker alerts show ${alertId}`
  const body = JSON.stringify({
    type: noticeType,
    timestamp: time(told.raisedMs),
    data: {
      ...{ alertId, rule, kind, title, sentence, people, place, zoneId, count, show },
      ...{ first: time(told.firstMs), last: time(told.lastMs) },
      ...(names.length === 0 ? {} : { names }),
    },
  })
  const lines = [
    sentence,
    '',
    `  When    ${time(told.firstMs)} to ${time(told.lastMs)}`,
    ...(place === undefined ? [] : [`  Where   ${place}`]),
    ...(zoneId === undefined ? [] : [`  Zone    ${zoneId}`]),
    ...(names.length === 0 ? [] : [`  Who     ${names.join(', ')}`]),
    '',
    'Look at the facts behind it:',
    `  ${show}`,
    '',
  ]
  // A subject is one line, whatever a place is called.
  const subject = `Alert: ${title}${place === undefined ? '' : `, ${place}`}`.replace(/\s+/g, ' ')
  return { body, mail: { subject, text: lines.join('\n') } }
}
