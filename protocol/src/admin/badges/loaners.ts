// Loaner badges and lost ones as the admin door takes and shows them.

import { z } from 'zod'
import { personId } from '../../ids.ts'
import { cardClaim } from '../../workstation/agent-frames.ts'
import { badgeOwner } from './badge-import.ts'

/** Whose badges are lost: by whatever the caller can tell the service desk. */
export const badgesLost = z.strictObject({ owner: badgeOwner })
export const badgesMarked = z.object({ personId, badges: z.int() })

export const newLoaner = z.strictObject({
  card: cardClaim,
  technology: z.string().max(40).optional(),
  /** What is written on it for people. */
  label: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u),
})
export const loanerAdded = z.object({ loanerId: z.uuid() })
export const loanersPage = z.object({
  loaners: z.array(
    z.object({
      loanerId: z.uuid(),
      label: z.string(),
      technology: z.string(),
      addedMs: z.int(),
      given: z.object({ personId, endsMs: z.int() }).optional(),
    }),
  ),
})
