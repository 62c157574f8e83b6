// One row of a lane: its intervals, with as much in words as there is room for.

import type { Span, Timeline } from '@wardkey/protocol/console/timeline'
import type { View } from './axis.ts'
import { blocksOf, spanKey } from './lanes.ts'
import type { Block } from './lanes.ts'
import { rowPx } from './plot-measures.ts'
import { kindText, placeText, spanText, whoText } from './words.ts'

const height = rowPx - 3
const letterPx = 6.4
const textFromPx = 40

interface Props {
  readonly row: readonly Span[]
  readonly view: View
  readonly width: number
  readonly timeline: Timeline
  readonly selected: Span | undefined
}

export function Blocks({ row, view, width, timeline, selected }: Props) {
  return blocksOf(row, view, width).map((block) => (
    <Piece
      key={`${String(block.span.fromMs)} ${block.span.kind}`}
      block={block}
      timeline={timeline}
      isSelected={block.span === selected}
    />
  ))
}

interface PieceProps {
  readonly block: Block
  readonly timeline: Timeline
  readonly isSelected: boolean
}

function Piece({ block, timeline, isSelected }: PieceProps) {
  const { x, width, span, count } = block
  const { lane, kind, confidence, isEmergency, isOffline, untilMs } = span
  // Evidence that is worth less fills less: it is not told by its colour alone.
  const level = lane === 'presence' ? (height * (confidence ?? 100)) / 100 : height
  const says =
    count > 1 ? `${String(count)} intervals, too near to be told apart` : spanText(span, timeline)
  return (
    <g
      transform={`translate(${x.toFixed(1)} 0)`}
      className="wk-block"
      data-lane={lane}
      data-kind={kind}
      data-span={spanKey(span)}
      data-emergency={isEmergency ? true : undefined}
      data-offline={isOffline ? true : undefined}
      data-level={level < height || undefined}
      data-lasts={untilMs === undefined || undefined}
      data-selected={isSelected || undefined}
    >
      <title>{says}</title>
      <rect width={width.toFixed(1)} height={height} rx="2" />
      {level < height && (
        <rect y={height - level} width={width.toFixed(1)} height={level} className="wk-level" />
      )}
      {lane === 'session' && kind === 'locked' && (
        <rect width={width.toFixed(1)} height={height} className="wk-hatch" />
      )}
      {width >= textFromPx && (
        <text x="5" y={height - 5}>
          {fitting(block, timeline)}
        </text>
      )}
    </g>
  )
}

function fitting({ span, width, count }: Block, timeline: Timeline): string {
  if (count > 1) return `${String(count)} ×`
  const room = Math.floor((width - 10) / letterPx)
  const isOfPerson = timeline.people.length < 2
  const whose = isOfPerson ? placeText(span, timeline) : whoText(span, timeline)
  const mark = span.isEmergency ? '! ' : ''
  const kind = span.lane === 'session' ? span.kind : kindText(span)
  const text = `${mark}${whose === undefined ? '' : `${whose}, `}${kind}`
  return text.length <= room ? text : `${text.slice(0, Math.max(1, room - 1))}…`
}
