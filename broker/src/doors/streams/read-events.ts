// Reads the record for a stream: in order, only what is under a checkpoint, only what its settings
// ask for, and whom it may name. A number that is missing in the record stops the stream.

import type { Kysely } from 'kysely'
import { personId } from '@wardkey/protocol/ids'
import type { PersonKeys } from '../../audit/person-keys.ts'
import { countGone } from '../../audit/retention/gone-rows.ts'
import type { StreamPlace } from '../../flows/streams/stream-row.ts'
import { nameText, openName } from '../../identity/person-name.ts'
import { openStaffNumber } from '../../identity/staff-number.ts'
import { Fault } from '../../platform/fault.ts'
import type { StreamSetting } from '../../platform/setting-rows/stream-settings.ts'
import type { Schema } from '../../store/schema.ts'
import { classOfCode } from './formats/event-classes.ts'
import { streamEvent } from './formats/stream-event.ts'
import type { Identity, StreamEvent } from './formats/stream-event.ts'

export interface ReadNeeds {
  readonly db: Kysely<Schema>
  readonly personKeys: Pick<PersonKeys, 'unwrap'>
  readonly origin: string
}

type Chosen = Pick<StreamSetting, 'codes' | 'classes' | 'identifiers'>

export interface EventsRead {
  readonly events: readonly StreamEvent[]
  /** Behind what was looked at, whether any of it was for this stream or not. */
  readonly place: StreamPlace
}

/** Rows that are looked at in one go; others have their turn after it. */
const windowMax = 500

export function isChosen(code: string, { codes, classes }: Chosen): boolean {
  if (codes === undefined && classes === undefined) return true
  const isCode = (codes ?? []).some(
    (one) => one === code || (one.endsWith('*') && code.startsWith(one.slice(0, -1))),
  )
  return isCode || (classes ?? []).includes(classOfCode(code))
}

/** At most `countMax` events from a place on, below the size of a checkpoint. */
export async function readEvents(
  from: StreamPlace,
  size: number,
  countMax: number,
  chosen: Chosen,
  needs: ReadNeeds,
): Promise<EventsRead> {
  const rows = await needs.db
    .selectFrom('fact')
    .select(['idx', 'code', 'body'])
    .where('idx', '>=', from.nextIndex)
    .where('idx', '<', size)
    .orderBy('idx')
    .limit(windowMax)
    .execute()
  const events: StreamEvent[] = []
  let { nextIndex, previousIndex } = from
  for (const { idx, code, body } of rows) {
    if (events.length === countMax) break
    if (idx !== nextIndex) await passGone(nextIndex, idx, needs)
    nextIndex = idx + 1
    if (!isChosen(code, chosen)) continue
    const place = { index: idx, previous: previousIndex, checkpoint: size, origin: needs.origin }
    events.push(streamEvent(body, place))
    previousIndex = idx
  }
  if (rows.length === 0 && nextIndex < size) {
    await passGone(nextIndex, size, needs)
    nextIndex = size
  }
  return { events: await named(events, chosen, needs), place: { nextIndex, previousIndex } }
}

/**
 * Of a stream that was moved back to what retention has taken: the fact that says so is streamed
 * like any other.
 */
async function passGone(from: number, to: number, { db }: ReadNeeds): Promise<void> {
  if ((await countGone(db, from, to)) !== to - from) throw missing(from)
}

/** The last fact before this one that the stream is for. */
export async function previousOf(
  index: number,
  chosen: Chosen,
  { db }: Pick<ReadNeeds, 'db'>,
): Promise<number | undefined> {
  for (let before = index; before > 0;) {
    const rows = await db
      .selectFrom('fact')
      .select(['idx', 'code'])
      .where('idx', '<', before)
      .orderBy('idx', 'desc')
      .limit(windowMax)
      .execute()
    const found = rows.find(({ code }) => isChosen(code, chosen))
    if (found) return found.idx
    before = rows.at(-1)?.idx ?? 0
    // Of a stream for what is rare it may be the whole record: taps have their turn in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return undefined
}

async function named(
  events: readonly StreamEvent[],
  { identifiers }: Chosen,
  needs: ReadNeeds,
): Promise<readonly StreamEvent[]> {
  if (identifiers === 'ids') return events
  const people = [...new Set(events.flatMap(({ person }) => person ?? []))]
  if (people.length === 0) return events
  const known = await identitiesOf(people, identifiers === 'names', needs)
  return events.map((event) => {
    const identity = event.person === undefined ? undefined : known.get(event.person)
    return identity ? { ...event, identity } : event
  })
}

/** Asked anew for each batch: who was forgotten a moment ago is in none after it. */
async function identitiesOf(
  people: readonly string[],
  isNamed: boolean,
  { db, personKeys }: ReadNeeds,
): Promise<ReadonlyMap<string, Identity>> {
  const rows = await db
    .selectFrom('person')
    .innerJoin('person_key', 'person_key.person_id', 'person.id')
    .leftJoin('staff_number', 'staff_number.person_id', 'person.id')
    .where('person.id', 'in', people)
    .select(['person.id', 'person.name_sealed', 'person_key.wrapped', 'staff_number.sealed'])
    .execute()
  const known = new Map<string, Identity>()
  for (const { id, name_sealed: name, wrapped, sealed } of rows) {
    if (!wrapped) continue
    const key = personKeys.unwrap(id, wrapped)
    const person = personId.parse(id)
    known.set(id, {
      ...(isNamed ? { name: nameText(openName(name, key, id)) } : {}),
      ...(sealed ? { staffNumber: openStaffNumber(sealed, key, person) } : {}),
    })
  }
  return known
}

const missing = (index: number): Fault =>
  new Fault('record-not-valid', 'permanent', {
    cause: new Error(`entry ${String(index)} is gone`),
  })
