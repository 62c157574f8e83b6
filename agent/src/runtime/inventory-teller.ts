// Tells the broker what this workstation is made of: once it is connected, and when a reader comes
// or goes. A broker that knows no such frame has it seldom enough to keep the line.

import type { InventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import type { Link } from '../link/link.ts'
import type { Clock } from '../platform/clock.ts'
import type { ReaderEvent, SourceKind } from '../readers/reader.ts'
import { modelOf } from './doctor/support-bundle.ts'

export type InventoryFacts = Pick<InventoryBody, 'system' | 'settings' | 'authorities'>

export interface InventoryNeeds {
  readonly facts: InventoryFacts
  readonly agentVersion: string
  readonly tell: Link['tell']
  readonly clock: Pick<Clock, 'after'>
}

/** Readers come and go together when a dock is plugged in. */
const settleMs = 3000
/** An older broker closes a line at the sixth frame that it does not know. */
const perConnectionMax = 4
const readersMax = 8

export class InventoryTeller {
  readonly #needs: InventoryNeeds
  readonly #readers = new Map<string, { readonly model: string; readonly mode: SourceKind }>()
  #isUp = false
  #left = 0
  #told = ''
  #forget: () => void = () => undefined

  constructor(needs: InventoryNeeds) {
    this.#needs = needs
  }

  linkChanged(isUp: boolean): void {
    this.#isUp = isUp
    this.#forget()
    if (!isUp) return
    this.#left = perConnectionMax
    this.#told = ''
    this.#soon()
  }

  hear(event: ReaderEvent): void {
    if (event.kind === 'reader-up') {
      const { readerId, readerName, technology } = event
      this.#readers.set(readerId, { model: modelOf(readerName), mode: technology })
    } else if (event.kind === 'reader-down') this.#readers.delete(event.readerId)
    else return
    if (this.#isUp) this.#soon()
  }

  stop(): void {
    this.#isUp = false
    this.#forget()
  }

  #soon(): void {
    this.#forget()
    this.#forget = this.#needs.clock.after(settleMs, () => {
      this.#tellNews()
    })
  }

  #tellNews(): void {
    const { facts, agentVersion, tell } = this.#needs
    const readers = [...this.#readers.values()].slice(0, readersMax)
    const body: InventoryBody = { agentVersion, ...facts, readers }
    const text = JSON.stringify(body)
    if (!this.#isUp || this.#left === 0 || text === this.#told) return
    if (!tell({ kind: 'inventory', ...body })) return
    this.#left -= 1
    this.#told = text
  }
}
