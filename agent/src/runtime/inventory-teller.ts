// Tells the broker what this workstation is made of: once it is connected, when a reader comes or
// goes, when an update has gone on, and when another authority renewed it. A broker that knows no
// such frame has it seldom enough to keep the line.

import type { InventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import type { Link } from '../link/link.ts'
import type { Clock } from '../platform/clock.ts'
import type { ReaderEvent, SourceKind } from '../readers/reader.ts'
import { modelOf } from './doctor/support-bundle.ts'

export interface InventoryFacts extends Pick<InventoryBody, 'system' | 'settings' | 'authorities'> {
  /** How far updates are at this moment; never rejects. Absent where there are none. */
  readonly updates?: () => Promise<InventoryBody['updates']>
}

export interface InventoryNeeds {
  readonly facts: InventoryFacts
  readonly agentVersion: string
  readonly tell: Link['tell']
  readonly clock: Pick<Clock, 'after'>
}

/** Readers come and go together when a dock is plugged in. */
const settleMs = 3000
/** A trial ends, and another authority renews the certificate, without any sign over the line. */
const newsEveryMs = 5 * 60_000
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
  #forgetNews: () => void = () => undefined

  constructor(needs: InventoryNeeds) {
    this.#needs = needs
  }

  linkChanged(isUp: boolean): void {
    this.#isUp = isUp
    this.#forget()
    this.#forgetNews()
    if (!isUp) return
    this.#followNews()
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
    this.#forgetNews()
  }

  #followNews(): void {
    const { updates, authorities } = this.#needs.facts
    if (!updates && !authorities) return
    this.#forgetNews = this.#needs.clock.after(newsEveryMs, () => {
      this.#look()
      this.#followNews()
    })
  }

  #soon(): void {
    this.#forget()
    this.#forget = this.#needs.clock.after(settleMs, () => {
      this.#look()
    })
  }

  #look(): void {
    const { updates } = this.#needs.facts
    if (!updates) this.#tellNews(undefined)
    else
      void updates().then((found) => {
        this.#tellNews(found)
      })
  }

  #tellNews(found: InventoryBody['updates']): void {
    const { agentVersion, tell } = this.#needs
    const { updates: _updates, ...facts } = this.#needs.facts
    const readers = [...this.#readers.values()].slice(0, readersMax)
    const updates = found ? { updates: found } : {}
    const body: InventoryBody = { agentVersion, ...facts, readers, ...updates }
    const text = JSON.stringify(body)
    if (!this.#isUp || this.#left === 0 || text === this.#told) return
    if (!tell({ kind: 'inventory', ...body })) return
    this.#left -= 1
    this.#told = text
  }
}
