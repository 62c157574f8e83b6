// What pages read of streams to other systems and feeds from them. Nobody is named in it.

import { queryOptions } from '@tanstack/react-query'
import type { FeedShown } from '@wardkey/protocol/admin/streams/feeds'
import type { StreamShown } from '@wardkey/protocol/admin/streams/streams'
import { ask } from './ask.ts'

const freshMs = 5_000

export const streamsQuery = queryOptions({
  queryKey: ['streams'],
  queryFn: ({ signal }) => ask<{ streams: StreamShown[] }>('/streams', signal),
  staleTime: freshMs,
  refetchInterval: freshMs,
})

export const feedsQuery = queryOptions({
  queryKey: ['feeds'],
  queryFn: ({ signal }) => ask<{ feeds: FeedShown[] }>('/feeds', signal),
  staleTime: freshMs,
  refetchInterval: freshMs,
})
