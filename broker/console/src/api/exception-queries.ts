// What the page of people reads and changes of exceptions: who has a role or a zone for a while.

import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ExceptionShown, exceptionOrder } from '@wardkey/protocol/admin/exceptions/exceptions'
import type { Pass } from './acts.ts'
import { ask, change, post } from './ask.ts'

/** Looking is a fact each time: what was just seen is not asked for again. */
const lookedAtMs = 60_000
const pathOf = (id: string): string => `/exceptions/${encodeURIComponent(id)}`

export type ExceptionOrder = z.input<typeof exceptionOrder>

export const exceptionsQuery = queryOptions({
  queryKey: ['exceptions'],
  queryFn: ({ signal }) => ask<{ exceptions: ExceptionShown[] }>('/exceptions?all=yes', signal),
  staleTime: lookedAtMs,
})

export const proposeException = (order: ExceptionOrder, pass: Pass): Promise<{ id: string }> =>
  change({ ...post('/exceptions'), body: order, ...pass })

export const decideException = (
  id: string,
  outcome: 'approved' | 'rejected',
  pass: Pass,
): Promise<void> => change({ ...post(`${pathOf(id)}/decision`), body: { outcome }, ...pass })

export const endException = (id: string, pass: Pass): Promise<{ sessions: number }> =>
  change({ ...post(`${pathOf(id)}/end`), ...pass })
