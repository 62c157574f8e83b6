// What a decision needs to know of a person beside status and roles, as the store keeps it: dates,
// training, hours, zones. It names nobody. Whoever takes people from HR writes it; policy reads it.

import { z } from 'zod'
import { zoneId } from '@wardkey/protocol/ids'

const atMs = z.int().min(0).max(253_402_300_799_999)
const word = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/)
/** 24-hour wall clock, "19:00". */
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** Hours that repeat each week; an end before the start is on the next day. */
export const weeklyHours = z.strictObject({
  /** ISO 8601 days of the week: 1 is Monday. */
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  from: clockTime,
  until: clockTime,
  kind: z.enum(['shift', 'on-call']).default('shift'),
})
export type WeeklyHours = z.infer<typeof weeklyHours>

/** One stretch of a roster. */
export const rosterEntry = z.strictObject({
  fromMs: atMs,
  untilMs: atMs,
  kind: z.enum(['shift', 'on-call']).default('shift'),
})
export type RosterEntry = z.infer<typeof rosterEntry>

export const accessFacts = z.strictObject({
  /** The first moment of her employment or contract; absent: it has begun. */
  startsMs: atMs.optional(),
  /** The first moment after it; absent: it has no end. */
  endsMs: atMs.optional(),
  /** Only these zones, whatever her roles say; absent: all that her roles allow. */
  zones: z.array(zoneId).max(64).optional(),
  /** Somebody must be with her: a colleague's badge, each time. */
  needsEscort: z.boolean().default(false),
  /** By kind of training, licence or certificate: the moment from which it has lapsed. */
  training: z.record(word, atMs).default({}),
  hours: z.array(weeklyHours).max(32).default([]),
  roster: z.array(rosterEntry).max(128).default([]),
})
export type AccessFacts = z.infer<typeof accessFacts>

/** Throws on what is not ours: the row is not one that we wrote. */
export function parseAccessFacts(column: string): AccessFacts {
  return accessFacts.parse(JSON.parse(column))
}

/** A role or a zone that she has for a while, beside what HR says (flows/exceptions). */
const heldException = z.strictObject({
  id: z.string().max(64),
  kind: z.enum(['role', 'zone']),
  what: z.string().max(63),
  untilMs: z.int(),
})
export type HeldException = z.infer<typeof heldException>

/** What HR keeps of her access, and what she has beside it for a while. */
export interface HeldAccess extends AccessFacts {
  readonly exceptions?: readonly HeldException[]
}

const held = z.array(heldException).max(64)

/** Throws on what is not ours. Nearly everybody has none. */
function parseHeld(column: string | null): readonly HeldException[] {
  return column === null ? [] : held.parse(JSON.parse(column))
}

export function parseAccess(row: { readonly access: string; readonly exceptions: string | null }) {
  const exceptions = parseHeld(row.exceptions)
  const access: HeldAccess = parseAccessFacts(row.access)
  return exceptions.length === 0 ? access : { ...access, exceptions }
}
