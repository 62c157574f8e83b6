// A release's manifest out of what `npm run installers` made: which files, how large, which hash,
// and the rings that the vendor proposes. Pure; it signs nothing.

import { updateManifest } from '@wardkey/protocol/workstation/updates/manifest'
import type { UpdateManifest } from '@wardkey/protocol/workstation/updates/manifest'
import type { UpdateTarget } from '@wardkey/protocol/workstation/updates/release'

export interface ReleaseOrder {
  readonly number: number
  readonly release: string
  /** The oldest release that it may be put over. */
  readonly over: string
  readonly issuedMs: number
  readonly expiresMs: number
  readonly rings: UpdateManifest['rings']
  readonly nextKey?: string
}

/** Throws where a package that the sums name has no size, or what came out is no manifest. */
export function makeManifest(
  order: ReleaseOrder,
  sums: string,
  sizeOf: (name: string) => number,
): UpdateManifest {
  const { number, release, over, issuedMs, expiresMs, rings, nextKey } = order
  const hashes = new Map(sums.split('\n').flatMap(lineOf))
  const files = Object.entries(packagesOf(release)).flatMap(([target, name]) => {
    const sha256 = hashes.get(name)
    return sha256 === undefined ? [] : [{ target, name, bytes: sizeOf(name), sha256, over }]
  })
  return updateManifest.parse({
    ...{ version: 1, kind: 'update', number, release, issuedMs, expiresMs, files, rings },
    ...(nextKey === undefined ? {} : { nextKey }),
  })
}

/** Named as `installers/main.ts` and its parts name them. */
export function packagesOf(release: string): Readonly<Record<UpdateTarget, string>> {
  return {
    'win32-x64': `wardkey-agent-${release}-x64.msi`,
    'darwin-arm64': `wardkey-agent-${release}-darwin-arm64.pkg`,
    'darwin-x64': `wardkey-agent-${release}-darwin-x64.pkg`,
    'linux-x64': `wardkey-agent_${release}_amd64.deb`,
  }
}

const hourMs = 3_600_000

/** `5:24:1`: with these 5 of 100, 24 hours well, more than one failed stops everything. */
export function parseRing(text: string): UpdateManifest['rings'][number] {
  const [, percent, hours, failed] = /^(\d{1,3}):(\d{1,4}):(\d{1,4})$/.exec(text) ?? []
  if (percent === undefined) throw new Error(`a ring is percent:hours:failed, not ${text}`)
  return { percent: Number(percent), soakMs: Number(hours) * hourMs, failedMax: Number(failed) }
}

function lineOf(line: string): readonly (readonly [string, string])[] {
  const [, sha256, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? []
  return sha256 === undefined || name === undefined ? [] : [[name, sha256]]
}
