// What other systems say, mapped by a table; and syslog as it may come in, whole, in pieces, and
// broken.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feedSettings } from '../../platform/setting-rows/feed-settings.ts'
import type { FeedSetting } from '../../platform/setting-rows/feed-settings.ts'
import { parseEvents } from './feed-door.ts'
import { makeMapEvent } from './map-event.ts'
import type { Mapped, RawEvent } from './map-event.ts'
import { syslogFields, SyslogFrames } from './read-syslog.ts'

const usual = {
  ...{ name: 'doors', kind: 'list' },
  fields: {
    ...{ badge: 'card', facility: 'site', staffNumber: 'employee', door: 'reader' },
    ...{ direction: 'dir', time: 'when', id: 'id', type: 'type' },
  },
  badgeFormat: 'H10301',
  directions: { in: ['1', 'entry'], out: ['2', 'exit'] },
  doors: {
    'ICU-EAST': { zone: 'icu' },
    'Main/1': { name: 'Main entrance', direction: 'out' },
    Türe: {},
  },
  alarms: { FORCED: 'forced-open' },
  ignored: ['HEARTBEAT'],
}
const one = (given: object): FeedSetting => {
  const [setting] = feedSettings.parse([{ ...usual, ...given }])
  if (!setting) throw new Error('no setting')
  return setting
}
function map(raw: RawEvent, given: object = {}): Mapped {
  const mapEvent = makeMapEvent(one(given))
  if (!mapEvent) throw new Error('no table')
  return mapEvent(raw)
}
const passed = { card: '4711', site: 12, reader: 'ICU-EAST', dir: '1', when: 1772600767, id: 'a' }

describe('an event of another system', () => {
  it('is a door that somebody passed, by the table', () => {
    expect(map(passed)).toMatchObject({
      kind: 'event',
      event: {
        ...{ kind: 'door', id: 'a', door: 'ICU-EAST', zoneId: 'icu', direction: 'in' },
        atMs: 1772600767000,
        who: { by: 'card', card: { technology: 'wiegand' } },
      },
    })
    expect(map({ ...passed, reader: 'Main/1', dir: undefined })).toMatchObject({
      event: { door: 'Main entrance', direction: 'out', zoneId: undefined },
    })
    expect(map({ ...passed, reader: 'Türe' })).toMatchObject({ event: { door: 'T-re' } })
  })
  it('names a person by her staff number where there is no card', () => {
    expect(map({ ...passed, card: '', employee: ' n-4711 ' })).toMatchObject({
      event: { who: { by: 'staff-number', staffNumber: 'n-4711' } },
    })
  })
  it('is an alarm by its type, whoever it was and wherever he went', () => {
    expect(map({ reader: 'ICU-EAST', when: '2026-03-04T05:06:07Z', type: 'FORCED' })).toMatchObject(
      {
        event: { kind: 'alarm', alarm: 'forced-open', atMs: 1772600767000 },
      },
    )
    expect(map({ type: 'HEARTBEAT' })).toEqual({ kind: 'ignored' })
  })
  it('is read from within nested objects', () => {
    const fields = { ...usual.fields, badge: 'data.card.number', facility: undefined }
    const raw = { ...passed, data: { card: { number: '12-4711' } } }
    expect(map(raw, { fields })).toMatchObject({ event: { who: { by: 'card' } } })
  })
  it.each([
    ['1772600767', 1772600767000],
    ['1772600767890', 1772600767890],
    ['2026-03-04T06:06:07+01:00', 1772600767000],
    ['2026-03-04 06:06:07', 1772600767000],
    // The hour that the clock has twice.
    ['2026-10-25T02:30:00', 1792888200000],
  ])('at %s', (when, atMs) => {
    expect(map({ ...passed, when }, { timeZone: 'Europe/Berlin' })).toMatchObject({
      event: { atMs },
    })
  })
  it('told again word for word is the same, and another is another', () => {
    const idOf = (raw: RawEvent): string => {
      const mapped = map(raw)
      return mapped.kind === 'event' ? mapped.event.id : ''
    }
    const without = { ...passed, id: undefined }
    expect(idOf(without)).toBe(idOf({ ...without }))
    expect(idOf(without)).not.toBe(idOf({ ...without, when: 1772600768 }))
  })
  it.each([
    ['door', { ...passed, reader: 'CELLAR' }, 'CELLAR'],
    ['door', { ...passed, reader: 'constructor' }, 'constructor'],
    ['door', { ...passed, reader: { a: 1 } }, ''],
    ['direction', { ...passed, dir: 'sideways' }, 'ICU-EAST'],
    ['time', { ...passed, when: '2026-03-04 05:06:07' }, ''],
    ['time', { ...passed, when: 'yesterday' }, ''],
    ['person', { ...passed, card: '99999999' }, ''],
    ['person', { ...passed, card: ['4711'] }, ''],
  ])('refuses/to be guessed at: no known %s', (why, raw, what) => {
    expect(map(raw)).toEqual({ kind: 'unmapped', why, what })
  })
  it('refuses/a table with a format or a zone that there is none of', () => {
    expect(makeMapEvent(one({ badgeFormat: 'H99999' }))).toBeUndefined()
    expect(makeMapEvent(one({ timeZone: 'Middle/Earth' }))).toBeUndefined()
  })
  it.each([
    ['no person', { fields: { door: 'd', time: 't' } }],
    ['a name for the record that it cannot hold', { doors: { a: { name: 'Türe' } } }],
    ['an alarm of many words', { alarms: { a: 'Forced Open' } }],
    ['no table of doors', { doors: undefined }],
    ['syslog without certificates', { kind: 'syslog', host: '127.0.0.1' }],
  ])('refuses/settings with %s', (_name, change) => {
    expect(feedSettings.safeParse([{ ...usual, ...change }]).success).toBe(false)
  })
  it('refuses/what is nested deeper than anything can be read from', () => {
    const deep = `{"a":${'['.repeat(7000)}${']'.repeat(7000)}}`
    expect(parseEvents(deep)).toBeUndefined()
    expect(syslogFields(`<13>1 - - - - - - ${deep}`)).not.toHaveProperty('a')
    expect(parseEvents(`{"a":${'['.repeat(20)}${']'.repeat(20)}}`)).toHaveLength(1)
  })
  it('refuses/a body that is no object and no short list of them', () => {
    expect(parseEvents('{"a":1}')).toEqual([{ a: 1 }])
    expect(parseEvents('[{"a":1},{}]')).toHaveLength(2)
    for (const text of ['', 'null', '"a"', '[1]', '[[]]', `[${'{},'.repeat(200)}{}]`]) {
      expect(parseEvents(text), text.slice(0, 20)).toBeUndefined()
    }
  })
})

