// Lists of badges as the admin door takes them: looked at first, then done as they were shown.

import { z } from 'zod'
import { personId } from '../../ids.ts'
import { cardClaim, staffNumber } from '../../workstation/agent-frames.ts'

/** Whose a card is to be, by what the list knows of her. */
export const badgeOwner = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('staff-number'), staffNumber }),
  z.strictObject({ by: z.literal('user-name'), userName: z.string().min(1).max(256) }),
  z.strictObject({ by: z.literal('person-id'), personId }),
])
/** `same`: it is hers already. */
export const badgeImportOutcome = z.enum(['enrols', 'same', 'refused'])

export const badgeImportRow = z.strictObject({
  /** In the file, from 1. */
  line: z.int().min(1).max(10_000_000),
  owner: badgeOwner,
  card: cardClaim,
  technology: z.string().max(40).optional(),
  /** For `apply`: what the preview said, and whom it meant. */
  seen: z.strictObject({ outcome: badgeImportOutcome, personId: personId.optional() }).optional(),
})
export type BadgeImportRow = z.infer<typeof badgeImportRow>

export const badgeImport = z.strictObject({
  mode: z.enum(['preview', 'apply']),
  rows: z.array(badgeImportRow).min(1).max(200),
})
const badgeImportedRow = z.object({
  line: z.int(),
  outcome: badgeImportOutcome,
  /** Whose it is to be; absent where nobody is meant. */
  personId: personId.optional(),
  /** As much of her name as tells her from others: to see that the right person is meant. */
  name: z.string().optional(),
  /** Whose it is already, where that is why it is refused. */
  holder: personId.optional(),
  code: z.string().optional(),
})
export type BadgeImportedRow = z.infer<typeof badgeImportedRow>
export const badgesImported = z.object({ rows: z.array(badgeImportedRow) })
