// Everything that enters from outside as text, with an input that is in order to begin from.

import { parseInput, parseHello } from '@wardkey/agent/screen/screen-input'
import { PipeFraming } from '@wardkey/agent/launch/pipe-framing'
import { readPresence } from '@wardkey/agent/desktop/presence/hid/presence-input'
import { findPresenceField } from '@wardkey/agent/desktop/presence/hid/report-descriptor'
import { parseSensorKeys, readKeys } from '@wardkey/agent/desktop/presence/hid/sensor-keys'
import { parsePresenceReport } from '@wardkey/agent/desktop/presence/presence-report'
import { parseSimulatedCommand } from '@wardkey/agent/readers/simulated/simulated-command'
import { identifyUid } from '@wardkey/agent/readers/card-identity'
import { openCheckpoint } from '@wardkey/broker/audit/checkpoint'
import { parseRecordLine } from '@wardkey/broker/audit/record-lines'
import { parseVerifierKey } from '@wardkey/broker/audit/signed-note'
import { parseSeat } from '@wardkey/broker/doors/oidc/seats/seat'
import { parseSignature } from '@wardkey/broker/doors/oidc/signature-request'
import { needsStepUp } from '@wardkey/broker/doors/oidc/step-up-need'
import { beforeAll, followLines } from '@wardkey/broker/flows/offline/follow-lines'
import { enrolRequest, renewRequest } from '@wardkey/protocol/workstation/enrolment'
import { parseAgentFrame, parseBrokerFrame } from '@wardkey/protocol/workstation/parse-frame'
import type { FuzzTarget } from './coverage-fuzzer.ts'

const id = '018f3c1e-0000-7000-8000-000000000001'
const json = JSON.stringify
const agentFrames = [
  {
    kind: 'hello',
    id,
    version: 1,
    agentVersion: '0',
    bootId: '0'.repeat(8),
    platform: 'linux',
    atMs: 1,
  },
  { kind: 'tap', id, tapId: id, card: { technology: 'csn', canonical: '04a1b2c3' }, atMs: 1 },
  { kind: 'pin', id, tapId: id, pin: '12345678' },
  { kind: 'leave', id, sessionId: id, reason: 'tap-out', atMs: 1 },
  { kind: 'launched', id, sessionId: id, outcome: 'shown', stagesMs: { a: 1 } },
  { kind: 'launch-again', id, tapId: id, sessionId: id },
  {
    kind: 'break-glass',
    id,
    tapId: id,
    who: { by: 'staff-number', staffNumber: 'N-1' },
    choice: { reason: 'other', note: 'n', tookMs: 1, position: 0, of: 1 },
    atMs: 1,
  },
  { kind: 'witness', id, tapId: id, card: { technology: 'csn', canonical: '04a1b2c3' }, atMs: 1 },
  {
    ...{ kind: 'errand', id, tapId: id, errand: 'enrol', atMs: 1 },
    card: { technology: 'csn', canonical: '04a1b2c3' },
  },
  { kind: 'errand-answer', id, tapId: id, answer: { by: 'new-pin', pin: '12345678' } },
  { kind: 'offline-facts', id, journalId: id, lines: ['{}'], isLast: true },
].map((frame) => json(frame))
const brokerFrames = [
  { kind: 'ask-pin', id, tapId: id, again: false, answerWithinMs: 1 },
  { kind: 'refused', id, tapId: id, code: 'pin-locked', quote: 'AAA-BBB' },
  {
    ...{ kind: 'ask-errand', id, tapId: id, errand: 'enrol', step: 'confirm', name: 'N' },
    ...{ isSecond: false, again: false, answerWithinMs: 1 },
  },
  { kind: 'errand-done', id, tapId: id, errand: 'loaner', lastsMs: 1 },
  { kind: 'ask-witness', id, tapId: id, again: false, answerWithinMs: 1 },
  {
    kind: 'admitted',
    id,
    tapId: id,
    sessionId: id,
    name: 'N',
    role: 'r',
    steps: [{ kind: 'open-web', url: 'http://a/', allowedOrigins: ['http://a'] }],
  },
  { kind: 'bundle', id, sequence: 1, part: 0, parts: 1, text: 'A' },
  { kind: 'people-out', id, text: `A.${'A'.repeat(86)}` },
  {
    ...{ kind: 'offline-merged', id, replyTo: id, journalId: id, upToSeq: 1 },
    sessions: [{ sessionId: id, isKept: true }],
  },
].map((frame) => json(frame))
const journalLines = [
  { kind: 'left', seq: 1, atMs: 1, previous: '0'.repeat(64), sessionId: id, reason: 'idle' },
  {
    ...{ kind: 'decided', seq: 1, atMs: 1, previous: '0'.repeat(64), tapId: id },
    ...{ outcome: 'admitted', rule: 'r', personId: id, sessionId: id },
    ...{ bundleSequence: 1, bundleAgeMs: 1 },
  },
].map((line) => json(line))
const vkey = 'audit.example.org/site1+1a2662ea+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4'
const note =
  'audit.example.org/site1\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n' +
  '— audit.example.org/site1 GiZi6obHLLsW6qr5kXN9QwLmS5f9WPvdzulcSR66HZ2+fRy4c5RQpsKeHl028LCF+dwNh7Er5+EUSbasyCB2W/QDAQ4=\n'
