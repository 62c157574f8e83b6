// What happened at one workstation and when, on the shared clock: noted where the agent's
// parts meet, waited for by whoever measures.

import { sharedMs } from './shared-clock.ts'

export type MomentKind =
  /** Somebody is admitted: the broker's answer, or the workstation's own, as the machine gets it. */
  | 'admitted'
  | 'pin-asked'
  | 'refused'
  /** The broker's word to lock has arrived. */
  | 'lock-heard'
  /** The browser has said that the lock screen is in front, and what is left behind it hidden. */
  | 'covered'
  /** The browser has said that the session's context is disposed of: there is no chart any more. */
  | 'gone'
  /** The chart has painted in front of everything. */
  | 'shown'

export interface Moment {
  readonly kind: MomentKind
  readonly atMs: number
  readonly sessionId?: string
  readonly movedFrom?: string
}

interface Waiting {
  readonly kinds: readonly MomentKind[]
  readonly sinceMs: number
  readonly resolve: (moment: Moment | undefined) => void
}

/** More than any one tap brings about. */
const remembered = 200

export class Moments {
  #all: Moment[] = []
  #waiting: Waiting[] = []

  note(kind: MomentKind, about: Omit<Moment, 'kind' | 'atMs'> = {}): void {
    const moment = { kind, atMs: sharedMs(), ...about }
    this.#all = [...this.#all.slice(1 - remembered), moment]
    this.#waiting = this.#waiting.filter((waiting) => {
      const isIt = fits(waiting, moment)
      if (isIt) waiting.resolve(moment)
      return !isIt
    })
  }

  /** The first of these kinds since then; nothing where none comes in time. */
  first(
    kinds: readonly MomentKind[],
    sinceMs: number,
    withinMs: number,
  ): Promise<Moment | undefined> {
    const there = this.#all.find((moment) => fits({ kinds, sinceMs }, moment))
    if (there) return Promise.resolve(there)
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting)
        resolve(undefined)
      }, withinMs)
      const waiting: Waiting = {
        kinds,
        sinceMs,
        resolve: (moment) => {
          clearTimeout(late)
          resolve(moment)
        },
      }
      this.#waiting.push(waiting)
    })
  }
}

const fits = ({ kinds, sinceMs }: Pick<Waiting, 'kinds' | 'sinceMs'>, moment: Moment): boolean =>
  kinds.includes(moment.kind) && moment.atMs >= sinceMs
