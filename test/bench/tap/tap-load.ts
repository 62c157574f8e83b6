// What the benchmark sends: badge taps one after the other over all workstations, and people who
// type their right PIN faster than PINs can be checked.

import { randomUUID } from 'node:crypto'
import { ask } from './broker-process.ts'
import type { Answer, Running, Station } from './broker-process.ts'
import { openLoop, seeded } from './open-loop.ts'
import type { LoadResult } from './open-loop.ts'

export interface Measured {
  readonly load: LoadResult
  readonly cpuMs: number
  /** Answers that were not what the tap should have been answered with. */
  readonly wrong: number
  readonly seconds: number
}

/** Badge taps at `perSecond`. Each workstation has a person of its own: nobody is moved. */
export async function measureTaps(
  at: Running,
  perSecond: number,
  seconds: number,
  seed: number,
  expected = 'admitted',
): Promise<Measured> {
  await untilAnswered(at)
  const before = await ask(at.child)
  const beganMs = performance.now()
  let turn = 0
  let wrong = 0
  const send = (onAnswer: () => void): void => {
    const station = at.badge[turn % at.badge.length]
    turn += 1
    if (!station) return
    sendTap(at, station, randomUUID(), ({ kind }) => {
      if (kind !== expected) wrong += 1
      onAnswer()
    })
  }
  const load = await openLoop({ send }, perSecond, seconds, seed)
  const after = await ask(at.child)
  if (at.linesLost() > 0) throw new Error(`${String(at.linesLost())} workstations lost their line`)
  const used = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  const passed = (performance.now() - beganMs) / 1000
  return { load, cpuMs: used / 1000, wrong, seconds: passed }
}

/** What was too much for one window is not the next one's; PINs may be under way on purpose. */
async function untilAnswered(at: Running): Promise<void> {
  const untilMs = performance.now() + drainMaxMs
  while (at.waiting.size > at.pin.length && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export interface PinCounts {
  /** Taps with a PIN to follow. */
  offered: number
  checked: number
  /** Told at once to come back: `busy`. */
  shed: number
  /** Neither: a PIN that was right and not taken for it, say. */
  otherwise: number
  /** Nobody was free to be the next one. */
  skipped: number
}

const tickMs = 5
const drainMaxMs = 20_000

/**
 * People who tap and type their right PIN, at `perSecond` whatever comes of it, after `atOnce` of
 * them together. Runs until `stop`, which resolves when all have their answers.
 */
export class PinLoad {
  readonly counts: PinCounts = { offered: 0, checked: 0, shed: 0, otherwise: 0, skipped: 0 }
  readonly #at: Running
  readonly #free: Station[]
  readonly #random = seeded(23)
  readonly #timer: NodeJS.Timeout
  readonly #perSecond: number
  #nextMs = performance.now()

  constructor(at: Running, perSecond: number, atOnce: number) {
    this.#at = at
    this.#free = [...at.pin]
    this.#perSecond = perSecond
    for (let n = 0; n < atOnce; n++) this.#offer()
    this.#timer = setInterval(() => {
      for (const nowMs = performance.now(); this.#nextMs < nowMs;) {
        this.#offer()
        this.#nextMs += (-Math.log(1 - this.#random()) * 1000) / this.#perSecond
      }
    }, tickMs)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    const untilMs = performance.now() + drainMaxMs
    while (this.#free.length < this.#at.pin.length && performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  #offer(): void {
    const station = this.#free.shift()
    if (!station) {
      this.counts.skipped += 1
      return
    }
    this.counts.offered += 1
    const tapId = randomUUID()
    const done = (): void => {
      this.#free.push(station)
    }
    sendTap(this.#at, station, tapId, (question) => {
      if (question.kind !== 'ask-pin') {
        this.counts.otherwise += 1
        done()
        return
      }
      this.#at.waiting.set(tapId, (answer) => {
        this.counts[endOf(answer)] += 1
        done()
      })
      const frame = { kind: 'pin', id: randomUUID(), tapId, pin: this.#at.usualPin }
      station.socket.send(JSON.stringify(frame))
    })
  }
}

function endOf({ kind, code }: Answer): 'checked' | 'shed' | 'otherwise' {
  if (kind === 'admitted') return 'checked'
  return kind === 'refused' && code === 'busy' ? 'shed' : 'otherwise'
}

function sendTap(
  at: Running,
  { socket, card }: Station,
  tapId: string,
  onAnswer: (answer: Answer) => void,
): void {
  at.waiting.set(tapId, onAnswer)
  const claim = { technology: 'csn', canonical: card }
  const frame = { kind: 'tap', id: randomUUID(), tapId, card: claim, atMs: Date.now() }
  socket.send(JSON.stringify(frame))
}
