// A fact and its canonical bytes: what is hashed into the record is made here once, stored as it
// is, and never made again from its parts.

import type { FactCode } from '@wardkey/protocol/fact-codes'
import type { FactBytes } from '../store/store.ts'

export type FactValue = string | number | boolean

/**
 * One thing that happened.
 *
 * Ids are random and say nothing by themselves, but for the fact's own, which begins with its
 * time. Names, card numbers and whatever else a law may ask to forget go into `sealed`, under the
 * person's own key, so that destroying the key forgets them while every proof stays good.
 */
export interface Fact {
  readonly id: string
  readonly code: FactCode
  readonly atMs: number
  readonly person?: string
  readonly workstation?: string
  readonly zone?: string
  readonly session?: string
  readonly tap?: string
  readonly badge?: string
  /** The policy rule that decided, where one did. */
  readonly rule?: string
  readonly fields?: Readonly<Record<string, FactValue>>
  readonly sealed?: Readonly<Record<string, string>>
}

/** Entries longer than this do not fit a tile bundle (C2SP tlog-tiles: 16-bit lengths). */
export const factBytesMax = 16_384

/**
 * RFC 8785 for our flat shapes: keys sorted by UTF-16 unit, no white space, integers only. A lone
 * surrogate, which no UTF-8 can hold, becomes U+FFFD: a fact is kept rather than refused for it.
 */
export function encodeFact(fact: Fact): FactBytes {
  const body = Buffer.from(canonical({ v: 1, ...fact }), 'utf8')
  if (body.length > factBytesMax) throw new Error(`a fact of ${String(body.length)} bytes`)
  return {
    id: fact.id,
    atMs: fact.atMs,
    code: fact.code,
    personId: fact.person ?? null,
    workstationId: fact.workstation ?? null,
    sessionId: fact.session ?? null,
    body,
  }
}

function canonical(value: unknown): string {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Error('a fact holds whole numbers only')
    return String(value)
  }
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'object' || value === null) throw new Error('a fact holds flat values only')
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${quoted(key)}:${canonical(member)}`)
  return `{${members.join(',')}}`
}

function quoted(text: string): string {
  const json = JSON.stringify(text)
  // JSON writes a lone surrogate as an escape, which is otherwise seldom enough to look twice.
  return json.includes('\\ud') ? JSON.stringify(text.replace(/\p{Cs}/gu, '\ufffd')) : json
}
