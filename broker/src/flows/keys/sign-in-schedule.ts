// When which keys sign people in to EHRs: each is shown to them long before it signs, and long
// after. Pure: what the clock says and a new id are handed in.

import { z } from 'zod'
import type { KeyChangeReason } from '@wardkey/protocol/admin/keys/key-words'

/** Two keys, ES256 and RS256, that change together. */
const generation = z.strictObject({
  id: z.string().regex(/^(first|[0-9a-f]{16})$/),
  /** Shown to EHRs from then on … */
  shownMs: z.int(),
  /** … and signing from then on. */
  signsMs: z.int(),
  /** Not shown any more; absent while none has come after it. */
  endsMs: z.int().optional(),
})
export type Generation = z.infer<typeof generation>

const schedule = z.strictObject({
  generations: z.array(generation).min(1).max(50),
  /** The order that was carried out last. */
  order: z.string().max(64),
})
export type SignInSchedule = z.infer<typeof schedule>

export interface ScheduleTimes {
  /** Longer than any EHR keeps a copy of the keys. */
  readonly shownMs: number
  /** Longer than whatever was signed is of use to anybody. */
  readonly keepMs: number
  /** How long one signs; 0 where only an order changes it. */
  readonly periodMs: number
}

export const parseSchedule = (text: string): SignInSchedule => schedule.parse(JSON.parse(text))

/** Of a broker that has never changed them: how old they are nobody knows. */
export const firstSchedule = (nowMs: number): SignInSchedule => ({
  generations: [{ id: 'first', shownMs: nowMs, signsMs: nowMs }],
  order: '',
})

/** What EHRs are shown now, the one that signs first. */
export function shownAt({ generations }: SignInSchedule, nowMs: number): readonly Generation[] {
  const shown = generations.filter(({ endsMs }) => endsMs === undefined || endsMs > nowMs)
  const signing = shown.findLast(({ signsMs }) => signsMs <= nowMs) ?? shown[0]
  return signing ? [signing, ...shown.filter((one) => one !== signing)] : []
}

export const nextOf = ({ generations }: SignInSchedule, nowMs: number): Generation | undefined =>
  generations.findLast(({ signsMs }) => signsMs > nowMs)

/** Whether the next has to be shown by now, so that it can sign when the period is over. */
export function isDue(
  schedule: SignInSchedule,
  nowMs: number,
  { periodMs, shownMs }: Pick<ScheduleTimes, 'periodMs' | 'shownMs'>,
): boolean {
  if (periodMs === 0 || nextOf(schedule, nowMs)) return false
  const [signing] = shownAt(schedule, nowMs)
  return signing !== undefined && nowMs >= signing.signsMs + periodMs - shownMs
}

export interface NextOrder {
  readonly id: string
  readonly reason: KeyChangeReason
  /** Empty where the period asked for it. */
  readonly order: string
}

/** Brokers look at the schedule within this; all of them show a key before one of them signs. */
export const settleMs = 6_000

/**
 * The schedule with another generation. Where keys may be with others, it signs as soon as all
 * brokers show it, and the ones before end with that: EHRs with a copy have to fetch them again.
 * Otherwise one that is shown already is the next, and the order is carried out by waiting.
 */
export function withNext(
  before: SignInSchedule,
  { id, reason, order }: NextOrder,
  nowMs: number,
  { shownMs, keepMs }: Pick<ScheduleTimes, 'shownMs' | 'keepMs'>,
): SignInSchedule {
  const isHurried = reason === 'compromised'
  if (!isHurried && nextOf(before, nowMs)) return { ...before, order: order || before.order }
  const signsMs = nowMs + (isHurried ? settleMs : shownMs)
  const endsMs = isHurried ? signsMs : signsMs + keepMs
  const kept = before.generations
    .filter((one) => one.endsMs === undefined || one.endsMs > nowMs)
    .filter((one) => !isHurried || one.signsMs <= nowMs)
    .map((one) => ({ ...one, endsMs: Math.min(one.endsMs ?? endsMs, endsMs) }))
  return {
    generations: [...kept, { id, shownMs: nowMs, signsMs }],
    order: order || before.order,
  }
}
