// A fact as ArcSight's Common Event Format, version 0: seven pipes, then key=value. What is escaped
// where is the format's, and differs between its two halves. Pure.

import type { Gravity } from './event-classes.ts'
import type { StreamEvent } from './stream-event.ts'

export interface CefHead {
  readonly vendor: string
  readonly product: string
  readonly version: string
  readonly eventClass: string
  readonly name: string
  readonly severity: number
}

const severities: Readonly<Record<Gravity, number>> = {
  info: 2,
  notice: 4,
  warning: 6,
  error: 8,
  alert: 10,
}
/** Of a value; the receivers that are known take 1,023 characters at least. */
const valueCharsMax = 1000

export function cefEvent(event: StreamEvent, version: string): string {
  const { code, sentence, gravity } = event
  const head = {
    vendor: 'Wardkey',
    product: 'Broker',
    version,
    eventClass: code,
    name: sentence,
    severity: severities[gravity],
  }
  return writeCef(head, extensionOf(event))
}

export function writeCef(
  { vendor, product, version, eventClass, name, severity }: CefHead,
  extension: readonly (readonly [string, string | number])[],
): string {
  const head = [vendor, product, version, eventClass, name].map(headText).join('|')
  const pairs = extension.map(([key, value]) => `${key}=${valueText(String(value))}`)
  return `CEF:0|${head}|${String(severity)}|${pairs.join(' ')}`
}

function extensionOf(event: StreamEvent): readonly (readonly [string, string | number])[] {
  const { identity, fields } = event
  const reason = fields['reason'] ?? fields['code']
  const pairs: (readonly [string, string | number | undefined])[] = [
    ['rt', event.atMs],
    ['externalId', event.index],
    ['cat', event.class],
    ['outcome', event.isFailure ? 'failure' : 'success'],
    ['reason', reason === undefined ? undefined : String(reason)],
    ['duid', event.person],
    ['duser', identity.name],
    ['dhost', event.workstation],
    ['deviceExternalId', event.origin],
    ...custom(1, 'checkpoint', 'cn', event.checkpoint),
    ...custom(2, 'previous', 'cn', event.previous),
    ...custom(1, 'zone', 'cs', event.zone),
    ...custom(2, 'session', 'cs', event.session),
    ...custom(3, 'tap', 'cs', event.tap),
    ...custom(4, 'rule', 'cs', event.rule),
    ...custom(5, 'staffNumber', 'cs', identity.staffNumber),
    ...custom(6, 'fields', 'cs', fieldsText(fields)),
  ]
  return pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
}

function custom(
  number: number,
  label: string,
  kind: 'cn' | 'cs',
  value: string | number | undefined,
): readonly (readonly [string, string | number])[] {
  if (value === undefined) return []
  const key = `${kind}${String(number)}`
  return [
    [`${key}Label`, label],
    [key, value],
  ]
}

function fieldsText(fields: StreamEvent['fields']): string | undefined {
  const names = Object.keys(fields)
  return names.length === 0 ? undefined : JSON.stringify(fields)
}

/** No line break can be in the head: it becomes a space. */
function headText(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\|]/g, (sign) => `\\${sign}`)
}

function valueText(text: string): string {
  return (
    text
      .slice(0, valueCharsMax)
      // Half a character, where it was cut.
      .replace(/\p{Cs}/gu, '\ufffd')
      .replace(/[\\=]/g, (sign) => `\\${sign}`)
      .replaceAll('\r', '\\r')
      .replaceAll('\n', '\\n')
  )
}
