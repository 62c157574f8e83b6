// Which broker is tried next: the one that answered last, for as long as it answers, and otherwise
// the next of those that settings name and of those that a broker told us of.

import { addressText, parseBrokerAddress } from './broker-address.ts'
import type { BrokerAddress } from './broker-address.ts'

/** A broker cannot fill our list: what settings name always stays in it. */
const toldMax = 8

export class Addresses {
  readonly #named: readonly BrokerAddress[]
  #told: readonly BrokerAddress[] = []
  #next = 0

  constructor(named: readonly BrokerAddress[]) {
    this.#named = named
  }

  current(): BrokerAddress | undefined {
    const all = [...this.#named, ...this.#told]
    return all[this.#next % Math.max(1, all.length)]
  }

  /** The present one did not lead to a welcome. */
  failed(): void {
    this.#next += 1
  }

  /** Other brokers that hold the same record. They prove themselves by the same authority. */
  told(texts: readonly string[]): void {
    const was = this.current()
    const known = new Set(this.#named.map(addressText))
    this.#told = texts
      .slice(0, toldMax)
      .map((text) => parseBrokerAddress(text))
      .filter((address) => address !== undefined)
      .filter((address) => !known.has(addressText(address)))
    const all = [...this.#named, ...this.#told]
    const stays = all.findIndex((one) => was && addressText(one) === addressText(was))
    this.#next = Math.max(0, stays)
  }
}
