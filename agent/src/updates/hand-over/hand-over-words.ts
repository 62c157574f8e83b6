// What the two parts of an update lay down for each other, and how each text is read: whole, of its
// size, and as a claim. Whoever writes `in` may be anybody who works here.

import { z } from 'zod'
import { releaseVersion } from '@wardkey/protocol/workstation/updates/release'
import { signedManifest, updateFileName } from '@wardkey/protocol/workstation/updates/manifest'
import { trial, trialEnding } from '../trial.ts'

const version = z.literal(1)
const atMs = z.int().min(0)
const number = z.int().min(1).max(1_000_000_000)

/** Under its hash, as fetch-package names it: one name in one folder. */
const packageName = z
  .string()
  .max(170)
  .regex(/^[0-9a-f]{64}-/)
  .refine((text) => updateFileName.safeParse(text.slice(65)).success)

/** Nobody is there, and a broker said yes: good for seconds. */
export const updateOrder = z.strictObject({
  version,
  atMs,
  number,
  manifests: z.array(signedManifest).min(1).max(9),
  package: packageName,
  /** What had no reader before need not have one afterwards. */
  hadReader: z.boolean(),
})
export type UpdateOrder = z.infer<typeof updateOrder>

/** What the session's agent has seen of itself since it started. */
export const updateSigns = z.strictObject({
  version,
  atMs,
  release: releaseVersion,
  /** Another one at each start. */
  run: z.uuid(),
  isReaderUp: z.boolean(),
  isLinkUp: z.boolean(),
  isProbeAnswered: z.boolean(),
})
export type UpdateSigns = z.infer<typeof updateSigns>

/** A broker has the ending in its record. */
export const updateNoted = z.strictObject({ version, number, outcome: trialEnding.shape.outcome })

const why = z.string().regex(/^[a-z-]{1,40}$/)

/** By the part with the rights, for whoever works here to read. */
export const updateTold = z.strictObject({
  version,
  atMs,
  /** What is installed, whole. */
  installed: releaseVersion.optional(),
  /** `ready`, or why nothing could begin here. */
  ready: why,
  trial: trial.optional(),
  /** Why the last order was not carried out, and changed nothing. */
  refused: z.strictObject({ number, why, atMs }).optional(),
  /** How the last one ended. */
  last: z.strictObject({ ...trialEnding.shape, atMs }).optional(),
})
export type UpdateTold = z.infer<typeof updateTold>

/** Both clocks are this machine's: what is older was left by one that is gone, or by another time. */
export const isFresh = (said: { readonly atMs: number }, nowMs: number, withinMs: number) =>
  Math.abs(nowMs - said.atMs) <= withinMs

/** An order is laid anew every two seconds. */
export const orderWithinMs = 6000
/** The part with the rights says every ten seconds that it is there. */
export const toldWithinMs = 45_000
export const signsWithinMs = 20_000
