// The feature reports of rf IDEAS readers in SDK mode: eight bytes out, eight bytes in, no report
// id. Pure. From public notes on firmware 07.3, not from the maker: see README.md, "Untried".

import type { WiegandBits } from '@wardkey/protocol/workstation/wiegand-format'

export const reportBytes = 8

export const commands = {
  configurationPage0: 0x80,
  deviceInfo: 0x8a,
  /** How many bits there are; answers only after `cardData` was asked. */
  cardInfo: 0x8e,
  cardData: 0x8f,
  finishConfiguration: 0x90,
} as const

/** A command on its way: hidapi wants the report id, which there is none of, in front. */
export function reportFor(command: number, ...parameters: readonly number[]): Uint8Array {
  const report = new Uint8Array(reportBytes + 1)
  report.set([command, ...parameters], 1)
  return report
}

/** A configuration page on its way back to the reader. */
export function reportOfPage(page: Uint8Array): Uint8Array {
  const report = new Uint8Array(reportBytes + 1)
  report.set(page.subarray(0, reportBytes), 1)
  return report
}

/** Undefined if the answer is not eight bytes after the report id. */
export function answerOf(report: Uint8Array): Uint8Array | undefined {
  return report.length === reportBytes + 1 ? report.subarray(1) : undefined
}

/** Parts of configuration page 0 that decide what a read means. */
export interface ReaderSetting {
  /** Bits that the reader takes off before it tells the rest. */
  readonly leadingStripped: number
  readonly trailingStripped: number
  /** Whether it types what it reads, as a keyboard would. */
  readonly types: boolean
}

const haltsKeyboard = 0x80

export function parsePage0(page: Uint8Array): ReaderSetting {
  const stripped = page[2] ?? 0
  return {
    leadingStripped: stripped & 0x0f,
    trailingStripped: stripped >> 4,
    types: ((page[7] ?? 0) & haltsKeyboard) === 0,
  }
}

/**
 * Page 0 with two things changed: no keystrokes, which would type badge numbers into whatever is
 * focused, and no bits stripped, so that parity can be checked. All else stays as found.
 */
export function quietPage0(page: Uint8Array): Uint8Array {
  const quiet = Uint8Array.from(page)
  quiet[2] = 0
  quiet[7] = (quiet[7] ?? 0) | haltsKeyboard
  return quiet
}

/** The number of bits in the data, without those that the reader stripped. */
export function parseCardInfo(answer: Uint8Array): number {
  return answer[0] ?? 0
}

export function isNoCard(cardData: Uint8Array): boolean {
  return cardData.every((byte) => byte === 0)
}

/** The card's bits: the data comes lowest byte first. Undefined if they cannot be that many. */
export function parseCardData(cardData: Uint8Array, bits: number): WiegandBits | undefined {
  if (bits < 1 || bits > reportBytes * 8) return undefined
  const hex = Array.from(cardData.toReversed(), (byte) => byte.toString(16).padStart(2, '0'))
  const value = BigInt(`0x${hex.join('')}`)
  return { length: bits, value: value & ((1n << BigInt(bits)) - 1n) }
}
