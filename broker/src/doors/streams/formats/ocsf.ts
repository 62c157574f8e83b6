// A fact as an OCSF event (schema 1.3.0): Authentication 3002, Entity Management 3004, Application
// Lifecycle 6002, or the Base Event where none of these says what it is. Pure.

import type { Gravity } from './event-classes.ts'
import type { StreamEvent } from './stream-event.ts'

/** Pinned: a newer one is a change of its own. */
export const ocsfVersion = '1.3.0'

const severities: Readonly<Record<Gravity, number>> = {
  info: 1,
  notice: 2,
  warning: 3,
  error: 4,
  alert: 5,
}

interface Activity {
  readonly id: number
  readonly name: string
}
const logon = { id: 1, name: 'Logon' }
const logoff = { id: 2, name: 'Logoff' }
const ticket = { id: 3, name: 'Authentication Ticket' }
const preauth = { id: 6, name: 'Preauth' }

/** One log-on for each opened session: the tap and the PIN before it are its preparation. */
const signIns: Readonly<Record<string, Activity>> = {
  'TAP-001': preauth,
  'TAP-002': preauth,
  'TAP-101': logon,
  'PIN-001': preauth,
  'PIN-101': logon,
  'PIN-102': logon,
  'SES-001': logon,
  'SES-004': logoff,
  'SSO-001': ticket,
  'SSO-002': ticket,
  'SSO-101': ticket,
  'SSO-102': ticket,
  'BTG-101': logon,
  'CON-001': logon,
  'CON-002': logoff,
  'CON-101': logon,
}

const create = { id: 1, name: 'Create' }
const read = { id: 2, name: 'Read' }
const update = { id: 3, name: 'Update' }
const remove = { id: 4, name: 'Delete' }
const changes: Readonly<Record<string, Activity>> = {
  'PER-001': create,
  'PER-004': remove,
  'PER-006': read,
  'HRG-001': create,
  'HRG-003': remove,
  'BDG-001': create,
  'WKS-001': create,
  'WKS-006': create,
  'POL-001': create,
  'EXC-001': create,
  'EXC-004': remove,
  'ADM-005': read,
  'ADM-006': read,
  'EVD-001': read,
  'EVD-002': create,
}

export function ocsfEvent(event: StreamEvent, version: string): Readonly<Record<string, unknown>> {
  const { code } = event
  if (code === 'SYS-001' || code === 'SYS-002') return lifecycle(event, version)
  if (['sign-in', 'emergency'].includes(event.class) || code.startsWith('CON-')) {
    return authentication(event, version)
  }
  const isEntity = ['people', 'policy', 'workstations', 'administration'].includes(event.class)
  return isEntity ? entityManagement(event, version) : baseEvent(event, version)
}

function authentication(event: StreamEvent, version: string): Readonly<Record<string, unknown>> {
  const { session } = event
  return {
    ...common(event, version, 3002, signIns[event.code] ?? other(event)),
    user: userOf(event),
    service: { name: 'Wardkey' },
    ...(session === undefined ? {} : { session: { uid: session, is_remote: false } }),
    // Interactive, at the workstation itself.
    logon_type_id: 2,
    is_remote: false,
  }
}

function entityManagement(event: StreamEvent, version: string): Readonly<Record<string, unknown>> {
  const { code, fields } = event
  const by = fields['by']
  const looks = code === 'ADM-001' ? read : update
  return {
    ...common(event, version, 3004, changes[code] ?? looks),
    entity: entityOf(event),
    ...(by === undefined ? {} : { actor: { user: { uid: String(by) } } }),
    comment: event.sentence,
  }
}

function lifecycle(event: StreamEvent, version: string): Readonly<Record<string, unknown>> {
  const activity =
    event.code === 'SYS-001' ? { id: 3, name: 'Start' } : ({ id: 4, name: 'Stop' } as const)
  return { ...common(event, version, 6002, activity), app: productOf(version) }
}

const baseEvent = (event: StreamEvent, version: string): Readonly<Record<string, unknown>> =>
  common(event, version, 0, other(event))

function common(
  event: StreamEvent,
  version: string,
  classId: number,
  activity: Activity,
): Readonly<Record<string, unknown>> {
  const { workstation, fields } = event
  const reason = fields['reason'] ?? fields['code']
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: Math.floor(classId / 1000),
    class_uid: classId,
    type_uid: classId * 100 + activity.id,
    severity_id: severities[event.gravity],
    status_id: event.isFailure ? 2 : 1,
    ...(reason === undefined ? {} : { status_detail: String(reason) }),
    time: event.atMs,
    message: event.sentence,
    metadata: {
      version: ocsfVersion,
      product: productOf(version),
      uid: event.id,
      sequence: event.index,
      event_code: event.code,
      log_name: event.origin,
    },
    ...(workstation === undefined ? {} : { device: { uid: workstation, type_id: 2 } }),
    unmapped: unmappedOf(event),
  }
}

/** What the schema has no place for, and what shows a gap. */
function unmappedOf(event: StreamEvent): Readonly<Record<string, unknown>> {
  const { index, previous, checkpoint, zone, tap, badge, rule, fields } = event
  const all = { index, previous, checkpoint, zone, tap, badge, rule, class: event.class, fields }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

const other = ({ sentence }: StreamEvent): Activity => ({ id: 99, name: sentence })

const productOf = (version: string) => ({ name: 'Wardkey', vendor_name: 'Wardkey', version })

function userOf({ person, identity }: StreamEvent): Readonly<Record<string, unknown>> {
  // A card that is nobody's has a tap, too; the schema wants a user all the same.
  if (person === undefined) return { uid: 'unknown', type_id: 0 }
  const { name, staffNumber } = identity
  return {
    uid: person,
    type_id: 1,
    ...(name === undefined ? {} : { full_name: name }),
    ...(staffNumber === undefined ? {} : { uid_alt: staffNumber }),
  }
}

function entityOf(event: StreamEvent): Readonly<Record<string, unknown>> {
  const { person, badge, workstation, zone, identity } = event
  if (badge !== undefined) return { uid: badge, type: 'badge' }
  if (person !== undefined) {
    return { uid: person, type: 'person', ...(identity.name ? { name: identity.name } : {}) }
  }
  if (workstation !== undefined) return { uid: workstation, type: 'workstation' }
  return zone === undefined ? { name: event.class, type: 'setting' } : { uid: zone, type: 'zone' }
}
