// One reader source under observation inside the virtual machine: what it told, and waiting for it
// to tell something. The source is the agent's own.

import { setTimeout as sleep } from 'node:timers/promises'
import type { ReaderEvent, ReaderSource } from '../../../agent/src/readers/reader.ts'
import type { Check } from './check-list.ts'

/** Under emulation everything takes its time. */
const tellWithinMs = 20_000

export class WatchedSource {
  readonly events: ReaderEvent[] = []
  readonly #source: ReaderSource
  #from = 0

  constructor(source: ReaderSource) {
    this.#source = source
    source.start((event) => {
      if (event.kind !== 'alive') this.events.push(event)
    })
  }

  /** The next event of that kind that was not waited for before. */
  async next<K extends ReaderEvent['kind']>(kind: K): Promise<Extract<ReaderEvent, { kind: K }>> {
    const deadline = performance.now() + tellWithinMs
    for (;;) {
      const at = this.events.findIndex((event, index) => index >= this.#from && event.kind === kind)
      const event = this.events[at]
      if (isOf(event, kind)) {
        this.#from = at + 1
        return event
      }
      if (performance.now() > deadline) throw new Error(`no ${kind}; told: ${this.story()}`)
      await sleep(5)
    }
  }

  story(): string {
    return this.events
      .slice(-6)
      .map((event) => event.kind)
      .join(' ')
  }

  stop(): Promise<void> {
    return this.#source.stop()
  }
}

function isOf<K extends ReaderEvent['kind']>(
  event: ReaderEvent | undefined,
  kind: K,
): event is Extract<ReaderEvent, { kind: K }> {
  return event?.kind === kind
}

/** Prints one line that the test outside waits for. A check that throws has failed. */
export async function check(name: Check, holds: () => Promise<string>): Promise<void> {
  const outcome = await holds().then(
    (detail) => ({ name, passed: true, detail }),
    (error: unknown) => ({ name, passed: false, detail: String(error) }),
  )
  console.log(`check ${JSON.stringify(outcome)}`)
}

export function expectSame(one: unknown, other: unknown): void {
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)]
  if (first !== second) throw new Error(`${first} is not ${second}`)
}
