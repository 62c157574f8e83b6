// Her presence by day, from the intervals in which a screen was open for her. Pure: what time it
// is, it is told.

import type { OwnSpan } from '@wardkey/protocol/console/own-record'

export interface OwnDay {
  /** Its beginning. */
  readonly dayMs: number
  readonly firstMs: number
  readonly lastMs: number
  /** Time with a screen open; two at once count once. */
  readonly openMs: number
  readonly screens: number
}

interface Piece {
  readonly dayMs: number
  readonly fromMs: number
  readonly toMs: number
  readonly screen: string
}

const utcDayMs = 86_400_000

/** The newest first; a session over midnight is a part of both days. */
export function daysOf(spans: readonly OwnSpan[], nowMs: number, isUtc: boolean): OwnDay[] {
  const pieces = spans
    .filter(({ lane, kind }) => lane === 'session' && kind === 'open')
    .flatMap((span) => piecesOf(span, nowMs, isUtc))
  const days = new Map<number, Piece[]>()
  for (const piece of pieces) {
    days.set(piece.dayMs, [...(days.get(piece.dayMs) ?? []), piece])
  }
  return [...days].map(([dayMs, of]) => dayOf(dayMs, of)).sort((a, b) => b.dayMs - a.dayMs)
}

function piecesOf(span: OwnSpan, nowMs: number, isUtc: boolean): readonly Piece[] {
  const { fromMs, untilMs = Math.max(nowMs, fromMs), workstationId: screen = '' } = span
  const pieces: Piece[] = []
  let atMs = fromMs
  do {
    const [dayMs, nextMs] = dayAround(atMs, isUtc)
    const toMs = Math.min(untilMs, nextMs)
    pieces.push({ dayMs, fromMs: atMs, toMs, screen })
    atMs = toMs
  } while (atMs < untilMs)
  return pieces
}

function dayAround(ms: number, isUtc: boolean): readonly [number, number] {
  if (isUtc) {
    const dayMs = Math.floor(ms / utcDayMs) * utcDayMs
    return [dayMs, dayMs + utcDayMs]
  }
  // Twice a year a day has not 24 hours.
  const [begin, end] = [new Date(ms), new Date(ms)]
  return [begin.setHours(0, 0, 0, 0), end.setHours(24, 0, 0, 0)]
}

function dayOf(dayMs: number, pieces: readonly Piece[]): OwnDay {
  const inOrder = [...pieces].sort((a, b) => a.fromMs - b.fromMs)
  let openMs = 0
  let untilMs = 0
  for (const { fromMs, toMs } of inOrder) {
    openMs += Math.max(0, toMs - Math.max(fromMs, untilMs))
    untilMs = Math.max(untilMs, toMs)
  }
  const firstMs = inOrder[0]?.fromMs ?? dayMs
  const screens = new Set(pieces.map(({ screen }) => screen)).size
  return { dayMs, firstMs, lastMs: untilMs, openMs, screens }
}
