// What happened between two times: asked for whole, and kept while it is looked at.

import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { OwnRecord } from '@wardkey/protocol/console/own-record'
import type { Timeline } from '@wardkey/protocol/console/timeline'
import { ask, askConsole } from './ask.ts'

/** Looking is a fact each time: what was just seen is not asked for again. */
const lookedAtMs = 60_000

export type About = readonly [name: 'personId' | 'workstationId' | 'zoneId', id: string]

export const timelineQuery = (about: About, span: Span) =>
  queryOptions({
    queryKey: ['timeline', ...about, span.fromMs, span.toMs],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams([
        [...about],
        ['fromMs', String(span.fromMs)],
        ['toMs', String(span.toMs)],
      ])
      return ask<Timeline>(`/timeline?${query.toString()}`, signal)
    },
    staleTime: lookedAtMs,
    placeholderData: keepPreviousData,
  })

/** Of whoever is signed in: no word of it says of whom. */
export const ownRecordQuery = ({ fromMs, toMs }: Span) =>
  queryOptions({
    queryKey: ['own-record', fromMs, toMs],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ fromMs: String(fromMs), toMs: String(toMs) })
      return askConsole<OwnRecord>(`/console/own-record?${query.toString()}`, signal)
    },
    staleTime: lookedAtMs,
    placeholderData: keepPreviousData,
  })

interface Span {
  readonly fromMs: number
  readonly toMs: number
}
