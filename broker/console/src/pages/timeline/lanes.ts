// How intervals lie in their lanes: under one another where they overlap, and as one block where
// they are too small to be told apart. Pure.

import type { Span } from '@wardkey/protocol/console/timeline'
import { xOf } from './axis.ts'
import type { View } from './axis.ts'

export const laneNames = [
  ['door', 'Door'],
  ['presence', 'Presence'],
  ['session', 'Session'],
  ['launch', 'Chart'],
] as const
export type LaneName = (typeof laneNames)[number][0]

export interface Lane {
  readonly name: LaneName
  readonly label: string
  /** Each in the order of time, without overlap. */
  readonly rows: readonly (readonly Span[])[]
}

/** In every lane, and in this order, also where nothing lies in it. */
export function layLanes(spans: readonly Span[]): readonly Lane[] {
  return laneNames.map(([name, label]) => {
    const mine = spans.filter(({ lane }) => lane === name).sort((a, b) => a.fromMs - b.fromMs)
    return { name, label, rows: layRows(mine) }
  })
}

/** Into the first row that is free by then: as few rows as can be. */
function layRows(spans: readonly Span[]): Span[][] {
  const rows: Span[][] = []
  const ends: number[] = []
  for (const span of spans) {
    const free = ends.findIndex((end) => end <= span.fromMs)
    if (free < 0) {
      rows.push([span])
      ends.push(endOf(span))
    } else {
      rows[free]?.push(span)
      ends[free] = endOf(span)
    }
  }
  return rows
}

/** What lasts has no end: nothing comes after it in its row. */
const endOf = ({ untilMs }: Span): number => untilMs ?? Number.POSITIVE_INFINITY

/** One fact begins several intervals, in one lane and in others: each is told by all three. */
export const spanKey = ({ lane, kind, facts }: Span): string =>
  `${lane}-${String(facts[0] ?? '')}-${kind}`

export interface Block {
  readonly x: number
  readonly width: number
  /** The first of them; the only one where `count` is 1. */
  readonly span: Span
  readonly count: number
}

const smallPx = 3

/** What of a row is in view. Neighbours that are too small to be told apart become one block. */
export function blocksOf(row: readonly Span[], view: View, widthPx: number): readonly Block[] {
  const blocks: Block[] = []
  for (const span of row) {
    const end = Math.min(endOf(span), view.toMs)
    if (end <= view.fromMs && span.fromMs < view.fromMs) continue
    if (span.fromMs > view.toMs) break
    const x = Math.max(0, xOf(span.fromMs, view, widthPx))
    const width = Math.max(2, xOf(end, view, widthPx) - x)
    const last = blocks.at(-1)
    if (last && isSmall(last) && width < smallPx && isAlike(last.span, span) && isNear(last, x)) {
      blocks[blocks.length - 1] = {
        ...last,
        width: Math.max(last.width, x + width - last.x),
        count: last.count + 1,
      }
    } else blocks.push({ x, width, span, count: 1 })
  }
  return blocks
}

const isSmall = ({ width, count }: Block): boolean => count > 1 || width < smallPx
const isNear = ({ x, width }: Block, next: number): boolean => next - (x + width) < 1

/**
 * So small, kinds cannot be told apart and may be one block; what is marked must not vanish among
 * what is not.
 */
function isAlike(a: Span, b: Span): boolean {
  return (
    (a.isEmergency ?? false) === (b.isEmergency ?? false) &&
    (a.isOffline ?? false) === (b.isOffline ?? false)
  )
}
