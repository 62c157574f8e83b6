// Legal holds: what stands, and what is changed about one.

import { queryOptions } from '@tanstack/react-query'
import type { HoldShown } from '@wardkey/protocol/admin/forget/holds'
import type { Pass } from '../acts.ts'
import { ask, change, post } from '../ask.ts'

/** Looking is a fact each time: what was just seen is not asked for again. */
const lookedAtMs = 60_000

export const holdsQuery = queryOptions({
  queryKey: ['holds'],
  queryFn: ({ signal }) => ask<{ holds: HoldShown[] }>('/holds', signal),
  staleTime: lookedAtMs,
})

export interface HoldOrder {
  readonly personId?: string
  readonly workstationId?: string
  readonly fromMs?: number
  readonly untilMs?: number
  readonly reason: string
}

export const placeHold = (order: HoldOrder, pass: Pass): Promise<{ id: string }> =>
  change({ ...post('/holds'), body: order, ...pass })

export const endHold = (id: string, way: 'ask-lift' | 'lift', pass: Pass): Promise<void> =>
  change({ ...post(`/holds/${encodeURIComponent(id)}/${way}`), ...pass })
