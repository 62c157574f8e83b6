// The keys that sign people in to EHRs, by the database's schedule: read, and given its next keys
// when the period is over or the host has ordered it. Of several brokers one does it.

import { encodeFact } from '../../audit/fact.ts'
import { keyNoteWrite } from '../../audit/key-changes/key-note-write.ts'
import type { SignInOrder } from '../../platform/keys/sign-in-keys.ts'
import type { Store } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { firstSchedule, isDue, parseSchedule, withNext } from './sign-in-schedule.ts'
import type { ScheduleTimes, SignInSchedule } from './sign-in-schedule.ts'

export interface SignInNeeds extends FlowNeeds {
  readonly store: Store
  readonly times: ScheduleTimes
  /** Durable when it resolves. */
  readonly makeKeys: (generation: string) => Promise<void>
  readonly newGeneration: () => string
}

const name = 'sign-in'

/** With it the row as it was read: only who has read the last one may change it. */
export async function readSchedule(
  needs: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<{ schedule: SignInSchedule; text: string | undefined }> {
  const row = await needs.db
    .selectFrom('key_note')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  if (row === undefined) return { schedule: firstSchedule(needs.nowMs()), text: undefined }
  return { schedule: parseSchedule(row.value), text: row.value }
}

/** Reads the schedule, and gives it its next keys where it is time. */
export async function keepSignInKeys(
  order: SignInOrder | undefined,
  needs: SignInNeeds,
): Promise<SignInSchedule> {
  const { schedule, text } = await readSchedule(needs)
  const nowMs = needs.nowMs()
  const isOrdered = order !== undefined && order.id !== schedule.order
  if (text === undefined) return begin(schedule, needs)
  if (!isOrdered && !isDue(schedule, nowMs, needs.times)) return schedule
  const reason = isOrdered ? order.reason : 'scheduled'
  const id = needs.newGeneration()
  const about = { id, reason, order: isOrdered ? order.id : '' }
  const next = withNext(schedule, about, nowMs, needs.times)
  const made = next.generations.find((one) => one.id === id)
  const writes = [keyNoteWrite({ name, before: text, value: JSON.stringify(next) }, needs)]
  if (!made) {
    // It is under way already: only that the order was seen is new.
    const done = await needs.store.commit({ kind: 'housekeeping', writes })
    return done.kind === 'committed' ? next : schedule
  }
  // Before anybody is told of them: a schedule never names keys that are not there.
  await needs.makeKeys(id)
  const fields = { by: isOrdered ? 'host' : 'period', reason, signsMs: made.signsMs }
  const facts = [encodeFact(newFact(needs, 'KEY-004', { fields }))] as const
  const done = await needs.store.commit({ kind: 'recorded', writes, facts })
  // Another broker was first: what it did is read at the next look.
  return done.kind === 'committed' ? next : schedule
}

/** The period begins with the first look. */
async function begin(schedule: SignInSchedule, needs: SignInNeeds): Promise<SignInSchedule> {
  const value = JSON.stringify(schedule)
  const writes = [keyNoteWrite({ name, before: undefined, value }, needs)]
  await needs.store.commit({ kind: 'housekeeping', writes })
  return schedule
}
