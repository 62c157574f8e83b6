// Manifests as a broker hands them on, taken one after the other: hand-overs of the release key
// first, then the one to put here. Nothing of them is believed before its signature.

import { createPublicKey, verify } from 'node:crypto'
import type { ManifestRefusal } from '@wardkey/protocol/refusals/update-refusals'
import type { UpdateFile, UpdateManifest } from '@wardkey/protocol/workstation/updates/manifest'
import { fileFor, takeManifest } from '@wardkey/protocol/workstation/updates/take-manifest'
import type { ReleaseTrust } from '@wardkey/protocol/workstation/updates/take-manifest'
import type { UpdateTarget } from '@wardkey/protocol/workstation/updates/release'

export interface TakenRelease {
  readonly kind: 'taken'
  readonly manifest: UpdateManifest
  readonly file: UpdateFile
  readonly trust: ReleaseTrust
}

export type TakenManifests =
  TakenRelease | { readonly kind: 'refused'; readonly code: ManifestRefusal }

/** What this machine is, and what it runs. */
export interface Here {
  readonly target: UpdateTarget
  readonly running: string
}

/** The first that is refused ends it: who follows a chain leaves out no link. */
export function takeManifests(
  texts: readonly string[],
  trust: ReleaseTrust,
  here: Here,
  nowMs: number,
): TakenManifests {
  let believed = trust
  let newest: UpdateManifest | undefined
  for (const [at, text] of texts.entries()) {
    // A hand-over may be long over; only what is to be put here has to be good now.
    const isLast = at === texts.length - 1
    const taken = takeManifest(text, believed, {
      verify: isSignedBy,
      decode,
      nowMs: isLast ? nowMs : 0,
    })
    if (taken.kind === 'refused') return taken
    believed = taken.trust
    newest = taken.manifest
  }
  if (!newest) return { kind: 'refused', code: 'update-not-understood' }
  const file = fileFor(newest, here)
  if (typeof file === 'string') return { kind: 'refused', code: file }
  return { kind: 'taken', manifest: newest, file, trust: believed }
}

const decode = (body: string): string => Buffer.from(body, 'base64url').toString('utf8')

function isSignedBy(body: string, signature: string, x: string): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, Buffer.from(body, 'ascii'), key, Buffer.from(signature, 'base64url'))
}
