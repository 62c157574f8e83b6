// A reader without hardware, for the demo and for tests: it does what it is told, and keeps every
// promise that a real source keeps. It goes through the same identification as a real card.

import { identifyUid } from '../card-identity.ts'
import type { ReaderClock, ReaderEvent, ReaderSource } from '../reader.ts'
import { aliveWithinMs } from '../reader.ts'
import type { SimulatedCommand } from './simulated-command.ts'

/** Where commands come from: a page of the demo, a test. */
export interface SimulatedCommands {
  /** What it returns ends the listening. */
  listen(listener: (command: SimulatedCommand) => void): () => void
}

export interface SimulatedSourceNeeds {
  readonly clock: ReaderClock
  readonly commands: SimulatedCommands
  readonly readerName?: string
}

export function simulatedSource(needs: SimulatedSourceNeeds): ReaderSource {
  return new SimulatedSource(needs)
}

/** A hand for tests and the demo: its methods are the commands. */
export class SimulatedHand implements SimulatedCommands {
  readonly #listeners = new Set<(command: SimulatedCommand) => void>()

  listen(listener: (command: SimulatedCommand) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether anybody was there to see it. */
  do(command: SimulatedCommand): boolean {
    for (const listener of this.#listeners) listener(command)
    return this.#listeners.size > 0
  }
}

class SimulatedSource implements ReaderSource {
  readonly kind = 'simulated'
  readonly #needs: SimulatedSourceNeeds
  readonly #readerId = 'simulated:1'
  readonly #readerName: string
  #emit: ((event: ReaderEvent) => void) | undefined
  #endListening: (() => void) | undefined
  #forgetAlive: (() => void) | undefined
  #plugged = false
  /** The card that lies there; `seen` is false for one that was refused. */
  #lying: { readonly uid: string; readonly seen: boolean } | undefined

  constructor(needs: SimulatedSourceNeeds) {
    this.#needs = needs
    this.#readerName = needs.readerName ?? 'Simulated reader'
  }

  start(emit: (event: ReaderEvent) => void): void {
    this.#emit = emit
    this.#endListening = this.#needs.commands.listen((command) => {
      this.#obey(command)
    })
    this.#tell({ kind: 'source-up' })
    this.#sayAlive()
    this.#obey({ kind: 'plug' })
  }

  stop(): Promise<void> {
    this.#emit = undefined
    this.#endListening?.()
    this.#forgetAlive?.()
    return Promise.resolve()
  }

  #obey(command: SimulatedCommand): void {
    switch (command.kind) {
      case 'tap':
        this.#place(command.uid)
        this.#remove()
        return
      case 'place':
        this.#place(command.uid)
        return
      case 'remove':
        this.#remove()
        return
      case 'unplug':
        this.#unplug()
        return
      case 'plug':
        this.#plug()
    }
  }

  #place(uid: string): void {
    if (!this.#plugged || this.#lying?.uid === uid) return
    this.#remove()
    const readerId = this.#readerId
    const atMonoMs = this.#needs.clock.monoMs()
    const reading = identifyUid(Buffer.from(uid, 'hex'))
    this.#lying = { uid, seen: reading.kind === 'card' }
    if (reading.kind === 'refused') {
      this.#tell({ kind: 'card-refused', readerId, code: reading.code, atMonoMs })
      return
    }
    this.#tell({
      kind: 'card-seen',
      readerId,
      readerName: this.#readerName,
      card: { ...reading.card, technology: 'simulated' },
      atMonoMs,
      fresh: true,
    })
  }

  #remove(): void {
    const lying = this.#lying
    this.#lying = undefined
    if (lying?.seen !== true) return
    const atMonoMs = this.#needs.clock.monoMs()
    this.#tell({ kind: 'card-gone', readerId: this.#readerId, atMonoMs })
  }

  #plug(): void {
    if (this.#plugged) return
    this.#plugged = true
    this.#tell({
      kind: 'reader-up',
      readerId: this.#readerId,
      readerName: this.#readerName,
      technology: 'simulated',
    })
  }

  #unplug(): void {
    if (!this.#plugged) return
    this.#remove()
    this.#plugged = false
    this.#tell({ kind: 'reader-down', readerId: this.#readerId, reason: 'unplugged' })
  }

  #sayAlive(): void {
    this.#tell({ kind: 'alive' })
    this.#forgetAlive = this.#needs.clock.after(aliveWithinMs / 2, () => {
      this.#sayAlive()
    })
  }

  #tell(event: ReaderEvent): void {
    this.#emit?.(event)
  }
}
