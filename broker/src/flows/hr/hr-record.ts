// What HR says of one person, whichever way it came: the allow-list. What is not in here is not
// kept. It holds no badge number, no PIN and no password.

import { z } from 'zod'
import { accessFacts } from '../../identity/access-facts.ts'

/** No control characters, and nothing that hides text or turns it round. */
const printable = /^[^\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*$/u
const text = (max: number) => z.string().trim().min(1).max(max).regex(printable)
const word = text(200)

export const employment = z.enum(['pre-hire', 'active', 'on-leave', 'suspended', 'terminated'])
export type Employment = z.infer<typeof employment>

/** What identifies her: kept as one JSON under her own key. */
export const hrIdentity = z.strictObject({
  userName: word,
  externalId: word.optional(),
  given: text(60).optional(),
  family: text(60).optional(),
  formatted: word.optional(),
  displayName: word.optional(),
  title: word.optional(),
  userType: word.optional(),
  organization: word.optional(),
  employeeNumber: word.optional(),
  mails: z
    .array(z.strictObject({ value: word, type: text(40).optional(), primary: z.boolean() }))
    .max(16)
    .default([]),
  /** HR's switch, beside what it may say of the employment. */
  isActive: z.boolean().default(true),
  employmentStatus: employment.optional(),
})
export type HrIdentity = z.infer<typeof hrIdentity>

/** What mapping and reports need; kept in the open. */
export const hrPlace = z.strictObject({
  jobCode: word.optional(),
  department: word.optional(),
  division: word.optional(),
  costCenter: word.optional(),
  location: word.optional(),
  company: word.optional(),
  /** As HR writes them: our id of the person, or HR's. */
  managerId: word.optional(),
  sponsorId: word.optional(),
  scimRoles: z.array(word).max(64).default([]),
})
export type HrPlace = z.infer<typeof hrPlace>

export const hrRecord = z.strictObject({
  identity: hrIdentity,
  place: hrPlace,
  access: accessFacts,
})
export type HrRecord = z.infer<typeof hrRecord>

const nameMax = 60

/**
 * The two names that screens need, whatever of them HR has: from the parts, else from the whole,
 * else from the user name. Whoever has one name only is shown with its initial.
 */
export function personNameOf(identity: HrIdentity): { given: string; family: string } {
  const { given, family, displayName, formatted, userName } = identity
  if (given !== undefined && family !== undefined) return { given, family }
  const whole = given ?? family ?? displayName ?? formatted ?? userName.split('@')[0] ?? userName
  const words = whole.split(/\s+/)
  const last = words.at(-1) ?? whole
  const first = words.length > 1 ? words.slice(0, -1).join(' ') : (Array.from(last)[0] ?? last)
  return { given: cut(first), family: cut(last) }
}

function cut(name: string): string {
  return name.slice(0, nameMax).replace(/[\ud800-\udbff]$/, '')
}
