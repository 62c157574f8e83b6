// N and N-1 speak to each other, in both directions: the frames of today against those of the
// release before, as they were frozen. A release freezes them anew with WARDKEY_FREEZE_FRAMES=1.

import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { agentFrame } from '@wardkey/protocol/workstation/agent-frames'
import { brokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { enrolRequest, identityAnswer } from '@wardkey/protocol/workstation/enrolment'
import { parseAgentFrame, parseBrokerFrame } from '@wardkey/protocol/workstation/parse-frame'
import { narrowings } from './narrowings.ts'
import type { Grows, Json } from './narrowings.ts'

/** As parse-frame has it. */
const grows: Grows = (path) => /^(agentFrame|brokerFrame\/(welcome|rules))/.test(path)
const spoken = { agentFrame, brokerFrame, enrolRequest, identityAnswer }
const file = new URL('./frames-of-before.json', import.meta.url)
const today = JSON.parse(
  JSON.stringify(
    Object.fromEntries(
      Object.entries(spoken).map(([name, schema]) => [
        name,
        z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
      ]),
    ),
  ),
) as Record<string, Json>
if (process.env['WARDKEY_FREEZE_FRAMES'] === '1') {
  writeFileSync(file, `${JSON.stringify(today, null, 1)}\n`)
}
const before = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Json>

describe('what was said before', () => {
  it.each(Object.keys(spoken))('is still said, and understood, as %s', (name) => {
    expect(narrowings(before[name], today[name], name, grows)).toEqual([])
  })
})

describe('what would break one of the two', () => {
  const was = {
    oneOf: [
      {
        properties: { kind: { const: 'tap' }, at: { type: 'integer', maximum: 9 } },
        required: ['kind', 'at'],
      },
    ],
  }
  const tap = (properties: object, required: readonly string[]): Json =>
    JSON.parse(
      JSON.stringify({
        oneOf: [{ properties: { kind: { const: 'tap' }, ...properties }, required }],
      }),
    ) as Json
  const at = { type: 'integer', maximum: 9 }
  it.each<[string, Json, string]>([
    ['a kind that is gone', { oneOf: [] }, '/tap: gone'],
    ['a property that is gone', tap({}, ['kind']), '/tap.at: gone'],
    ['one that is needed now', tap({ at, x: at }, ['kind', 'at', 'x']), '.x: is needed now'],
    ['one that may be missing now', tap({ at }, ['kind']), '.at: may be missing now'],
    ['another limit', tap({ at: { ...at, maximum: 8 } }, ['kind', 'at']), '.at: other maximum'],
    ['another type', tap({ at: { ...at, type: 'string' } }, ['kind', 'at']), '.at: other type'],
  ])('%s is seen', (_what, is, says) => {
    expect(narrowings(was, is, 'agentFrame', grows).join('\n')).toContain(says)
  })
  it('is not what may be left out, nor a kind more', () => {
    expect(narrowings(was, tap({ at, x: at }, ['kind', 'at']), 'agentFrame', grows)).toEqual([])
    const flaws = narrowings(was, tap({ at, x: at }, ['kind', 'at']), 'brokerFrame', grows)
    expect(flaws).toEqual(['brokerFrame/tap.x: is new, and would be refused'])
  })
  it('is seen in the frames of today, wherever a property is taken away', () => {
    const text = JSON.stringify(today['brokerFrame']).replaceAll('"sessionId"', '"session"')
    const flaws = narrowings(before['brokerFrame'], JSON.parse(text) as Json, 'frame', grows)
    expect(flaws.join('\n')).toContain('/admitted.sessionId: gone')
  })
})

describe('what a newer side says beyond what is known', () => {
  const id = '018f3c1e-0000-7000-8000-000000000001'
  const hello = {
    ...{ kind: 'hello', id, version: 1, agentVersion: '9', bootId: '0'.repeat(8) },
    ...{ platform: 'linux', atMs: 1 },
  }
  const zone = {
    ...{ zoneId: 'a', zoneKind: 'ward', label: 'A', idleMs: 1, fadeMs: 1, staleMs: 1 },
    ...{ publicView: false, presentIdleMs: 1, awayIdleMs: 1, activeMs: 1, cardStays: false },
    ...{ takeOver: 'at-once', takeOverMs: 1, suspendedMax: 1, offlineMaxMs: 1 },
    ...{ pinDigitsMin: 4, pinDigitsMax: 12, nameShown: 'none', serviceDesk: '' },
  }
  it('is passed over, at any depth', () => {
    const text = JSON.stringify({ ...hello, later: { deep: [1] } })
    expect(parseAgentFrame(text)).toEqual({ kind: 'parsed', frame: hello })
    const card = { technology: 'csn', canonical: '04a1b2c3' }
    const tap = { kind: 'tap', id, tapId: id, card, atMs: 1 }
    const newer = JSON.stringify({ ...tap, card: { ...card, issuer: 'x' }, more: true })
    expect(parseAgentFrame(newer)).toEqual({ kind: 'parsed', frame: tap })
    const rules = { kind: 'rules', id, place: 'Here', rules: zone }
    const said = JSON.stringify({ ...rules, later: 1, rules: { ...zone, laterMs: 1 } })
    expect(parseBrokerFrame(said)).toEqual({ kind: 'parsed', frame: rules })
  })
  it('is not passed over in what somebody answers', () => {
    const answered = { kind: 'errand-answer', id, tapId: id, answer: { by: 'yes' } }
    expect(parseAgentFrame(JSON.stringify({ ...answered, later: 1 })).kind).toBe('parsed')
    const twice = { ...answered, answer: { by: 'yes', pin: '12345678' } }
    expect(parseAgentFrame(JSON.stringify(twice)).kind).toBe('invalid')
  })
  it('is not passed over where a broker opens, locks or answers', () => {
    const pong = { kind: 'pong', id, replyTo: id, serverTimeMs: 1 }
    const lock = { kind: 'lock', id, sessionId: id, code: 'session-ended' }
    for (const frame of [pong, lock]) {
      expect(parseBrokerFrame(JSON.stringify(frame)).kind).toBe('parsed')
      expect(parseBrokerFrame(JSON.stringify({ ...frame, later: 1 })).kind).toBe('invalid')
    }
  })
  it('makes nothing understood that would not be so without it', () => {
    const { bootId: _bootId, ...less } = hello
    for (const wrong of [
      { ...less, later: 1 },
      { ...hello, kind: 'later' },
      { ...hello, atMs: '1' },
    ]) {
      expect(parseAgentFrame(JSON.stringify({ ...wrong, more: 1 }))).toMatchObject({
        kind: 'invalid',
        code: 'frame-not-understood',
      })
    }
  })
  it('is a plain ping to a broker of before, whose pong is whole to a workstation of today', () => {
    const probing = agentFrame.parse({ kind: 'ping', id, probe: true })
    // What is not known there, as what is not known here.
    const unknown = { kind: 'ping', id, probeOfLater: true }
    const frame = { kind: 'ping', id }
    expect(JSON.stringify(before['agentFrame'])).not.toContain('"probe"')
    expect(parseAgentFrame(JSON.stringify(unknown))).toEqual({ kind: 'parsed', frame })
    expect(parseAgentFrame(JSON.stringify(probing))).toEqual({ kind: 'parsed', frame: probing })
    expect(parseBrokerFrame(JSON.stringify({ kind: 'pong', id, replyTo: id })).kind).toBe('parsed')
  })
  it('is no way to a name that objects have by themselves', () => {
    const text = JSON.stringify(hello).replace('{', '{"__proto__":{"openSessionId":"x"},')
    const parsed = parseAgentFrame(text)
    expect(parsed).toEqual({ kind: 'parsed', frame: hello })
    expect(({} as Record<string, unknown>)['openSessionId']).toBeUndefined()
  })
})
