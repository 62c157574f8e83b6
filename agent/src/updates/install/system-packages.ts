// What is asked of a system's own installer. It judges no signature and keeps nothing.

import type { UpdateTarget } from '@wardkey/protocol/workstation/updates/release'

export type Put =
  | 'done'
  | 'after-restart'
  /** Another installation is under way. */
  | 'busy'
  | 'failed'

/** Settings that the way back would lose, as the system's installer takes them. */
export type Keepsakes = readonly string[]

export interface SystemPackages {
  readonly target: UpdateTarget
  /** As installers/ names them. */
  fileName(release: string): string
  /** The release that is there whole; nothing where there is none, or a half one. */
  installed(): Promise<string | undefined>
  /** Where nothing short of installing tells, it may be. */
  mayBe(path: string, release: string): Promise<boolean>
  keepsakes(): Promise<Keepsakes>
  /** Over an older one. */
  put(path: string): Promise<Put>
  /** The older one in place of the newer one, both kept here. */
  putBack(older: string, newer: string, keepsakes: Keepsakes): Promise<Put>
  /** What is installed made into a package again; absent where a system cannot. */
  repack?(release: string, to: string): Promise<boolean>
}
