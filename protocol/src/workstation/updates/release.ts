// What releases, machines and release keys are called, and which of two releases is the older one.
// Pure.

import { z } from 'zod'

/** Without leading zeros, so that the same release is the same text; no more than an MSI holds. */
export const releaseVersion = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})$/)

export const updateTargets = ['win32-x64', 'darwin-arm64', 'darwin-x64', 'linux-x64'] as const
export const updateTarget = z.enum(updateTargets)
export type UpdateTarget = z.infer<typeof updateTarget>

/** An Ed25519 public key, raw, in base64url. */
export const releaseKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** Below 0 where `a` is the older release, 0 where they are the same. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  for (const [at, part] of left.entries()) {
    const other = right[at] ?? 0
    if (part !== other) return part - other
  }
  return 0
}

const partsOf = (release: string): readonly number[] => release.split('.').map(Number)
