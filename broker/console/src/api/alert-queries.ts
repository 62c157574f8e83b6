// What the page of alerts reads and changes.

import { queryOptions } from '@tanstack/react-query'
import type { AlertClosing, AlertShown, AlertSummary } from '@wardkey/protocol/admin/alerts/alerts'
import { ask, change } from './ask.ts'
import type { Pass } from './acts.ts'

/** Looking is a fact each time: what was just seen is not asked for again. */
const lookedAtMs = 60_000
const pathOf = (id: string): string => `/alerts/${encodeURIComponent(id)}`

const list = (closed: boolean) =>
  queryOptions({
    queryKey: ['alerts', closed ? 'closed' : 'standing'],
    queryFn: ({ signal }) =>
      ask<{ alerts: AlertSummary[] }>(`/alerts?closed=${String(closed)}&limit=500`, signal),
    staleTime: lookedAtMs,
  })

export const alertQueries = {
  standing: list(false),
  closed: list(true),
  one: (id: string) =>
    queryOptions({
      queryKey: ['alerts', 'one', id],
      queryFn: ({ signal }) => ask<AlertShown>(pathOf(id), signal),
      staleTime: lookedAtMs,
    }),
}

export const acknowledgeAlert = (id: string, pass: Pass): Promise<void> =>
  change({ method: 'POST', path: `${pathOf(id)}/acknowledgement`, ...pass })

export const assignAlert = (id: string, personId: string, pass: Pass): Promise<void> =>
  change({ method: 'PUT', path: `${pathOf(id)}/assignee`, body: { personId }, ...pass })

export const closeAlert = (id: string, closing: AlertClosing, pass: Pass): Promise<void> =>
  change({ method: 'POST', path: `${pathOf(id)}/closing`, body: closing, ...pass })
