// What a workstation may decide with by itself while no broker answers: signed by the broker, for
// one workstation, with an end. Everything that can be decided beforehand is decided in it.

import { z } from 'zod'
import { refusalCodes } from '../codes.ts'
import type { RefusalCode } from '../codes.ts'
import { personId, workstationId, zoneId } from '../ids.ts'
import { launchSteps } from '../launch-steps.ts'

const wallMs = z.int().min(0).max(8_640_000_000_000_000)
const durationMs = z.int().min(0).max(86_400_000)
const shown = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u)
const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const lookup = z.string().regex(/^[0-9a-f]{64}$/)
const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(refusalCodes, code)

export const offlinePerson = z.strictObject({
  personId,
  /** As the zone shows it on a lock screen; absent where it shows none. */
  nameShown: shown.optional(),
  name: shown,
  role: shown,
  /** HMAC-SHA-256 of `class:canonical` under the bundle's `cardKey`; usable badges only. */
  cards: z.array(z.strictObject({ lookup, isEnoughAlone: z.boolean() })).max(8),
  /** HMAC-SHA-256 of the staff number, upper case, under the same key. */
  staffNumber: lookup.optional(),
  /** What policy says of her in this zone, whatever her badge and PIN. */
  refusal: z.string().refine(isRefusalCode).optional(),
  /** What it says later, by time alone (a shift, a training): each from its moment to the next. */
  later: z
    .array(z.strictObject({ fromMs: wallMs, refusal: z.string().refine(isRefusalCode).optional() }))
    .max(16)
    .optional(),
  /** From here on it is not known what policy says: she is refused. */
  decidedUntilMs: wallMs.optional(),
  /**
   * Absent where she has none. `pepper` is hers alone, so that a bundle tells of no one else: the
   * hash is argon2id over base64url(HMAC-SHA-256(pepper, PIN)), as text.
   */
  pin: z
    .strictObject({
      hash: z
        .string()
        .max(256)
        .regex(/^\$argon2id\$/),
      pepper: key,
      lockedUntilMs: wallMs,
    })
    .optional(),
  /** Her window in this zone: until when the badge alone is enough. */
  grace: z.strictObject({ pinAtMs: wallMs, lastMs: wallMs }).optional(),
  mayBreakGlass: z.boolean(),
  /** Her badge may speak for somebody in an emergency; in bundles of before it was said, it may. */
  mayWitness: z.boolean().optional(),
})
export type OfflinePerson = z.infer<typeof offlinePerson>

export const offlineBundle = z.strictObject({
  version: z.literal(1),
  workstationId,
  zoneId,
  /** Grows with each bundle for this workstation: an older one is never taken after a newer. */
  sequence: z.int().min(1),
  /** People, rights and revocations as of this moment, on the broker's clock. */
  issuedMs: wallMs,
  expiresMs: wallMs,
  cardKey: key,
  pinMode: z.enum(['grace', 'each-tap', 'never']),
  graceRollingMs: durationMs,
  graceAbsoluteMs: durationMs,
  /** How long emergency access lasts that is given by it; 0: the zone offers none. */
  emergencyLastsMs: durationMs,
  /**
   * When a colleague must speak for whoever asks. Absent in bundles from before it was said: by
   * those no emergency access is given, whatever they say of how long it lasts.
   */
  emergencyWitness: z.enum(['when-weak', 'always']).optional(),
  /** What opens where the EHR cannot be signed in to: a downtime view, or nothing. */
  steps: launchSteps,
  people: z.array(offlinePerson).max(20_000),
})
export type OfflineBundle = z.infer<typeof offlineBundle>

/**
 * `base64url(JSON of the bundle) "." base64url(signature)`: Ed25519 (RFC 8032) over the ASCII of
 * the first part, by the broker's bundle key.
 */
export const signedBundle = z.string().regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$/)

/** Parts of a signed bundle, as frames carry them. */
export const bundlePartMax = 12_000
export const bundlePartsMax = 2000
