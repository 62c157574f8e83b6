// What is read of the broker's keys: what each is for and when it changes. No key is among it.

import { queryOptions } from '@tanstack/react-query'
import type { KeyList } from '@wardkey/protocol/admin/keys/key-list'
import { ask } from '../ask.ts'

const freshMs = 60_000

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal }) => ask<KeyList>('/keys', signal),
  staleTime: freshMs,
})
