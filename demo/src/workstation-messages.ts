// What the demo's program and one of its workstations say to each other over the process channel.

import type { Moment, StationAround } from './demo-messages.ts'

/** The wire is the demo program's to cut; everything else happens at the workstation. */
export type WorkstationMoment = Exclude<Moment, 'cut-network' | 'join-network'>

/** To the workstation: somebody holds a badge to its reader, or uses its screen. */
export type ToWorkstation =
  /** The first word: `token` is empty for a workstation that is enrolled already. */
  | { readonly kind: 'start'; readonly token: string }
  | { readonly kind: 'tap'; readonly uid: string }
  | {
      readonly kind: 'pointer'
      readonly act: 'pressed' | 'released' | 'moved'
      readonly x: number
      readonly y: number
    }
  | { readonly kind: 'wheel'; readonly deltaY: number; readonly x: number; readonly y: number }
  | {
      readonly kind: 'key'
      readonly act: 'down' | 'up'
      readonly key: string
      readonly code: string
    }
  | { readonly kind: 'moment'; readonly moment: WorkstationMoment }
  /** Its screens look as the visitor's browser wants pages to. */
  | { readonly kind: 'looks'; readonly isDark: boolean }
  /** Somebody looks: pictures are made only then. */
  | { readonly kind: 'watch'; readonly isWatched: boolean }

/** From the workstation. */
export type FromWorkstation =
  | { readonly kind: 'enrolled' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'around'; readonly around: Omit<StationAround, 'isCut'> }
  | { readonly kind: 'picture'; readonly jpeg: Uint8Array }
