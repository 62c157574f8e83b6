// What the flows about updates lean on, how they refuse, and what is believed of releases: the
// release key of the settings, and the keys that manifests since then have named.

import { createPublicKey, verify } from 'node:crypto'
import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import type { UpdateFile } from '@wardkey/protocol/workstation/updates/manifest'
import { takeManifest } from '@wardkey/protocol/workstation/updates/take-manifest'
import type {
  ReleaseTrust,
  TakenManifest,
} from '@wardkey/protocol/workstation/updates/take-manifest'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import type { Ring } from './rings.ts'

export interface UpdateSettings {
  /** Raw Ed25519 public key, base64url. */
  readonly releaseKey: string
  /** The house's own; none where the releases' are good enough. */
  readonly rings: readonly Ring[]
  readonly atOnce: number
  /** Of the site: windows are by its walls' clocks. */
  readonly timeZone: string
  /** True where all of them are in the folder, whole. */
  readonly hasFiles: (files: readonly UpdateFile[]) => Promise<boolean>
}

export interface UpdateNeeds extends FlowNeeds {
  /** Absent where updates are not set up. */
  readonly updates?: UpdateSettings | undefined
}

/** As of now, or as of when it was issued: for what was taken already. */
export function readManifest(text: string, trust: ReleaseTrust, nowMs: number): TakenManifest {
  return takeManifest(text, trust, {
    nowMs,
    decode: (body) => Buffer.from(body, 'base64url').toString('utf8'),
    verify: (body, signature, x) => {
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
      return verify(null, Buffer.from(body, 'ascii'), key, Buffer.from(signature, 'base64url'))
    },
  })
}

/** After all that were taken so far, in their order. */
export async function findTrust(
  { db }: Pick<FlowNeeds, 'db'>,
  { releaseKey }: UpdateSettings,
): Promise<ReleaseTrust> {
  const rows = await db.selectFrom('update_release').select('manifest').orderBy('number').execute()
  let trust: ReleaseTrust = { keys: [releaseKey] }
  for (const { manifest } of rows) {
    const taken = readManifest(manifest, trust, 0)
    // Signed by a key that the settings have left since: what comes next is judged without it.
    if (taken.kind === 'taken') trust = taken.trust
  }
  return trust
}

export function refuseUpdate(
  code: AdminRefusalCode,
  { by, ...about }: { readonly by: string; readonly rollout?: string; readonly number?: number },
  needs: FlowNeeds,
): Recorded<AdminRefused> {
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'UPD-101', { rule: code, fields: { by, ...about } })],
    writes: [],
    notices: [],
  }
}
