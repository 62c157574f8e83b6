// The record's keys as the admin door shows them: those that have ended, how, and what signs now.
// Verifier keys and signed notes; nothing of a private key.

import { z } from 'zod'
import { keyChangeReason } from './key-words.ts'

export const recordKeys = z.object({
  /** In their order; each note is signed by its key and by the one after it. */
  ended: z.array(
    z.object({
      key: z.string(),
      reason: keyChangeReason,
      note: z.string(),
    }),
  ),
  /** What signs now. */
  now: z.array(z.string()),
})
