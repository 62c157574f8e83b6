// How long each stage took between two times, how often screens locked, and the figures of the
// house. Nobody is named.

import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { FiguresShown } from '@wardkey/protocol/admin/figures/figures'
import type { LocksShown } from '@wardkey/protocol/admin/speed/locks'
import type { SpeedShown } from '@wardkey/protocol/admin/speed/speed'
import { ask } from './ask.ts'

const freshMs = 30_000

export const speedQuery = ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) =>
  queryOptions({
    queryKey: ['speed', fromMs, toMs],
    queryFn: ({ signal }) =>
      ask<SpeedShown>(`/speed?fromMs=${String(fromMs)}&toMs=${String(toMs)}`, signal),
    staleTime: freshMs,
    placeholderData: keepPreviousData,
  })

export const locksQuery = ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) =>
  queryOptions({
    queryKey: ['locks', fromMs, toMs],
    queryFn: ({ signal }) =>
      ask<LocksShown>(`/locks?fromMs=${String(fromMs)}&toMs=${String(toMs)}`, signal),
    // They are counted in the record, which takes its time.
    staleTime: 10 * freshMs,
    placeholderData: keepPreviousData,
  })

export const figuresQuery = queryOptions({
  queryKey: ['figures'],
  queryFn: ({ signal }) => ask<FiguresShown>('/figures?months=12', signal),
  // They are counted over months, and each look is a fact.
  staleTime: 20 * freshMs,
})
