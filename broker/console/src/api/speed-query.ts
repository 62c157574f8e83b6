// How long each stage took between two times. Nobody is named in it.

import { keepPreviousData, queryOptions } from '@tanstack/react-query'
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
