// What the doctor has seen of this workstation's updates: settings, the hand-over folder, and what
// the two parts laid down in it. No package, manifest or key of it. Pure.

import type { UpdateTold } from '../../../updates/hand-over/hand-over-words.ts'
import type { WaitWord } from '../../../updates/hand-over/session-waits.ts'

export type FolderFlaw = 'missing' | 'open' | 'in-missing' | 'in-not-ours' | 'in-open'

export type UpdatesFact =
  | { readonly kind: 'no-key' }
  | { readonly kind: 'disabled' }
  | {
      readonly kind: 'on'
      readonly flaws: readonly FolderFlaw[]
      /** By the part with the rights, in its own words; however old. */
      readonly told?: UpdateTold
      /** It was told a moment ago. */
      readonly isHeard: boolean
      /** `left`: by one that stands by it no more. */
      readonly order: 'none' | 'laid' | 'left'
      /** By the agent in the session, a moment ago. */
      readonly waits?: WaitWord
    }
