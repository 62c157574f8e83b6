// An event of another system becomes a fact, once: whose badge passed a door, or an alarm. It is
// evidence: it opens nothing, and by itself it locks nothing.

import { createHash } from 'node:crypto'
import type { ZoneId } from '@wardkey/protocol/ids'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import { lookupOf, staffLookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { findCardHolder } from '../../identity/find-card-holder.ts'
import { findByStaffNumber } from '../../identity/staff-number.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { noteDoorOf } from '../note-door.ts'
import type { Recorded } from '../recorded.ts'

export interface TakeEventNeeds extends FlowNeeds {
  /** The keys of the look-up hashes of cards and of staff numbers. */
  readonly cardKey: Uint8Array
  readonly staffKey: Uint8Array
}

interface Told {
  /** The feed’s name in the settings. */
  readonly feed: string
  readonly id: string
  readonly door: string
  readonly zoneId: ZoneId | undefined
  readonly atMs: number
}

export type ToldEvent =
  | (Told & {
      readonly kind: 'door'
      readonly direction: 'in' | 'out'
      readonly who:
        | { readonly by: 'card'; readonly card: CardClaim }
        | { readonly by: 'staff-number'; readonly staffNumber: string }
    })
  | (Told & { readonly kind: 'alarm'; readonly alarm: string })

export async function takeEvent(
  event: ToldEvent,
  needs: TakeEventNeeds,
): Promise<Recorded<'taken'>> {
  const writes = [remember(event, needs)]
  const recorded = event.kind === 'alarm' ? alarmOf(event, needs) : await doorOf(event, needs)
  return { ...recorded, answer: 'taken', writes: [...recorded.writes, ...writes] }
}

/** Whether it was taken already, within what is remembered: a day. */
export async function isTaken(
  event: Pick<ToldEvent, 'feed' | 'id'>,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('request')
    .select('key')
    .where('key', '=', keyOf(event))
    .executeTakeFirst()
  return row !== undefined
}

function alarmOf(
  event: Extract<ToldEvent, { kind: 'alarm' }>,
  needs: TakeEventNeeds,
): Recorded<undefined> {
  const { alarm, door, zoneId, feed, atMs } = event
  const lateMs = Math.max(0, needs.nowMs() - atMs)
  const fields = { alarm, door, by: byOf(feed), lateMs }
  const zone = zoneId === undefined ? {} : { zone: zoneId }
  const facts = [newFact(needs, 'ALM-001', { ...zone, fields })] as const
  return { answer: undefined, facts, writes: [], notices: [] }
}

async function doorOf(event: Extract<ToldEvent, { kind: 'door' }>, needs: TakeEventNeeds) {
  const { who, direction, door, zoneId, atMs, feed } = event
  const holder = await holderOf(who, needs)
  const zone = zoneId === undefined ? {} : { zoneId }
  return noteDoorOf(holder, { direction, door, atMs, by: byOf(feed), ...zone }, needs)
}

async function holderOf(
  who: Extract<ToldEvent, { kind: 'door' }>['who'],
  { db, cardKey, staffKey }: TakeEventNeeds,
) {
  if (who.by === 'card') return findCardHolder(db, lookupOf(who.card, cardKey))
  const personId = await findByStaffNumber(db, staffLookupOf(who.staffNumber, staffKey))
  return personId && { personId }
}

/** In the same unit as the fact: of two at once, one conflicts and finds the other’s. */
function remember(event: ToldEvent, { db, nowMs }: TakeEventNeeds): Write {
  const row = { key: keyOf(event), answer: '', at_ms: nowMs() }
  return { query: db.insertInto('request').values(row).compile(), expectRows: 1 }
}

const byOf = (feed: string): string => `feed ${feed}`

function keyOf({ feed, id }: Pick<ToldEvent, 'feed' | 'id'>): string {
  return createHash('sha256').update(`feed\n${feed}\n${id}`).digest('hex')
}
