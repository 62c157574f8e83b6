// Workstations, enrolment tokens and zones as the admin door takes and shows them.

import { z } from 'zod'
import { workstationId, zoneId } from '../ids.ts'
import { inventoryBody } from '../workstation/fleet/inventory.ts'
import { addressRanges } from './fleet/address-ranges.ts'

const hourMs = 3_600_000

export const workstationShown = z.object({
  workstationId,
  place: z.string(),
  zoneId: z.string(),
  status: z.enum(['active', 'revoked']),
  assetTag: z.string().optional(),
  enrolledMs: z.int(),
  certificateEndsMs: z.int(),
  /** Present while it is connected to this broker. */
  connection: z
    .object({
      agentVersion: z.string(),
      reader: z.string().optional(),
      browser: z.string().optional(),
      /** Since it connected here. */
      lastTapMs: z.int().optional(),
    })
    .optional(),
  /** When some broker last had it; now while it is connected here. */
  seenMs: z.int().optional(),
  /** The newest that is known without asking the record. */
  lastTapMs: z.int().optional(),
  /** What it said of itself when it last did. */
  madeOf: z
    .object({ ...inventoryBody.omit({ settings: true, authorities: true }).shape, toldMs: z.int() })
    .optional(),
  /** What is wrong with it, the worst first. */
  troubles: z.array(z.enum(['certificate-over', 'away', 'reader', 'browser', 'certificate-soon'])),
})
export type WorkstationShown = z.infer<typeof workstationShown>
export const workstationsPage = z.object({ workstations: z.array(workstationShown) })
/** One of them, with the settings that are in force there. */
export const workstationDetails = workstationShown.extend({
  settings: inventoryBody.shape.settings.optional(),
})
export type WorkstationDetails = z.infer<typeof workstationDetails>
export const workstationRevoked = z.object({ sessions: z.int().min(0) })

export const tokenOrder = z.strictObject({
  zoneId,
  /** How many workstations may enrol with it. */
  uses: z.int().min(1).max(1000).default(1),
  lifeMs: z
    .int()
    .min(60_000)
    .max(30 * 24 * hourMs)
    .default(24 * hourMs),
  /** From where it is good: addresses, or ranges of them. From anywhere where there are none. */
  addresses: addressRanges.optional(),
})
export type TokenOrder = z.input<typeof tokenOrder>
export const tokenMinted = z.object({
  /** Told this once. */
  token: z.string(),
  expiresMs: z.int(),
  /** SHA-256 of the broker's authority: what the workstation compares before it says the token. */
  caSha256: z.string(),
})
export type TokenMinted = z.infer<typeof tokenMinted>

export const zoneShown = z.object({
  zoneId: z.string(),
  kind: z.string(),
  label: z.string(),
  /** Its rules, defaults included. */
  rules: z.record(z.string(), z.unknown()),
})
export type ZoneShown = z.infer<typeof zoneShown>
export const zonesPage = z.object({ zones: z.array(zoneShown) })
