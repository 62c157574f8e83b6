// PC/SC's return codes and state bits, and what each means to us. Pure.

import type { CardRefusalCode } from '../card-identity.ts'

export const pcscCodes = {
  cancelled: 0x8010_0002,
  insufficientBuffer: 0x8010_0008,
  unknownReader: 0x8010_0009,
  timeout: 0x8010_000a,
  sharingViolation: 0x8010_000b,
  noSmartcard: 0x8010_000c,
  notTransacted: 0x8010_0016,
  readerUnavailable: 0x8010_0017,
  noService: 0x8010_001d,
  serviceStopped: 0x8010_001e,
  noReaders: 0x8010_002e,
  unsupportedCard: 0x8010_0065,
  unresponsiveCard: 0x8010_0066,
  unpoweredCard: 0x8010_0067,
  resetCard: 0x8010_0068,
  removedCard: 0x8010_0069,
} as const

export const stateBits = {
  changed: 0x2,
  unknown: 0x4,
  unavailable: 0x8,
  empty: 0x10,
  present: 0x20,
  mute: 0x200,
} as const

/** A call that did not return success. The name of the call and the code, nothing of a card. */
export class PcscFault extends Error {
  readonly code: number
  constructor(call: string, code: number) {
    super(`${call} 0x${code.toString(16)}`)
    this.name = 'PcscFault'
    this.code = code
  }
}

/** The card was reset by somebody, or hopped: one new connection is worth it. */
export function isWorthReconnecting(code: number): boolean {
  return code === pcscCodes.resetCard || code === pcscCodes.notTransacted
}

export function isServiceAway(code: number): boolean {
  return code === pcscCodes.noService || code === pcscCodes.serviceStopped
}

/** Whether a fault while reading is about this card; anything else is about the service. */
export function refusalFor(code: number): CardRefusalCode | undefined {
  switch (code) {
    case pcscCodes.noSmartcard:
    case pcscCodes.removedCard:
    case pcscCodes.unknownReader:
    case pcscCodes.readerUnavailable:
      return 'card-torn'
    case pcscCodes.unresponsiveCard:
    case pcscCodes.unpoweredCard:
    case pcscCodes.unsupportedCard:
      return 'card-mute'
    case pcscCodes.sharingViolation:
      return 'card-busy'
    default:
      return isServiceAway(code) ? undefined : 'card-unreadable'
  }
}
