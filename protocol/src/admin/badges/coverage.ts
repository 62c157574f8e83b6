// Who can prove who she is, and with what: the report on people without badge, PIN or number, as
// the admin door shows it.

import { z } from 'zod'
import { personSummary } from '../people.ts'

/** What somebody does not have, in the order in which it matters. */
export const coverageGap = z.enum([
  /** No role: no zone lets her in. */
  'role',
  /** No badge that opens anything now: only in an emergency, by her number. */
  'badge',
  /** No PIN: her badge opens nothing where one is asked, and she cannot sign. */
  'pin',
  /** No staff number: without her badge she cannot come in, not even in an emergency. */
  'staff-number',
  /** None of her badges proves a key: anybody can copy them. */
  'key',
])
export type CoverageGap = z.infer<typeof coverageGap>

const counts = {
  people: z.int(),
  /** With a role, a badge that opens something now, and a PIN. */
  ready: z.int(),
  /** How many lack what; nothing of what nobody lacks. */
  lacks: z.partialRecord(coverageGap, z.int()),
}

export const coverage = z.object({
  atMs: z.int(),
  /** Of whoever is active. */
  ...counts,
  roles: z.array(z.object({ role: z.string(), ...counts })),
  /** Those who are not ready, in the order of their ids. */
  missing: z.array(
    personSummary
      .pick({ personId: true, name: true, roles: true })
      .extend({ lacks: z.array(coverageGap) }),
  ),
  /** There are more of them than are shown. */
  isCut: z.boolean(),
  /** Programs: tokens of this door that are good now. */
  tokens: z.object({
    all: z.int(),
    withoutEnd: z.int(),
    /** Power over others that one person alone gave. */
    madeAlone: z.int(),
  }),
})
export type Coverage = z.infer<typeof coverage>
