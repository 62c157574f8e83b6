// What retention took, as the admin door shows it: lot by lot, and the list of one. A list has
// numbers, codes and times; neither who nor where.

import { z } from 'zod'
import { endingClasses } from '../../retention-classes.ts'
import { limit } from '../scopes.ts'

const number = z.coerce.number().int().min(1).max(2_147_483_647)
export const purgeNumber = z.strictObject({ number })
/** The newest first: those before this one, so many of them. */
export const purgesQuery = z.strictObject({ limit, before: number.optional() })

const purgeShown = z.object({
  /** Of all purges of this record, from 1 on. */
  purge: z.int(),
  class: z.enum(endingClasses),
  /** By which rule. */
  rule: z.int(),
  /** What was older than this. */
  beforeMs: z.int(),
  /** The first and the last number in the record. */
  first: z.int(),
  last: z.int(),
  count: z.int(),
  atMs: z.int(),
})
export type PurgeShown = z.infer<typeof purgeShown>
export const purgesPage = z.object({
  purges: z.array(purgeShown),
  /** Where there are older ones: `before` of the next page. */
  next: z.int().optional(),
})

/** All that is said of a fact that is gone, beside its hash. */
const goneFact = z.object({ index: z.int(), code: z.string(), atMs: z.int() })
export const purgeListed = purgeShown.extend({ gone: z.array(goneFact) })
export type PurgeListed = z.infer<typeof purgeListed>
