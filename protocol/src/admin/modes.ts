// How the house or a zone is run for a while, and what ends soon, as the admin door has it.

import { z } from 'zod'
import { zoneId } from '../ids.ts'

const minuteMs = 60_000
export const modeOrder = z.strictObject({
  /** A zone, or the whole house. */
  place: z.union([z.literal('*'), zoneId]),
  mode: z.enum(['normal', 'code', 'lockdown', 'downtime']),
  /** Then it ends by itself. */
  lastsMs: z
    .int()
    .min(minuteMs)
    .max(7 * 24 * 60 * minuteMs),
})
export type ModeOrder = z.infer<typeof modeOrder>

export const modesShown = z.object({
  modes: z.array(
    z.object({
      place: z.string(),
      mode: z.string(),
      sinceMs: z.int(),
      untilMs: z.int(),
      by: z.string(),
    }),
  ),
})
export type ModesShown = z.infer<typeof modesShown>

export const expiringQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(400).default(30),
})

const expiryShown = z.object({
  personId: z.string(),
  /** A kind of training, or `access`: her time with the hospital. */
  kind: z.string(),
  atMs: z.int(),
  due: z.enum(['over', '7-days', '14-days', '30-days', 'later']),
})
export type ExpiryShown = z.infer<typeof expiryShown>
export const expiringShown = z.object({ expiring: z.array(expiryShown), isCut: z.boolean() })
