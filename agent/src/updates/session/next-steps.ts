// What the session's agent does next about updates, from what it sees: whether an order may lie
// there, what a broker has to be told, and when it makes room for another release. Pure; in doubt
// it waits.

import type { z } from 'zod'
import { compareReleases } from '@wardkey/protocol/workstation/updates/release'
import type { UpdateFlaw } from '@wardkey/protocol/workstation/updates/update-exchange'
import type { updateNoted, UpdateTold } from '../hand-over/hand-over-words.ts'
import type { Ending } from '../trial-keeper.ts'
import type { WaitsHere } from '../waits-here.ts'

/** A broker said yes to that release, and nobody has come since. */
export interface Go {
  readonly number: number
  readonly atMs: number
  /** By the wall: what the other part says of it is dated so. */
  readonly atWallMs: number
}

/** How often it has ended to make room for one release. */
export interface Left {
  readonly release: string
  readonly times: number
}

export interface SessionSight {
  readonly running: string
  readonly sinceStartMs: number
  readonly nowMs: number
  readonly waits: WaitsHere | undefined
  /** Nothing where the part with the rights has not said of late that it is there. */
  readonly told: UpdateTold | undefined
  readonly noted: z.infer<typeof updateNoted> | undefined
  readonly go: Go | undefined
  readonly left: Left | undefined
}

/** Why there is no order any more, nor a yes. */
export type Over =
  | { readonly kind: 'came'; readonly waits: WaitsHere }
  /** It is carried out, or another release is there. */
  | { readonly kind: 'begun' }
  /** Nobody took it up, and the broker's yes has grown old. */
  | { readonly kind: 'late' }
  /** Nothing was changed. `flaw`: by what is wrong with the release, so that it ends here. */
  | { readonly kind: 'refused'; readonly why: string; readonly flaw?: UpdateFlaw }

export interface Steps {
  readonly mayLieThere: boolean
  readonly over?: Over
  readonly isSigning: boolean
  /** How a trial ended, for a broker. */
  readonly owed?: Ending
  readonly forgetsNoted: boolean
  readonly mayLook: boolean
  /** `gave-up`: it ended for that release often enough, and is still another one. */
  readonly leave: 'no' | 'now' | 'gave-up'
}

/** The window and the pace may be others by then: it is asked once more. */
export const goMs = 10 * 60_000
export const leavesMax = 5
/** One that ends sooner after it began would do nothing else. */
export const staysMs = 10_000

export function nextSteps(sight: SessionSight): Steps {
  const { told, noted, go } = sight
  const over = go && overOf(go, sight)
  const ended = told?.trial?.step === 'ended' ? told.trial : undefined
  const isNoted = ended?.number === noted?.number && ended?.outcome === noted?.outcome
  return {
    // Whoever is to read it has to be there, and ready.
    mayLieThere: go !== undefined && !over && (told?.ready === 'ready' || isTaken(go, sight)),
    ...(over ? { over } : {}),
    isSigning: told?.trial?.step === 'on-trial',
    ...(ended && !isNoted ? { owed: endingOf(ended) } : {}),
    // Left there it would speak for the next trial of the same release.
    forgetsNoted: noted !== undefined && told !== undefined && !isNoted,
    mayLook: go === undefined && isAtRest(sight),
    leave: leaveOf(sight),
  }
}

function overOf(go: Go, sight: SessionSight): Over | undefined {
  const { waits, told, nowMs } = sight
  const { number, atMs, atWallMs } = go
  if (waits) return { kind: 'came', waits }
  if (!isAtRest(sight) && !isTaken(go, sight)) return { kind: 'begun' }
  const { refused } = told ?? {}
  if (refused?.number === number && refused.atMs >= atWallMs) {
    const flaw = flawOf(refused.why)
    return { kind: 'refused', why: refused.why, ...(flaw === undefined ? {} : { flaw }) }
  }
  return nowMs - atMs >= goMs ? { kind: 'late' } : undefined
}

/** Its package is being verified, or put there: whether it still stands is looked at in between. */
export function isTaken({ number }: Go, { told }: Pick<SessionSight, 'told'>): boolean {
  return told?.trial?.step === 'installing' && told.trial.number === number
}

/** No update is under way or has an end that is owed, and what runs is what is installed. */
function isAtRest({ told, running }: SessionSight): boolean {
  return !told || (told.trial === undefined && told.installed === running)
}

const endingOf = ({ number, outcome, flaw }: Ending): Ending => ({
  number,
  outcome,
  ...(flaw === undefined ? {} : { flaw }),
})

/** Nothing where the same release may go in a little later. */
function flawOf(why: string): UpdateFlaw | undefined {
  switch (why) {
    case 'download-changed':
    case 'download-short':
      return 'hash'
    case 'download-too-large':
      return 'too-large'
    case 'update-not-for-this':
    case 'update-too-far':
      return 'not-for-this'
    default:
      return why.startsWith('update-') || why === 'download-other' ? 'manifest' : undefined
  }
}

function leaveOf({ told, running, waits, sinceStartMs, left }: SessionSight): Steps['leave'] {
  const { installed, trial } = told ?? {}
  if (installed === undefined || installed === running) return 'no'
  // Its files are being changed.
  if (trial?.step === 'installing' || trial?.step === 'returning') return 'no'
  // The way back cannot wait for a link that the newer release may be what keeps away.
  const isBack = compareReleases(installed, running) < 0
  if (waits !== undefined && !(waits === 'offline' && isBack)) return 'no'
  if (sinceStartMs < staysMs) return 'no'
  return left?.release === installed && left.times >= leavesMax ? 'gave-up' : 'now'
}
