// The shape of a language: every sentence the lock screen can say. A language that lacks one does
// not compile, and a refusal code that nobody can explain does not either.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { Surroundings } from '../../../machine/screen-view.ts'

export interface Advice {
  /** What happened. */
  readonly what: string
  /** What to do next. */
  readonly next: string
}

export interface Catalogue {
  readonly language: string
  readonly tapYourBadge: string
  readonly tapHint: string
  readonly reading: string
  readonly stillChecking: string
  readonly stillCheckingNext: string
  readonly checkingPin: string
  readonly greeting: (name: string | undefined, hour: number) => string
  readonly enterPin: string
  readonly pinAgain: string
  readonly triesLeft: (tries: number) => string
  readonly digitsEntered: (digits: number) => string
  readonly erase: string
  readonly enter: string
  readonly notMe: string
  readonly forgotPin: string
  readonly forgotPinAdvice: string
  readonly back: string
  readonly opening: (name: string) => string
  readonly openingStage: string
  readonly inUse: (name: string) => string
  readonly movedFrom: (place: string) => string
  readonly stillThere: string
  readonly stayHint: string
  readonly secondsLeft: (seconds: number) => string
  readonly lockNow: string
  readonly signTitle: string
  readonly signIn: (application: string) => string
  readonly signTap: (name: string) => string
  readonly signWrongBadge: (name: string) => string
  readonly cancel: string
  readonly tryAgainIn: (seconds: number) => string
  readonly quote: (code: string) => string
  readonly callServiceDesk: (desk: string) => string
  readonly ok: string
  readonly movedTo: (place: string | undefined) => string
  readonly endedNotice: string
  readonly idleNotice: string
  readonly troubleNotice: string
  readonly noWindow: string
  readonly refusals: Readonly<Record<RefusalCode, Advice>>
  readonly reader: Readonly<Record<Exclude<Surroundings['reader'], 'ready'>, Advice>>
  readonly link: Readonly<Record<Exclude<Surroundings['link'], 'up'>, Advice>>
  readonly linkDownSince: (time: string) => string
  readonly browser: Readonly<Record<Exclude<Surroundings['browser'], 'ready'>, Advice>>
}
