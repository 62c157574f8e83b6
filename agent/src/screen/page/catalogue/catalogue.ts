// The shape of a language: every sentence the lock screen can say. A language that lacks one does
// not compile, and a refusal code that nobody can explain does not either.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { ErrandFlaw, ErrandKind } from '@wardkey/protocol/workstation/errands'
import type { LockNotice, Surroundings } from '../../../machine/screen-view.ts'

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
  /** Where a colleague can speak for her here, and where she cannot. */
  readonly forgotPinAdvice: (isHere: boolean) => string
  readonly back: string
  readonly opening: (name: string) => string
  readonly openingStage: string
  readonly inUse: (name: string) => string
  readonly movedFrom: (place: string) => string
  readonly stillThere: (name: string | undefined) => string
  readonly stayHint: string
  readonly signingOut: (name: string | undefined) => string
  readonly tapToStay: string
  readonly otherBadge: string
  readonly stillSignedIn: (name: string | undefined) => string
  readonly handsOverIn: (seconds: number) => string
  readonly keepWorking: string
  readonly letGo: string
  readonly emergencyAccess: string
  readonly chooseReason: string
  readonly reasonIsKept: string
  readonly noteWanted: string
  readonly continue: string
  readonly orStaffNumber: string
  readonly staffNumber: string
  /** For fingers: the letters of the language, and the space. */
  readonly letters: string
  readonly space: string
  readonly witnessTitle: string
  readonly witnessFor: (name: string | undefined) => string
  readonly witnessAgain: string
  readonly closesIn: (seconds: number) => string
  readonly lockWasWrong: string
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
  readonly notices: Readonly<Record<Exclude<LockNotice['kind'], 'moved'>, string>>
  readonly noWindow: string
  readonly refusals: Readonly<Record<RefusalCode, Advice>>
  readonly reader: Readonly<Record<Exclude<Surroundings['reader'], 'ready'>, Advice>>
  readonly link: Readonly<Record<Exclude<Surroundings['link'], 'up'>, Advice>>
  readonly linkDownSince: (time: string) => string
  /** No broker, and yet people can sign in: since when, and what does not work. */
  readonly alone: (since: string | undefined) => Advice
  readonly banners: {
    readonly yours: (name: string) => string
    readonly stillYours: (name: string) => string
    readonly tapToSignOut: string
    readonly emergency: (name: string, until: string) => string
    readonly emergencyIsKept: string
    readonly alone: (name: string) => string
    readonly aloneDetail: string
    readonly cutOff: (name: string) => string
    readonly cutOffDetail: string
    readonly confirmed: (name: string) => string
    readonly tapForChart: string
    /** Where she came in without a badge. */
    readonly askForChart: string
  }
  /** What people do about a badge or a PIN at the workstation. */
  readonly errands: {
    readonly help: string
    readonly titles: Readonly<Record<ErrandKind, string>>
    readonly done: Readonly<Record<ErrandKind, Advice>>
    readonly lasts: (ms: number) => string
    readonly oneMoment: string
    readonly withColleague: string
    readonly badgeWillNotDo: string
    readonly witnessTap: (isSecond: boolean) => string
    /** To her whose badge or PIN is asked for: whose errand it is. */
    readonly speaksFor: (title: string) => string
    readonly witnessWillNotDo: string
    readonly witnessPin: (name: string | undefined) => string
    /** Hers who stands there, or that of somebody for whom a colleague speaks. */
    readonly typeNumber: (isOwn: boolean) => string
    readonly numberIsNobodys: string
    readonly isItYou: (name: string | undefined) => string
    readonly lookAtName: string
    readonly yesItIs: string
    /** The same, asked of the colleague who speaks for her. */
    readonly isIt: (name: string | undefined) => string
    readonly tapToConfirm: string
    readonly tapYoursToConfirm: string
    readonly confirmedByAnother: string
    readonly noItIsNot: string
    readonly choosePin: string
    readonly pinOnceMore: string
    readonly pinAdvice: (digits: number) => string
    readonly notTheSame: string
    readonly flaws: Readonly<Record<ErrandFlaw, string>>
    /** Instead of a colleague … */
    readonly signInInstead: string
    /** … on a page that opens, with a bar below it. */
    readonly signInOpen: string
    readonly signInLead: string
  }
  readonly browser: Readonly<Record<Exclude<Surroundings['browser'], 'ready'>, Advice>>
}
