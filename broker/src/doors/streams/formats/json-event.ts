// A fact in our own JSON: one object with flat names, the same by syslog, webhook and file. Pure.

import type { StreamEvent } from './stream-event.ts'

/** Changes only with its number; receivers may rely on what is there. */
export const jsonFormat = 'wardkey-event-1'

export function jsonEvent(event: StreamEvent): Readonly<Record<string, unknown>> {
  const { index, previous, checkpoint, origin, id, code, sentence, identity } = event
  return without({
    format: jsonFormat,
    record: origin,
    index,
    previous,
    checkpoint,
    id,
    code,
    what: sentence,
    class: event.class,
    severity: event.gravity,
    outcome: event.isFailure ? 'failure' : 'success',
    time: new Date(event.atMs).toISOString(),
    person: event.person,
    name: identity.name,
    staffNumber: identity.staffNumber,
    workstation: event.workstation,
    zone: event.zone,
    session: event.session,
    tap: event.tap,
    badge: event.badge,
    rule: event.rule,
    fields: Object.keys(event.fields).length === 0 ? undefined : event.fields,
  })
}

/** What is not there is not written. */
function without(all: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
