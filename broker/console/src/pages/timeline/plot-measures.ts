// How high lanes are, and where each begins: the same for their names and for what is drawn. Pure.

import type { Lane } from './lanes.ts'

export const rowPx = 20
const headPx = 40
const gapPx = 10
const combPx = 20

export const laneHeight = ({ rows }: Lane): number => Math.max(1, rows.length) * rowPx

export function tops(lanes: readonly Lane[]): readonly number[] {
  let at = headPx
  return lanes.map((lane) => {
    const top = at
    at += laneHeight(lane) + gapPx
    return top
  })
}

export function plotHeight(lanes: readonly Lane[]): number {
  const rows = lanes.reduce((sum, lane) => sum + laneHeight(lane) + gapPx, 0)
  return headPx + rows + combPx
}
