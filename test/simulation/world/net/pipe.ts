// One direction of one connection: what is put in comes out in the same order, later, or never. It
// stands still while its path is cut, as TCP does, and goes on where it was. Only a text that is to
// be doubled comes out of order, the second time.

import type { VirtualTime } from '../virtual-time.ts'

export type Parcel =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'ping' | 'pong' }
  /** The last one: 1006 is an end without a farewell. */
  | { readonly kind: 'close'; readonly code: number }

export interface PipeNeeds {
  readonly time: VirtualTime
  readonly delayMs: () => number
  readonly isCut: () => boolean
  readonly deliver: (parcel: Parcel) => void
}

export class Pipe {
  readonly #needs: PipeNeeds
  #parcels: { readonly parcel: Parcel; readonly dueMs: number }[] = []
  #isMoving = false
  #isEnded = false
  #isDropped = false
  /** Of the next text: how long after it the same text arrives once more. */
  #againMs: number | undefined

  constructor(needs: PipeNeeds) {
    this.#needs = needs
  }

  put(parcel: Parcel, delayMs = this.#needs.delayMs()): void {
    if (this.#isEnded) return
    if (parcel.kind === 'close') this.#isEnded = true
    const last = this.#parcels.at(-1)?.dueMs ?? 0
    this.#parcels.push({ parcel, dueMs: Math.max(last, this.#needs.time.nowMs + delayMs) })
    this.#move()
  }

  /** The sender is gone: of what is on its way the first `kept` still arrive, then the end. */
  end(kept: number, delayMs: number): void {
    if (this.#isEnded) return
    this.#parcels = this.#parcels.slice(0, kept)
    this.put({ kind: 'close', code: 1006 }, delayMs)
  }

  /** The receiver is gone: nothing is delivered any more. */
  drop(): void {
    this.#isEnded = true
    this.#isDropped = true
    this.#parcels = []
  }

  /** The next text that arrives does so twice, and what came after it may be there before. */
  double(laterMs: number): void {
    this.#againMs = laterMs
  }

  get onTheWay(): readonly Parcel[] {
    return this.#parcels.map(({ parcel }) => parcel)
  }

  /** The path is whole again. */
  resume(): void {
    if (!this.#isMoving) this.#move()
  }

  #move(): void {
    const next = this.#parcels[0]
    if (this.#isMoving || !next) return
    const { time, isCut, delayMs, deliver } = this.#needs
    this.#isMoving = true
    const late = next.dueMs < time.nowMs ? delayMs() : next.dueMs - time.nowMs
    time.after(late, () => {
      this.#isMoving = false
      if (this.#parcels[0] !== next) this.#move()
      else if (!isCut()) {
        this.#parcels.shift()
        deliver(next.parcel)
        this.#again(next.parcel)
        this.#move()
      }
    })
  }

  #again(parcel: Parcel): void {
    if (parcel.kind !== 'text' || this.#againMs === undefined) return
    const { time, isCut, deliver } = this.#needs
    time.after(this.#againMs, () => {
      if (!this.#isDropped && !isCut()) deliver(parcel)
    })
    this.#againMs = undefined
  }
}
