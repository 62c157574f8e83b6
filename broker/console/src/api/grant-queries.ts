// What pages read of tokens that two people give. Never what a token is.

import { queryOptions } from '@tanstack/react-query'
import type { TokenGrantShown } from '@wardkey/protocol/admin/tokens'
import { ask } from './ask.ts'

export const grantsQuery = queryOptions({
  queryKey: ['token-grants'],
  queryFn: ({ signal }) => ask<{ grants: TokenGrantShown[] }>('/token-grants', signal),
  staleTime: 30_000,
})
