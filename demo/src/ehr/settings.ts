// The settings of the demo EHR and how they are read. It never reads the environment.

import { z } from 'zod'

/** OIDC Core wants TLS everywhere; the one exception here is a provider on this very machine. */
export function isLoopback(url: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
}

/** TLS, or no TLS on loopback: the rule for every address this program talks to or answers on. */
export function isSafeOrigin(url: URL): boolean {
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && isLoopback(url)
}

const safeUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((text) => isSafeOrigin(new URL(text)), 'has to be https, or http on loopback')

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)

const downtime = z.strictObject({
  /** As the broker's key folder has it, for the zone whose workstations may see these wards. */
  key: z.string().regex(/^[A-Za-z0-9_-]{43,128}$/),
  wards: z.array(slug).min(1).max(32),
})
export type DowntimeSettings = z.infer<typeof downtime>

const schema = z.strictObject({
  /** 0 lets the system choose; the address that was taken is in what startEhr returns. */
  port: z.int().min(0).max(65_535),
  issuer: safeUrl,
  clientId: z.string().min(1).max(200),
  clientSecret: z.string().min(16).max(512),
  /** What browsers and the provider call this program, when that is not http://127.0.0.1:port. */
  publicUrl: safeUrl.refine((text) => new URL(text).pathname === '/', 'has no path').optional(),
  /** The same seed gives the same vital signs on every start. */
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  scope: z
    .string()
    .regex(/^openid( [\w:.-]+){0,16}$/)
    .default('openid profile'),
  /** What the provider calls a sign-in that is made anew for one signature. */
  signatureAcr: z.string().min(1).max(200).default('urn:wardkey:acr:badge-pin-fresh'),
  /** What the provider calls a signature among its authorization details (RFC 9396). */
  signatureType: z.string().min(1).max(100).default('wardkey_signature'),
  /** Which ward’s list belongs to which zone of the provider. */
  wardOfZone: z.record(slug, slug).default({ '4-west': '4-west', '5-east': '5-east' }),
  /** Who may see which wards without a sign-in, while there is nobody to ask for one. */
  downtime: z.array(downtime).max(32).default([]),
  /** Sheets of the downtime view are at most so old while this program runs. */
  downtimeEveryMs: z.int().min(1000).max(3_600_000).default(300_000),
})

export type EhrSettings = z.input<typeof schema>
export type ReadySettings = z.output<typeof schema>

/** Refuses with a sentence that names each bad setting and never shows a value. */
export function parseSettings(input: unknown): ReadySettings {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const bad = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || '(all)'}: ${issue.message}`,
  )
  throw new Error(`The settings of Larkfield Chart do not parse. ${bad.join('; ')}`)
}
