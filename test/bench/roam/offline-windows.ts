// The same taps with the broker and without it, at one workstation, in turns: two people whose
// charts wait there take the screen from each other, so that the browser has the same to do.

import { flushesMs, inScratch } from '../tap/floors.ts'
import type { RemoteStation, Ward } from './ward.ts'

/** In milliseconds from the tap. */
export interface TapTimes {
  readonly answerMs: number
  readonly openedMs: number
}

export interface OfflineWindows {
  readonly online: readonly TapTimes[]
  readonly offline: readonly TapTimes[]
  /** Answers without a broker, also those that were not counted, and questions for a PIN. */
  readonly decidedAlone: number
  /** Taps that were counted although a PIN was asked for: none. */
  readonly pinsAsked: number
  readonly flushes: readonly number[]
}

export interface WindowPlan {
  readonly pairs: number
  readonly taps: number
}

interface Window {
  readonly times: readonly TapTimes[]
  readonly pinsAsked: number
  readonly answers: number
}

/** Two people with a turn each, before a window counts: the first one without a broker has a PIN. */
const warmTaps = 4
/** The same card is not held to the reader again at once. */
const betweenMs = 120

export async function measureOffline(
  ward: Ward,
  station: RemoteStation,
  plan: WindowPlan,
): Promise<OfflineWindows> {
  const online: TapTimes[] = []
  const offline: TapTimes[] = []
  const flushes: number[] = []
  const counts = { alone: 0, pins: 0 }
  const hand = new Hand(station, ward)
  for (let pair = 0; pair < plan.pairs; pair++) {
    const withIt = await hand.window(plan.taps)
    await station.cut()
    const without = await hand.window(plan.taps)
    await station.join()
    online.push(...withIt.times)
    offline.push(...without.times)
    counts.alone += without.answers
    counts.pins += withIt.pinsAsked + without.pinsAsked
    flushes.push(...inScratch((folder) => flushesMs(folder, 0.1)))
  }
  return { online, offline, decidedAlone: counts.alone, pinsAsked: counts.pins, flushes }
}

/** Two people at one screen, always the one whose it is not. */
class Hand {
  readonly #station: RemoteStation
  readonly #ward: Ward
  #turn = 0

  constructor(station: RemoteStation, ward: Ward) {
    this.#station = station
    this.#ward = ward
  }

  async window(taps: number): Promise<Window> {
    const times: TapTimes[] = []
    let pinsAsked = 0
    let answers = 0
    for (let n = 0; n < warmTaps + taps; n++) {
      const [one, other] = this.#ward.badges
      const tap = await this.#station.tap(this.#turn % 2 === 0 ? other : one)
      this.#turn += 1
      answers += tap.isPinAsked ? 2 : 1
      if (n >= warmTaps) {
        if (tap.isPinAsked) pinsAsked += 1
        times.push({ answerMs: tap.answeredMs - tap.atMs, openedMs: tap.shownMs - tap.atMs })
      }
      await new Promise((resolve) => setTimeout(resolve, betweenMs))
    }
    return { times, pinsAsked, answers }
  }
}