const key = parseVerifierKey(vkey)
const cookieKey = Buffer.alloc(32)
const pem = (label: string): string => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}

export const targets: readonly FuzzTarget[] = [
  {
    name: 'agent frames',
    run: (text) => {
      parseAgentFrame(text)
    },
    seeds: agentFrames,
    code: ['protocol/src/'],
  },
  {
    name: 'broker frames',
    run: (text) => {
      parseBrokerFrame(text)
    },
    seeds: brokerFrames,
    code: ['protocol/src/'],
  },
  {
    name: 'journals of cut-off workstations',
    run: (text) => {
      const followed = followLines(text.split('\n'), beforeAll)
      if (followed.kind === 'follows' && followed.entries.length !== followed.upto.seq) {
        throw new Error('lines that are not counted')
      }
    },
    seeds: journalLines,
    code: ['protocol/src/', 'broker/src/flows/offline/'],
  },
  {
    name: 'enrolment bodies',
    run: (text) => {
      enrolRequest.safeParse(jsonOf(text))
      renewRequest.safeParse(jsonOf(text))
    },
    seeds: [
      json({ csrPem: pem('CERTIFICATE REQUEST') }),
      json({ token: `wke_${'a'.repeat(40)}`, csrPem: pem('CERTIFICATE REQUEST'), place: 'p' }),
    ],
    code: ['protocol/src/', 'zod/v4/core/schemas'],
  },
  {
    name: 'lock screen messages',
    run: (text) => {
      parseHello(text)
      parseInput(text)
    },
    seeds: [
      json({ kind: 'hello', secret: 'A'.repeat(43) }),
      json({ kind: 'pin-entered', tapId: id, pin: '1234' }),
    ],
    code: ['agent/src/screen/'],
  },
  {
    name: 'DevTools pipe',
    run: (text) => {
      const framing = new PipeFraming()
      const bytes = Buffer.from(text, 'utf8')
      const half = Math.floor(bytes.length / 2)
      const inTwo = [
        ...framing.take(bytes.subarray(0, half)),
        ...framing.take(bytes.subarray(half)),
      ]
      const atOnce = new PipeFraming().take(bytes)
      if (inTwo.join('\0') !== atOnce.join('\0')) throw new Error('chunks change the messages')
    },
    seeds: ['{"id":1}\0{"id":2}\0'],
    code: ['agent/src/launch/pipe-framing'],
  },
  {
    name: 'cards',
    run: (text) => {
      identifyUid(Buffer.from(text, 'latin1'))
      parseSimulatedCommand(text)
      parsePresenceReport(text)
    },
    seeds: [
      '\u0004\u00a1\u00b2\u00c3',
      json({ kind: 'tap', uid: '04a1b2c3' }),
      json({ near: true, confidence: 0.9 }),
    ],
    code: ['agent/src/readers/', 'agent/src/desktop/presence/'],
  },
  {
    name: 'presence sensors',
    run: (text) => {
      const bytes = Buffer.from(text, 'latin1')
      const field = findPresenceField(bytes)
      if (field && field.bit + field.bits > 8 * 4096) throw new Error('a field outside of reports')
      if (field) readPresence(field, bytes)
      readKeys(parseSensorKeys('away:gui+l/near:f24'), bytes)
    },
    seeds: [
      '05200911a1000a010215002506750895010a00080a010881020ab10415002501750895018102c0',
      '0520850309a1000bb1042000150025017501950181027507950181c0',
    ].map((hex) => Buffer.from(hex, 'hex').toString('latin1')),
    code: ['agent/src/desktop/presence/hid/'],
  },
  {
    name: 'record lines and notes',
    run: (text) => {
      parseRecordLine(text)
      parseVerifierKey(text)
      if (!key) throw new Error('no key')
      const opened = openCheckpoint(text, [key])
      if (opened && opened.size !== 8) throw new Error('a checkpoint that nobody signed')
    },
    seeds: [note, vkey, json({ kind: 'entry', index: 0, body: '{}' })],
    code: ['broker/src/audit/'],
  },
  {
    name: 'cookies and signature requests',
    run: (text) => {
      if (parseSeat(text, cookieKey)) throw new Error('a seat that nobody signed')
      parseSignature(text)
      needsStepUp({ acr_values: text, claims: text, prompt: text, max_age: text }, 0, 1)
    },
    seeds: [
      `wardkey_seat=${id}.${id}.${'A'.repeat(43)}`,
      json([
        { type: 'wardkey_signature', description: 'd', hash: 'h'.repeat(43), hash_alg: 'sha-256' },
      ]),
      json({ id_token: { acr: { essential: true, values: ['x'] } } }),
    ],
    code: ['broker/src/doors/oidc/'],
  },
]

/**
 * A bug five bytes deep: the fuzzer has to find it, or its silence about the others means nothing.
 */
export const planted: FuzzTarget = {
  name: 'planted',
  run: (text) => {
    if (!text.startsWith('w')) return
    if (text.charAt(1) !== 'a') return
    if (text.charAt(2) !== 'r') return
    if (text.charAt(3) !== 'd') return
    if (text.charAt(4) === 'k') throw new Error('planted')
  },
  seeds: ['hello'],
  code: ['conformance/fuzz/targets'],
}
