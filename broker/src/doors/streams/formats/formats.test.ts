// The formats of streams against the vectors that are published or composed for them, and against
// texts that would break out of a field.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everyCode, fullEvent, sampleEvent } from '../../../../../test/kit/stream-events.ts'
import { parseCsv } from '../../command-line/people/parse-csv.ts'
import { cefEvent, writeCef } from './cef.ts'
import { csvHead, csvRow } from './csv-event.ts'
import { classOfCode, gravityOf, isFailure } from './event-classes.ts'
import { jsonEvent } from './json-event.ts'
import { ocsfEvent } from './ocsf.ts'
import { streamEvent } from './stream-event.ts'
import { octetCounted, parameter, syslogFrame } from './syslog-frame.ts'

const form = {
  facility: 10,
  hostName: 'broker-1.hospital.example',
  processId: '42',
  enterprise: 32473,
  hasBom: false,
}

describe('an event', () => {
  it('has a class for every code, and none of a release that is not written yet is lost', () => {
    for (const code of everyCode) expect(classOfCode(code), code).not.toBe('other')
    expect([classOfCode('NEW-101'), gravityOf('NEW-101'), isFailure('NEW-101')]).toEqual([
      'other',
      'warning',
      true,
    ])
    expect([isFailure('PIN-201'), isFailure('TAP-001')]).toEqual([false, false])
  })
  it('never holds what is sealed', () => {
    for (const code of everyCode) {
      const event = fullEvent(code)
      const all = [jsonEvent(event), ocsfEvent(event, '1'), cefEvent(event, '1'), csvRow(event)]
      expect(JSON.stringify(all)).not.toContain('c2VhbGVk')
    }
  })
  it('refuses/bytes that are no fact', () => {
    const place = { index: 0, previous: undefined, checkpoint: 1, origin: 'o' }
    for (const text of ['', '{', '[]', '{"id":1}', '{"id":"a","code":"TAP-001"}']) {
      expect(() => streamEvent(Buffer.from(text), place)).toThrow()
    }
  })
})

describe('CEF', () => {
  it('is the composed vector, byte for byte', () => {
    const head = {
      vendor: 'Example|Org',
      product: 'Tap\\Login',
      version: '1.0',
      eventClass: 'login.fail',
      name: 'Login failed',
      severity: 6,
    }
    const extension = [
      ['rt', 1772600767890],
      ['duser', 'kim=n'],
      ['msg', 'bad\\pin\nretry'],
    ] as const
    expect(writeCef(head, extension)).toBe(
      'CEF:0|Example\\|Org|Tap\\\\Login|1.0|login.fail|Login failed|6|' +
        'rt=1772600767890 duser=kim\\=n msg=bad\\\\pin\\nretry',
    )
  })
  it('has one line and seven pipes in its head, whatever stands in a value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (zone, reason) => {
        const text = cefEvent(sampleEvent({ zone, fields: { reason } }), '1')
        expect(text).not.toMatch(/[\r\n]/)
        // No key of its own is made by a value: before each equals sign that is none of ours is a
        // backslash.
        const keys = text.match(/(?<!\\)(\\\\)*=/g) ?? []
        const known = cefEvent(sampleEvent({ zone: 'z', fields: { reason: 'r' } }), '1')
        expect(keys).toHaveLength((known.match(/=/g) ?? []).length)
      }),
    )
  })
})

describe('a syslog frame', () => {
  it('counts bytes, not characters', () => {
    const frame = octetCounted(Buffer.from('<85>1 - - - - - - Zoë')).toString('utf8')
    expect(frame).toBe('22 <85>1 - - - - - - Zoë')
    const whole = syslogFrame(sampleEvent({ zone: 'Nähe' }), '{"a":"ü"}', form)
    const space = whole.indexOf(0x20)
    expect(Number(whole.subarray(0, space).toString())).toBe(whole.length - space - 1)
  })
  it('says facility, severity, time, code and what shows a gap', () => {
    const text = syslogFrame(sampleEvent(), 'm', form).toString()
    expect(text.slice(text.indexOf(' ') + 1)).toBe(
      '<84>1 2026-03-04T05:06:07.890Z broker-1.hospital.example wardkey-broker 42 TAP-101 ' +
        '[wardkey@32473 record="kit.example/record" index="4711" previous="4709" ' +
        'checkpoint="4800" class="sign-in"] m',
    )
    const first = syslogFrame(sampleEvent({}, { previous: undefined }), 'm', form).toString()
    expect(first).not.toContain('previous')
  })
  it('has the mark of UTF-8 where settings want it, and a nil for what is no name', () => {
    const text = syslogFrame(sampleEvent(), 'm', { ...form, hasBom: true, hostName: ' ü ' })
    expect(text.toString()).toContain('] \ufeffm')
    expect(text.toString()).toContain('890Z - wardkey-broker')
  })
  it('refuses/to let a value end its parameter', () => {
    expect(parameter('a"b\\c]d\n')).toBe('a\\"b\\\\c\\]d\n')
  })
})

describe('OCSF', () => {
  it('is the composed log-on in all that both say', () => {
    const event = sampleEvent({
      ...{ code: 'SES-001', person: 'u-1007', workstation: 'ws-icu-04', session: 's-55' },
    })
    expect(ocsfEvent(event, '0.1.0')).toMatchObject({
      ...{ activity_id: 1, category_uid: 3, class_uid: 3002, type_uid: 300201 },
      ...{ severity_id: 1, time: 1772600767890, status_id: 1, logon_type_id: 2 },
      metadata: { version: '1.3.0', sequence: 4711, product: { vendor_name: 'Wardkey' } },
      user: { uid: 'u-1007', type_id: 1 },
      session: { uid: 's-55', is_remote: false },
    })
  })
  it.each(everyCode)('of %s has what its class requires', (code) => {
    for (const event of [fullEvent(code), sampleEvent({ code })]) {
      const made = ocsfEvent(event, '0.1.0')
      const [classId, activity] = [Number(made['class_uid']), Number(made['activity_id'])]
      expect(made['type_uid']).toBe(classId * 100 + activity)
      expect(made['category_uid']).toBe(Math.floor(classId / 1000))
      const required = { 3002: 'user', 3004: 'entity', 6002: 'app', 0: 'metadata' }[classId] ?? '?'
      expect(made).toHaveProperty(required)
      expect(made).toHaveProperty('severity_id')
    }
  })
})

describe('CSV', () => {
  it('is read back as it was, by what reads CSV here', () => {
    const zone = 'a "b", c'
    const parsed = parseCsv(csvHead + csvRow(sampleEvent({ zone })), ',')
    expect(parsed.kind === 'parsed' && parsed.rows.map(({ cells }) => cells.length)).toEqual([
      21, 21,
    ])
    expect(parsed.kind === 'parsed' && parsed.rows[1]?.cells).toContain(zone)
  })
  it.each(['=1+1', '+1', '-1', '@sum(a1)', '\t=1'])('refuses/to be a formula: %j', (rule) => {
    expect(csvRow(sampleEvent({ rule }))).toContain(`,'${rule}`)
  })
  it('refuses/to have a row of more than one line', () => {
    expect(csvRow(sampleEvent({ rule: 'a\r\nb\nc' })).split(/\r|\n/)).toHaveLength(3)
  })
})
