// How long each stage between a tap and its chart takes, as the admin door shows it: by zone and by
// release. It holds no person, badge, workstation or session.

import { z } from 'zod'

/** In the order in which they are spent; `policy` and `flush` are within `broker`. */
export const speedStages = [
  'reader',
  'agent',
  'broker',
  'policy',
  'flush',
  'screen',
  'sign-in',
  'first-paint',
  'total',
] as const
export const speedStage = z.enum(speedStages)
export type SpeedStage = z.infer<typeof speedStage>

/** What is kept is kept so long, by the hour. */
export const speedKeptMs = 92 * 86_400_000
/** No answer covers more than this. */
const speedMaxMs = 31 * 86_400_000

const ms = z.coerce.number().int().min(0).max(8_640_000_000_000_000)
export const speedQuery = z
  .strictObject({ fromMs: ms, toMs: ms })
  .refine(({ fromMs, toMs }) => fromMs < toMs && toMs - fromMs <= speedMaxMs, {
    error: 'a time of at most 31 days',
  })

/** Half of all took at most `p50Ms`: edges of classes that are 9 % wide, rounded up. */
const speedTimes = z.object({
  stage: speedStage,
  count: z.int(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
})
const speedOfZone = z.object({ zoneId: z.string(), ...speedTimes.shape })
const part = z.enum(['agent', 'broker'])
const speedOfRelease = z.object({
  part,
  release: z.string(),
  /** The first and the last hour in which it was met there. */
  firstMs: z.int(),
  lastMs: z.int(),
  ...speedOfZone.shape,
})
const slower = z.object({
  zoneId: z.string(),
  part,
  release: z.string(),
  before: z.string(),
  stage: speedStage,
  p95Ms: z.number(),
  beforeP95Ms: z.number(),
  /** The same as a sentence. */
  says: z.string(),
})

/** GET /admin/v1/speed */
export const speedShown = z.object({
  fromMs: z.int(),
  toMs: z.int(),
  zones: z.array(z.object({ zoneId: z.string(), label: z.string() })),
  byZone: z.array(speedOfZone),
  byRelease: z.array(speedOfRelease),
  /** Where the newest release takes longer than the one before it, in the same zone. */
  slower: z.array(slower),
})
export type SpeedShown = z.infer<typeof speedShown>
export type SpeedOfZone = z.infer<typeof speedOfZone>
export type SpeedOfRelease = z.infer<typeof speedOfRelease>
