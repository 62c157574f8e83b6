// What a script is made of: people who come to a workstation, what HR does, and what breaks. Data
// only, each with its time, so that a script can be cut short and played again.

import type { DiskFate } from '../world/alone/agent-disk.ts'
import type { BrowserTrouble } from '../world/browser.ts'
import type { WriteFate } from '../world/broker-place.ts'

/** A person comes, taps, types, works, and goes. What the screen asks in between is answered. */
export interface Visit {
  readonly kind: 'visit'
  readonly atMs: number
  readonly person: number
  readonly workstation: number
  /** One after the other, as often as the PIN is asked for; after the last one it is cancelled. */
  readonly pins: readonly ('right' | 'wrong' | 'none')[]
  readonly thinkMs: number
  readonly workMs: number
  readonly inputEveryMs: number
  readonly goesBy: 'tap' | 'walking' | 'lock-key'
  /** What she does when her screen fades. */
  readonly onFade: 'nothing' | 'tap' | 'input'
  /** Where she is refused she asks for emergency access, with her badge and her PIN. */
  readonly isEmergency?: boolean
  /** Her badge is at home: she asks for emergency access by her staff number. */
  readonly hasNoBadge?: boolean
  /** Whose badges are held to the reader when a colleague is asked for, one after the other. */
  readonly witnesses?: readonly Witness[]
  /** Her lanyard swings: the same badge once more, so long after the first. */
  readonly againMs?: number
  /** Gives up so soon after the badge, and after the PIN, where they are still being checked. */
  readonly cancelMs?: number
}

/** Herself, who may not; a colleague; a card that is nobody's; whoever is fetched does not come. */
export type Witness = 'herself' | 'colleague' | 'stranger' | 'nobody'

export type Trouble =
  | { readonly kind: 'link-breaks'; readonly workstation: number; readonly how: LinkBreak }
  | { readonly kind: 'path-cut'; readonly workstation: number; readonly forMs: number }
  | { readonly kind: 'path-slow'; readonly workstation: number; readonly forMs: number }
  /** The next frame that way arrives once more, so long after the first time. */
  | {
      readonly kind: 'frame-doubled'
      readonly workstation: number
      readonly way: 'to-broker' | 'to-agent'
      readonly laterMs: number
    }
  | { readonly kind: 'broker-cut'; readonly broker: number; readonly forMs: number }
  | { readonly kind: 'broker-crash'; readonly broker: number; readonly downMs: number }
  | {
      readonly kind: 'write-fate'
      readonly broker: number
      readonly what: WriteFate
      readonly nth: number
      readonly downMs: number
    }
  | { readonly kind: 'disk-full' | 'disk-slow'; readonly forMs: number }
  | { readonly kind: 'broker-clock'; readonly broker: number; readonly byMs: number }
  | { readonly kind: 'workstation-clock'; readonly workstation: number; readonly byMs: number }
  | { readonly kind: 'sleep'; readonly workstation: number; readonly forMs: number }
  | {
      readonly kind: 'agent-crash'
      readonly workstation: number
      readonly of: 'process' | 'system'
      readonly downMs: number
    }
  | { readonly kind: 'agent-disk-full'; readonly workstation: number; readonly forMs: number }
  | {
      readonly kind: 'agent-write-fate'
      readonly workstation: number
      readonly what: DiskFate
      readonly of: 'process' | 'system'
      readonly nth: number
      readonly downMs: number
    }
  | { readonly kind: 'browser-dies'; readonly workstation: number }
  | {
      readonly kind: 'browser-trouble'
      readonly workstation: number
      readonly what: BrowserTrouble
    }
  | { readonly kind: 'reader-lost'; readonly workstation: number; readonly forMs: number }
  | { readonly kind: 'card-not-read'; readonly workstation: number }
  | { readonly kind: 'desktop-locked'; readonly workstation: number }

export type LinkBreak = 'both-know' | 'agent-first' | 'broker-first'

/** What other people do from elsewhere. */
export type Office =
  | {
      readonly kind: 'revoke'
      readonly person: number
      /** Whoever is terminated stays out. */
      readonly status: 'on-leave' | 'suspended' | 'terminated'
    }
  | { readonly kind: 'reinstate'; readonly person: number }
  | { readonly kind: 'badge-lost'; readonly person: number }
  | { readonly kind: 'badge-found'; readonly person: number }
  | { readonly kind: 'roles-lost'; readonly person: number }
  | { readonly kind: 'roles-back'; readonly person: number }
  | {
      readonly kind: 'sign'
      readonly workstation: number
      readonly pin: 'right' | 'wrong' | 'none'
    }

export type Act = Visit | ((Trouble | Office) & { readonly atMs: number })
export type Script = readonly Act[]
