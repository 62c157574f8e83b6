// Asks a card for its UID (PC/SC part 3, GET DATA FF CA) and judges the answer. A success with no
// bytes, as some drivers give when a card is pulled away mid-read, is never taken for a card.

import { identifyUid, refused } from '../card-identity.ts'
import type { CardReading } from '../card-identity.ts'

const getUid = Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00)

/** Reads the UID over one open connection. What `transmit` throws passes through. */
export function readUid(transmit: (command: Uint8Array) => Uint8Array): CardReading {
  const first = transmit(getUid)
  const status = statusOf(first)
  // 6Cxx: the right length is xx. 61xx: xx more bytes wait to be fetched.
  if (status?.high === 0x6c) return judge(transmit(Uint8Array.of(0xff, 0xca, 0, 0, status.low)))
  if (status?.high === 0x61) return judge(transmit(Uint8Array.of(0xff, 0xc0, 0, 0, status.low)))
  return judge(first)
}

function judge(answer: Uint8Array): CardReading {
  const status = statusOf(answer)
  if (status === undefined) return refused('card-torn')
  if (status.high === 0x90 && status.low === 0x00) {
    return answer.length === 2 ? refused('card-torn') : identifyUid(answer.subarray(0, -2))
  }
  // 6A81, 6D00, 6E00: this card, or this reader, does not know the question.
  const unasked = status.high === 0x6d || status.high === 0x6e || status.high === 0x6a
  return refused(unasked ? 'card-no-uid' : 'card-unreadable')
}

function statusOf(answer: Uint8Array): { high: number; low: number } | undefined {
  const high = answer.at(-2)
  const low = answer.at(-1)
  return high === undefined || low === undefined ? undefined : { high, low }
}
