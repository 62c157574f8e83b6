// A fact as a FHIR R4 AuditEvent, in the patterns of DICOM, ATNA and IHE BALP. It says who asked,
// where, and which fact of which record it is; what is not known is left out, never invented. Pure.

import { createHash } from 'node:crypto'
import { auditKind, getAccessToken } from './audit-kinds.ts'
import type { Coding } from './audit-kinds.ts'
import type { StreamEvent } from './stream-event.ts'

type Json = Readonly<Record<string, unknown>>

/** What a receiver finds a repeated one by. */
export const recordSystem = 'urn:wardkey:record'
const factSystem = 'urn:wardkey:fact-code'
const terminology = 'http://terminology.hl7.org/CodeSystem'
const detailCharsMax = 2000

/** By which a fact is known outside: R4 has no identifier for the AuditEvent itself. */
export const factIdentifier = ({ origin, index }: Pick<StreamEvent, 'origin' | 'index'>) => ({
  system: recordSystem,
  value: `${origin}/${String(index)}`,
})

/** An id for servers that let a client choose it: the same for the same fact, always. */
export function auditEventId({ origin, index }: Pick<StreamEvent, 'origin' | 'index'>): string {
  const record = createHash('sha256').update(origin).digest('hex').slice(0, 16)
  return `wardkey-${record}-${String(index)}`
}

export function auditEvent(event: StreamEvent): Json {
  const { type, subtype, action } = auditKind(event)
  const own: Coding = { system: factSystem, code: event.code, display: event.sentence }
  return {
    resourceType: 'AuditEvent',
    type,
    subtype: subtype === undefined ? [own] : [subtype, own],
    action,
    recorded: new Date(event.atMs).toISOString(),
    outcome: outcomeOf(event),
    outcomeDesc: descriptionOf(event),
    ...purposeOf(event),
    agent: agentsOf(event, subtype === getAccessToken),
    source: {
      site: event.origin,
      observer: identified('urn:wardkey:broker', event.origin),
      type: [{ system: `${terminology}/security-source-type`, code: '6' }],
    },
    entity: entitiesOf(event),
  }
}

function outcomeOf({ isFailure, gravity }: StreamEvent): '0' | '4' | '8' {
  if (!isFailure) return '0'
  return gravity === 'error' || gravity === 'alert' ? '8' : '4'
}

function descriptionOf({ sentence, fields }: StreamEvent): string {
  const reason = fields['reason'] ?? fields['code']
  return reason === undefined ? sentence : `${sentence} (${String(reason)})`
}

/** A receiver that does not know BTG finds what it is beside it. */
function purposeOf({ class: eventClass }: StreamEvent): Json {
  if (eventClass !== 'emergency') return {}
  const codes = [
    { system: `${terminology}/v3-ActReason`, code: 'BTG', display: 'break the glass' },
    { system: `${terminology}/v3-ActReason`, code: 'ETREAT', display: 'Emergency Treatment' },
  ]
  return { purposeOfEvent: [{ coding: codes }] }
}

/** Exactly one of them has asked: who did it, else the person, else the broker itself. */
function agentsOf(event: StreamEvent, isToken: boolean): readonly Json[] {
  const by = event.fields['by']
  const people: Json[] = []
  if (by !== undefined && String(by) !== event.person) {
    people.push({ ...humanType(false), who: identified('urn:wardkey:actor', String(by)) })
  } else if (event.person !== undefined) people.push(personAgent(event, isToken))
  const client = isToken ? clientAgent(event) : []
  const workstation = event.workstation === undefined ? [] : [workstationAgent(event.workstation)]
  const agents = [...people, ...client, ...workstation]
  if (people.length === 0) {
    agents.unshift({
      type: codeable('http://dicom.nema.org/resources/ontology/DCM', '110150', 'Application'),
      who: identified('urn:wardkey:broker', event.origin),
    })
  }
  return agents.map((agent, at) => ({ ...agent, requestor: at === 0 }))
}

function personAgent({ person = '', badge, identity, zone }: StreamEvent, isToken: boolean): Json {
  return {
    ...humanType(isToken),
    who: identified('urn:wardkey:person', person),
    ...(badge === undefined ? {} : { altId: badge }),
    ...(identity.name === undefined ? {} : { name: identity.name }),
    ...(zone === undefined ? {} : { location: identified('urn:wardkey:zone', zone) }),
  }
}

function humanType(isToken: boolean): Json {
  return {
    type: isToken
      ? codeable(`${terminology}/v3-ParticipationType`, 'IRCP', 'information recipient')
      : codeable(`${terminology}/extra-security-role-type`, 'humanuser', 'human user'),
  }
}

/** BALP: the application that asked for the token. */
function clientAgent({ fields }: StreamEvent): readonly Json[] {
  const client = fields['client']
  if (client === undefined) return []
  const type = codeable('http://dicom.nema.org/resources/ontology/DCM', '110150', 'Application')
  return [{ type, who: identified('urn:wardkey:client', String(client)) }]
}

function workstationAgent(id: string): Json {
  const type = codeable('http://dicom.nema.org/resources/ontology/DCM', '110153', 'Source Role ID')
  return { type, who: identified('urn:wardkey:workstation', id) }
}

function entitiesOf(event: StreamEvent): readonly Json[] {
  const { person, session, fields, identity } = event
  const fact = {
    what: { identifier: factIdentifier(event) },
    type: { system: `${terminology}/audit-entity-type`, code: '2', display: 'System Object' },
    role: { system: `${terminology}/object-role`, code: '13', display: 'Security Resource' },
    detail: detailsOf(event),
  }
  const by = fields['by']
  // About whom somebody else did it.
  const isAbout = person !== undefined && by !== undefined && String(by) !== person
  const about = isAbout
    ? [
        {
          what: identified('urn:wardkey:person', person),
          type: { system: `${terminology}/audit-entity-type`, code: '1', display: 'Person' },
          ...(identity.name === undefined ? {} : { name: identity.name }),
        },
      ]
    : []
  const sessions =
    session === undefined ? [] : [{ what: identified('urn:wardkey:session', session) }]
  return [fact, ...about, ...sessions]
}

function detailsOf(event: StreamEvent): readonly Json[] {
  const { index, previous, checkpoint, tap, rule, id, identity, fields } = event
  const named = {
    index,
    previous,
    checkpoint,
    factId: id,
    tap,
    rule,
    staffNumber: identity.staffNumber,
  }
  const own = Object.entries(named)
  const more = Object.entries(fields).map(([name, value]) => [`field.${name}`, value] as const)
  return [...own, ...more].flatMap(([type, value]) =>
    // FHIR has no empty strings.
    value === undefined || value === ''
      ? []
      : [{ type, valueString: String(value).slice(0, detailCharsMax) }],
  )
}

const identified = (system: string, value: string): Json => ({ identifier: { system, value } })

const codeable = (system: string, code: string, display: string): Json => ({
  coding: [{ system, code, display }],
})
