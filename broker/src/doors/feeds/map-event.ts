// What another system says of doors and alarms, in its own words, to what the record can hold: by
// the table of the settings, and by nothing else. What the table does not know is told apart, never
// guessed at. Pure.

import { createHash } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { ZoneId } from '@wardkey/protocol/ids'
import { findCardNumberFormat, parseCardNumber } from '../../identity/cards/card-numbers.ts'
import type { CardNumberFormat } from '../../identity/cards/card-numbers.ts'
import type { FeedSetting } from '../../platform/setting-rows/feed-settings.ts'

/** One event as it came: flat from a list, nested from JSON. */
/** Deeper no table names a field; what hashes an event would run out of stack. */
export const eventDepthMax = 32

export type RawEvent = Readonly<Record<string, unknown>>

/** What was not understood of it. */
export type Unmapped = 'door' | 'direction' | 'time' | 'person' | 'type'

/** By what a person is known there. */
export type FeedWho =
  | { readonly by: 'card'; readonly card: CardClaim }
  | { readonly by: 'staff-number'; readonly staffNumber: string }

interface Where {
  /** By which a repeated one is known. */
  readonly id: string
  readonly door: string
  readonly zoneId: ZoneId | undefined
  readonly atMs: number
}

export type FeedEvent =
  | (Where & { readonly kind: 'door'; readonly who: FeedWho; readonly direction: 'in' | 'out' })
  | (Where & { readonly kind: 'alarm'; readonly alarm: string })

export type Mapped =
  | { readonly kind: 'event'; readonly event: FeedEvent }
  | { readonly kind: 'ignored' }
  | {
      readonly kind: 'unmapped'
      readonly why: Unmapped
      /** The door or the type that the table does not name; nothing of a person. */
      readonly what: string
    }

export type MapEvent = (raw: RawEvent) => Mapped

const textCharsMax = 128
/** Between these a number of digits is seconds, above it milliseconds (until the year 2286). */
const secondsMax = 9_999_999_999
const atMsMax = 8_640_000_000_000_000

/** Nothing where the settings name a format of cards, or a time zone, that there is none of. */
export function makeMapEvent(setting: FeedSetting): MapEvent | undefined {
  const format = findCardNumberFormat(setting.badgeFormat)
  const { timeZone } = setting
  if (!format || (timeZone !== undefined && !isTimeZone(timeZone))) return undefined
  return (raw) => mapEvent(raw, setting, format)
}

function mapEvent(raw: RawEvent, setting: FeedSetting, format: CardNumberFormat): Mapped {
  const { fields, alarms, ignored } = setting
  const read = (name: string | undefined): string | undefined => textAt(raw, name)
  const type = read(fields.type) ?? ''
  if (ignored.includes(type)) return { kind: 'ignored' }
  const atMs = timeOf(read(fields.time), setting.timeZone)
  if (atMs === undefined) return unmapped('time', '')
  const doorText = read(fields.door) ?? ''
  const door = Object.hasOwn(setting.doors, doorText) ? setting.doors[doorText] : undefined
  if (!door) return unmapped('door', doorText)
  const id = read(fields.id) ?? hashOf(raw)
  const where = { id, door: door.name ?? plainName(doorText), zoneId: door.zone, atMs }
  const alarm = Object.hasOwn(alarms, type) ? alarms[type] : undefined
  if (alarm !== undefined) return { kind: 'event', event: { kind: 'alarm', alarm, ...where } }
  const direction = door.direction ?? directionOf(read(fields.direction), setting)
  if (!direction) return unmapped('direction', doorText)
  const who = whoOf(read, setting, format)
  if (!who) return unmapped('person', '')
  return { kind: 'event', event: { kind: 'door', who, direction, ...where } }
}

function whoOf(
  read: (name: string | undefined) => string | undefined,
  { fields }: FeedSetting,
  format: CardNumberFormat,
): FeedWho | undefined {
  const badge = read(fields.badge)
  const facility = read(fields.facility)
  const number = facility === undefined ? badge : `${facility}-${badge ?? ''}`
  const card =
    badge === undefined || number === undefined ? undefined : parseCardNumber(number, format)
  if (card) return { by: 'card', card }
  const staffNumber = read(fields.staffNumber)
  return staffNumber === undefined ? undefined : { by: 'staff-number', staffNumber }
}

function directionOf(
  text: string | undefined,
  { directions }: FeedSetting,
): 'in' | 'out' | undefined {
  if (text === undefined) return undefined
  if (directions.in.includes(text)) return 'in'
  return directions.out.includes(text) ? 'out' : undefined
}

/** Only what is plainly a text, a number or a yes; a column with points in it comes first. */
function textAt(raw: RawEvent, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  let at: unknown = Object.hasOwn(raw, name) ? raw[name] : undefined
  if (at === undefined && name.includes('.')) {
    at = raw
    for (const step of name.split('.')) {
      const isObject = typeof at === 'object' && at !== null && Object.hasOwn(at, step)
      at = isObject ? (at as RawEvent)[step] : undefined
    }
  }
  if (typeof at === 'number' || typeof at === 'boolean') return String(at)
  if (typeof at !== 'string') return undefined
  const text = at.trim()
  return text === '' || text.length > textCharsMax ? undefined : text
}

/** ISO 8601, or seconds or milliseconds since 1970; where it names no zone, in the settings’. */
function timeOf(text: string | undefined, timeZone: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[0-9]{9,16}(\.[0-9]{1,9})?$/.test(text)) {
    const number = Number(text)
    return Math.round(number > secondsMax ? number : number * 1000)
  }
  try {
    return ranged(Temporal.Instant.from(text.replace(' ', 'T')).epochMilliseconds)
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
  }
  if (timeZone === undefined) return undefined
  try {
    const local = Temporal.PlainDateTime.from(text.replace(' ', 'T'))
    // The hour that a clock has twice is taken as its first: a door event is evidence, not a limit.
    const zoned = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
    return ranged(zoned.epochMilliseconds)
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    return undefined
  }
}

const ranged = (atMs: number): number | undefined =>
  atMs >= 0 && atMs <= atMsMax ? atMs : undefined

function isTimeZone(name: string): boolean {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId !== ''
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    return false
  }
}

/** As the record has names of doors, where the table gives none. */
function plainName(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9 .,:/_-]/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return plain === '' ? 'door' : plain.slice(0, 64)
}

/** Told again, word for word, it is the same event. */
const hashOf = (raw: RawEvent): string =>
  createHash('sha256').update(JSON.stringify(raw)).digest('hex')

const unmapped = (why: Unmapped, what: string): Mapped => ({
  kind: 'unmapped',
  why,
  what: what.slice(0, 64),
})
