// The inside of an rf IDEAS reader as public notes describe it: commands in, answers out. No
// transport: a fake one and a kernel uhid device both stand on it.

const commands = { page0: 0x80, info: 0x8a, cardInfo: 0x8e, cardData: 0x8f, finish: 0x90 } as const

export interface CardBits {
  readonly length: number
  readonly value: bigint
}

export class RfIdeasDevice {
  /** As delivered: strips one bit in front and one behind, ends with Enter, types what it reads. */
  #page0: Uint8Array = Uint8Array.of(3, 5, 0x11, 0, 0, 0, 40, 0)
  #pendingPage0: Uint8Array | undefined
  #command = 0
  #expectsPage = false
  #card: CardBits | undefined
  /** Whether page 0 was written to its memory, where it would outlive the plug. */
  savedToMemory = false

  /** An eight-byte feature report from the host. */
  write(report: Uint8Array): void {
    const command = report[0] ?? 0
    if (this.#expectsPage && command < 0x80) {
      this.#pendingPage0 = Uint8Array.from(report)
      this.#expectsPage = false
      return
    }
    this.#command = command
    this.#expectsPage = command === commands.page0
    if (command !== commands.finish) return
    if (this.#pendingPage0 !== undefined) this.#page0 = this.#pendingPage0
    if ((report[1] ?? 0) !== 0) this.savedToMemory = true
    this.#pendingPage0 = undefined
  }

  /** The eight-byte answer to the last command. */
  read(): Uint8Array {
    this.#expectsPage = false
    switch (this.#command) {
      case commands.page0:
        return Uint8Array.from(this.#page0)
      case commands.info:
        return Uint8Array.of(0, 0, 0x30, 0x07, 0, 0xfa, 0x3b, 0)
      case commands.cardData:
        return littleEndian(this.#told()?.value ?? 0n)
      case commands.cardInfo: {
        const length = this.#told()?.length ?? 0
        return Uint8Array.of(length, length, 0, 0, 0, 0, 0, 0)
      }
      default:
        return new Uint8Array(8)
    }
  }

  place(card: CardBits): void {
    this.#card = card
  }

  clear(): void {
    this.#card = undefined
  }

  /** Pulled out and plugged in again: what was not written to memory is forgotten. */
  powerCycle(): void {
    if (!this.savedToMemory) this.#page0 = Uint8Array.of(3, 5, 0x11, 0, 0, 0, 40, 0)
    this.#card = undefined
  }

  get types(): boolean {
    return ((this.#page0[7] ?? 0) & 0x80) === 0
  }

  /** The card as the reader tells it: without the bits that it is set to strip. */
  #told(): CardBits | undefined {
    if (this.#card === undefined) return undefined
    const stripped = this.#page0[2] ?? 0
    const leading = stripped & 0x0f
    const trailing = stripped >> 4
    const length = this.#card.length - leading - trailing
    const value = (this.#card.value >> BigInt(trailing)) & ((1n << BigInt(length)) - 1n)
    return { length, value }
  }
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(index * 8)) & 0xffn))
}
