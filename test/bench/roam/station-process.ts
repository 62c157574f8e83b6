// A workstation of the benchmark in a process of its own, as on a machine of its own: what one of
// them does must not hold up the other.

import { Station } from './station.ts'
import type { StationNeeds } from './station.ts'
import type { Badge } from './ward-broker.ts'

export type StationAsk =
  | { readonly kind: 'open'; readonly needs: StationNeeds }
  | { readonly kind: 'tap'; readonly badge: Badge }
  | { readonly kind: 'left'; readonly sinceMs: number }
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'joined' }

/** Nothing where it did not happen; why is on standard error. */
export interface StationAnswer {
  readonly value?: unknown
  readonly hasFailed: boolean
}

/** Whoever asked is gone: its browser and its folder go too, and then it does, in any case. */
const closeMaxMs = 5000

class StationHost {
  #station: Station | undefined

  async answer(asked: StationAsk): Promise<StationAnswer> {
    try {
      return { value: await this.#do(asked), hasFailed: false }
    } catch (thrown) {
      process.stderr.write(`${thrown instanceof Error ? thrown.message : 'unknown'}\n`)
      return { hasFailed: true }
    }
  }

  async stop(): Promise<void> {
    await this.#station?.close()
    process.exit(0)
  }

  async #do(asked: StationAsk): Promise<unknown> {
    if (asked.kind === 'open') {
      this.#station = await Station.open(asked.needs)
      return undefined
    }
    const station = this.#station
    if (!station) throw new Error('no workstation was opened')
    switch (asked.kind) {
      case 'tap':
        return station.tap(asked.badge)
      case 'left':
        return station.left(asked.sinceMs)
      case 'cut-off':
        return station.cutOff()
      case 'joined':
        return station.joined()
    }
  }
}

const host = new StationHost()
process.on('message', (message: StationAsk | 'stop') => {
  if (message === 'stop') void host.stop()
  else void host.answer(message).then((answer) => process.send?.(answer))
})
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), closeMaxMs)
  void host.stop()
})