describe('syslog that comes in', () => {
  const octets = (text: string): string => `${String(Buffer.byteLength(text))} ${text}`
  const message = '<134>1 2026-03-04T05:06:07Z acs wiegand - D1 [a@1 b="c\\"]d"] {"card":"4711"}'

  it('has the fields of its JSON, or its pairs, and of its head', () => {
    expect(syslogFields(message)).toEqual({
      ...{ card: '4711', 'syslog.time': '2026-03-04T05:06:07Z', 'syslog.host': 'acs' },
      ...{ 'syslog.app': 'wiegand', 'syslog.id': 'D1' },
    })
    expect(syslogFields('<13>1 - - - - - - \ufeffcard=4711 door="ICU \\"E\\"" x=')).toMatchObject({
      ...{ card: '4711', door: 'ICU "E"', x: '' },
    })
    expect(syslogFields('<13>Mar  4 05:06:07 acs doord: card=4711 dir=in')).toEqual({
      ...{ card: '4711', dir: 'in', 'syslog.host': 'acs' },
    })
    expect(syslogFields('<13>hello')).toEqual({})
    expect(syslogFields('<13>1 - - - - - - [1,2]')).not.toHaveProperty('card')
  })

  it('is the same however it is cut into pieces, counted or by lines', () => {
    const texts = ['<13>1 - - - - - - ä=ü', '<13>a=b', message]
    for (const whole of [texts.map(octets).join(''), `${texts.join('\n')}\r\n`]) {
      const bytes = Buffer.from(whole)
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
          const frames = new SyslogFrames()
          const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
          const got = at.flatMap((from, n) => frames.take(bytes.subarray(from, at[n + 1])).messages)
          expect(got).toEqual(texts)
        }),
        { numRuns: 60 },
      )
    }
  })

  it.each(['GET / HTTP/1.1', '0 <13>', '99999999 <13>a', '17000 <13>a', '12a<13>', '\x16\x03\x01'])(
    'refuses/what is no syslog: %j',
    (text) => {
      expect(new SyslogFrames().take(Buffer.from(text))).toEqual({ messages: [], isBroken: true })
    },
  )
  it('refuses/a line without an end', () => {
    const frames = new SyslogFrames()
    expect(frames.take(Buffer.from(`<13>${'a'.repeat(9000)}`))).toMatchObject({ isBroken: false })
    expect(frames.take(Buffer.from('a'.repeat(9000)))).toMatchObject({ isBroken: true })
  })
})
