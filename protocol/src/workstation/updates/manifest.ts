// What a release for workstations says of itself: its number, a file for each kind of machine, and
// in which rings it goes out. Signed away from every network; it never names an address. Pure.

import { z } from 'zod'
import { releaseKey, releaseVersion, updateTarget, updateTargets } from './release.ts'
import type { UpdateTarget } from './release.ts'

const endings = {
  'win32-x64': '.msi',
  'darwin-arm64': '.pkg',
  'darwin-x64': '.pkg',
  'linux-x64': '.deb',
} as const satisfies Record<UpdateTarget, string>

const mebibyte = 1_048_576
export const updateBytesMax = 512 * mebibyte
/** Of the signed text: four files and eight rings are less than 4 KiB. */
export const manifestTextMax = 16_384

const timeMs = z.int().min(0).max(8_640_000_000_000_000)
const hourMs = 3_600_000

/** One name in one folder: nothing in it leads elsewhere. */
export const updateFileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)

const updateFile = z
  .strictObject({
    target: updateTarget,
    name: updateFileName,
    bytes: z.int().min(1).max(updateBytesMax),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    /** The oldest release that it may be put over. */
    over: releaseVersion,
  })
  .refine(({ target, name }) => name.endsWith(endings[target]), 'is no package of its kind')
export type UpdateFile = z.infer<typeof updateFile>

const ringPlan = z.strictObject({
  /** Of all workstations, with those of the rings before it. */
  percent: z.int().min(1).max(100),
  /** So long must a ring have been well before the next one goes on. */
  soakMs: z
    .int()
    .min(0)
    .max(60 * 24 * hourMs),
  /** More workstations than this that failed or went back stop everything. */
  failedMax: z.int().min(0).max(1000),
})

export const ringsMax = 8

const rings = z
  .array(ringPlan)
  .min(1)
  .max(ringsMax)
  .refine((all) => all.at(-1)?.percent === 100, 'end with less than all')
  .refine(
    (all) => all.every(({ percent }, at) => at === 0 || percent > (all[at - 1]?.percent ?? 0)),
    'do not grow',
  )

export const updateManifest = z
  .strictObject({
    version: z.literal(1),
    /** What is signed says what it is. */
    kind: z.literal('update'),
    /** Rises with each: an older one is never taken again. */
    number: z.int().min(1).max(1_000_000_000),
    release: releaseVersion,
    issuedMs: timeMs,
    expiresMs: timeMs,
    files: z.array(updateFile).min(1).max(updateTargets.length),
    rings,
    /** Signs what comes after this one; it has signed this one too, so that it is there. */
    nextKey: releaseKey.optional(),
  })
  .refine(({ issuedMs, expiresMs }) => issuedMs < expiresMs, 'ends before it begins')
  .refine(
    ({ files }) => new Set(files.map(({ target }) => target)).size === files.length,
    'has two files for one kind of machine',
  )
export type UpdateManifest = z.infer<typeof updateManifest>

/** `base64url(JSON) "." signature`, and the next key's signature after another point. */
export const signedManifest = z
  .string()
  .max(manifestTextMax)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}(\.[A-Za-z0-9_-]{86})?$/)
