// The part of an update that needs the rights of an administrator, as the rest of the agent sees
// it. It is handed paths and texts and believes none of them.

import type { ManifestRefusal } from '@wardkey/protocol/refusals/update-refusals'

/** What was fetched, by whoever fetched it. */
export interface Download {
  /** Hand-overs of the release key, and the manifest of the release. */
  readonly manifests: readonly string[]
  readonly path: string
}

/** Why nothing was changed. */
export type NotBegun =
  | ManifestRefusal
  /** Others than administrators can write where packages would be kept. */
  | 'folder-open'
  /** What runs here could not be put back: its package is not kept. */
  | 'not-kept'
  /** A release is on trial that nobody has called well yet. */
  | 'on-trial'
  | 'download-missing'
  | 'download-short'
  | 'download-too-large'
  | 'download-changed'
  /** Signed, but another release is in it than the manifest says. */
  | 'download-other'
  | 'no-room'
  /** Something else is being installed: later. */
  | 'busy'
  /** Somebody came while it was made ready: later. */
  | 'in-use'
  | 'install-failed'

export interface Refused {
  readonly kind: 'refused'
  readonly why: NotBegun
}

export type Prepared = { readonly kind: 'ready'; readonly running: string } | Refused

export type Applied =
  /** `after-restart`: the system has to be started anew before it runs. */
  | { readonly kind: 'applied' | 'after-restart'; readonly from: string; readonly to: string }
  | Refused
  /** It was begun, did not succeed, and what was there is there again. */
  | { readonly kind: 'put-back' }
  /** Neither is there whole. `putBack` may be tried again. */
  | { readonly kind: 'broken' }

export type PutBack =
  | { readonly kind: 'returned' | 'after-restart'; readonly to: string }
  /** No release is on trial: there is no way back to anything. */
  | { readonly kind: 'no-way' }
  | { readonly kind: 'busy' | 'failed' }

/** What it would install, as its signature says: never as somebody else says. */
export type Named =
  { readonly kind: 'named'; readonly number: number; readonly to: string } | Refused

/** What came of keeping the package of what runs here. */
export type Kept = 'kept' | 'missing' | 'other' | 'not-whole' | 'no-room' | 'folder-open'

export interface Installer {
  /** Whether what runs here could be put back, so that something else may be put in its place. */
  prepare(): Promise<Prepared>
  /** Everything is verified on a copy of its own before anything is changed. */
  apply(download: Download): Promise<Applied>
  /** To the release that was there before, and to no other. The same again changes nothing. */
  putBack(): Promise<PutBack>
  /** What runs is well: from here on there is no way back. */
  settle(): Promise<void>
}
