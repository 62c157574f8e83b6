// What is read of tokens of administration, and how one is taken back. No token is among it: the
// broker keeps a hash of each.

import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { tokensPage } from '@wardkey/protocol/admin/tokens'
import type { Pass } from './acts.ts'
import { ask, change, post } from './ask.ts'

/** Looking is a fact each time: what was just seen is not asked for again. */
const lookedAtMs = 60_000

export type TokenShown = z.infer<typeof tokensPage>['tokens'][number]

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => ask<{ tokens: TokenShown[] }>('/tokens', signal),
  staleTime: lookedAtMs,
})

export const revokeToken = (id: string, pass: Pass): Promise<void> =>
  change({ ...post(`/tokens/${encodeURIComponent(id)}/revocation`), ...pass })
