// Whether a signed manifest is taken: the key, the number, the time, and for one machine the file
// that may be put there. Never an older one than was seen, never a release back. Pure: what
// verifies a signature is handed in.

import { signedManifest, updateManifest } from './manifest.ts'
import type { UpdateFile, UpdateManifest } from './manifest.ts'
import { compareReleases } from './release.ts'
import type { UpdateTarget } from './release.ts'
import type { ManifestRefusal } from '../../refusals/update-refusals.ts'

/** What is believed, and what was seen last; kept where only administrators write. */
export interface ReleaseTrust {
  /** The key that signs, and the one that a manifest named to come after it. */
  readonly keys: readonly [string, ...string[]]
  readonly seen?: { readonly number: number; readonly mark: string }
}

/** Over the ASCII bytes of the text's first part. */
export type VerifyText = (text: string, signature: string, key: string) => boolean

export interface TakeNeeds {
  readonly verify: VerifyText
  /** From base64url. */
  readonly decode: (text: string) => string
  readonly nowMs: number
}

export type TakenManifest =
  | { readonly kind: 'taken'; readonly manifest: UpdateManifest; readonly trust: ReleaseTrust }
  | { readonly kind: 'refused'; readonly code: ManifestRefusal }

/** Nothing is parsed before its signature. The same one may be taken again. */
export function takeManifest(text: string, trust: ReleaseTrust, needs: TakeNeeds): TakenManifest {
  if (!signedManifest.safeParse(text).success) return refused('update-not-understood')
  const [body = '', signature = '', second] = text.split('.')
  const signer = trust.keys.find((key) => needs.verify(body, signature, key))
  if (signer === undefined) return refused('update-not-signed')
  const manifest = parse(needs.decode(body))
  if (!manifest) return refused('update-not-understood')
  const code = seenAgainst(manifest, signature, trust)
  if (code) return refused(code)
  if (needs.nowMs >= manifest.expiresMs) return refused('update-expired')
  const { nextKey, number } = manifest
  const isNextThere =
    nextKey === undefined
      ? second === undefined
      : second !== undefined && needs.verify(body, second, nextKey)
  if (!isNextThere) return refused('update-next-key')
  const seen = { number, mark: signature }
  return { kind: 'taken', manifest, trust: { keys: keysAfter(signer, nextKey, trust), seen } }
}

/** The file for this machine, or why there is none for it now. */
export function fileFor(
  { files, release }: UpdateManifest,
  { target, running }: { readonly target: UpdateTarget; readonly running: string },
): UpdateFile | ManifestRefusal {
  const file = files.find((one) => one.target === target)
  if (!file) return 'update-not-for-this'
  if (compareReleases(release, running) <= 0) return 'update-not-newer'
  return compareReleases(running, file.over) < 0 ? 'update-too-far' : file
}

function seenAgainst(
  { number }: UpdateManifest,
  mark: string,
  { seen }: ReleaseTrust,
): ManifestRefusal | undefined {
  if (!seen || number > seen.number) return undefined
  if (number < seen.number) return 'update-older'
  return mark === seen.mark ? undefined : 'update-number-twice'
}

/** Once the next key has signed, the one before is over. */
function keysAfter(
  signer: string,
  nextKey: string | undefined,
  { keys: [present, next] }: ReleaseTrust,
): ReleaseTrust['keys'] {
  if (nextKey !== undefined && nextKey !== signer) return [signer, nextKey]
  return signer === present && next !== undefined ? [present, next] : [signer]
}

function parse(text: string): UpdateManifest | undefined {
  try {
    return updateManifest.safeParse(JSON.parse(text)).data
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}

function refused(code: ManifestRefusal): TakenManifest {
  return { kind: 'refused', code }
}
