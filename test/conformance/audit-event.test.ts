// Every fact as a FHIR R4 AuditEvent, held to HL7's own JSON schema for it, and to what the schema
// cannot say: one who asked, no empty text, names only where they were asked for.

import { readFileSync } from 'node:fs'
import Ajv from 'ajv'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { auditEvent, auditEventId } from '@wardkey/broker/doors/streams/formats/audit-event'
import type { StreamEvent } from '@wardkey/broker/doors/streams/formats/stream-event'
import { everyCode, fullEvent, sampleEvent } from '../kit/stream-events.ts'

const readJson = (file: string): object =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as object
const ajv = new Ajv({ schemaId: 'auto', allErrors: true })
ajv.addMetaSchema(readJson('../../node_modules/ajv/lib/refs/json-schema-draft-06.json'))
const isAuditEvent = ajv.compile(readJson('vectors/audit-event-r4.schema.json'))

const coding = z.looseObject({ system: z.string(), code: z.string() })
const read = z.looseObject({
  type: z.looseObject({ code: z.string() }),
  subtype: z.array(coding),
  outcome: z.string(),
  agent: z.array(z.looseObject({ requestor: z.boolean(), name: z.string().optional() })),
})
const shown = (event: StreamEvent): z.infer<typeof read> => read.parse(auditEvent(event))
const valid = (resource: unknown): unknown => {
  isAuditEvent(JSON.parse(JSON.stringify(resource)))
  return isAuditEvent.errors
}

describe('an AuditEvent', () => {
  it.each(everyCode)('of %s is as HL7’s schema has it, full and bare', (code) => {
    for (const event of [fullEvent(code), sampleEvent({ code })]) {
      expect(valid(auditEvent(event))).toBeNull()
      expect(shown(event).agent.filter(({ requestor }) => requestor)).toHaveLength(1)
      expect(JSON.stringify(auditEvent(event))).not.toMatch(/":""|c2VhbGVk/)
    }
  })

  it.each([
    ['SES-001', '110114', '110122', '0'],
    ['SES-004', '110114', '110123', '0'],
    ['TAP-101', '110114', '110122', '4'],
    ['PIN-102', '110114', '110122', '8'],
    ['BTG-002', '110113', '110127', '0'],
    ['BTG-003', '110113', '110138', '0'],
    ['PER-002', '110113', '110137', '0'],
    ['EXC-002', '110113', '110136', '0'],
    ['POL-002', '110113', '110129', '0'],
    ['WKS-102', '110113', '110126', '4'],
    ['SYS-001', '110100', '110120', '0'],
    ['SSO-002', '110114', 'ITI-71', '0'],
  ] as const)('of %s is %s with %s, outcome %s', (code, type, subtype, outcome) => {
    const event = shown(fullEvent(code))
    expect([event.type.code, event.subtype[0]?.code, event.outcome]).toEqual([
      type,
      subtype,
      outcome,
    ])
    expect(event.subtype.at(-1)).toMatchObject({ system: 'urn:wardkey:fact-code', code })
  })

  it('is found again by the number of its fact, and has an id that FHIR allows', () => {
    const event = fullEvent('SES-001')
    expect(JSON.stringify(auditEvent(event))).toContain(
      '{"system":"urn:wardkey:record","value":"kit.example/record/4711"}',
    )
    expect(auditEventId(event)).toMatch(/^[A-Za-z0-9.-]{1,64}$/)
    expect(auditEventId({ ...event, index: Number.MAX_SAFE_INTEGER })).toMatch(/^.{1,64}$/)
  })

  it('names a person only where the stream may', () => {
    const event = sampleEvent({ code: 'SES-001', person: 'p-1' })
    expect(JSON.stringify(auditEvent(event))).not.toContain('"name"')
    const named = { ...event, identity: { name: 'Rosa Santos', staffNumber: 'S-1' } }
    expect(shown(named).agent[0]?.name).toBe('Rosa Santos')
    expect(valid(auditEvent(named))).toBeNull()
  })

  it('refuses/the schema finds what is wrong', () => {
    const good = auditEvent(fullEvent('SES-001'))
    const { agent: _agent, ...withoutAgent } = good
    const bad = [
      withoutAgent,
      { ...good, severity: 'high' },
      { ...good, outcome: 'success' },
      { ...good, recorded: 'yesterday' },
      { ...good, agent: [{ requestor: 'yes' }] },
    ]
    for (const one of bad) expect(valid(one)).not.toBeNull()
  })
})
