// What pages read and change of access reviews.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type {
  CampaignPreview,
  CampaignsPage,
} from '@wardkey/protocol/admin/access-reviews/campaigns'
import type {
  ItemsQuery,
  OneItem,
  ReviewItem,
  ReviewItems,
} from '@wardkey/protocol/admin/access-reviews/entries'
import type { CampaignResult, HeldBack } from '@wardkey/protocol/admin/access-reviews/outcome'
import type { Pass } from './acts.ts'
import { ask, change } from './ask.ts'

/** Looking at people is a fact each time: what was just seen is not asked for again. */
const lookedAtMs = 60_000
const path = '/access-reviews'

/** What a page shows before more is asked for, and what a file is fetched by. */
const entriesAtOnce = 200
const entriesAtMost = 500

/** Which entries of a review: all of them where it says nothing. */
export interface EntriesAsked {
  readonly id: string
  readonly state?: NonNullable<ItemsQuery['state']> | undefined
  readonly person?: string | undefined
}

export const campaignsQuery = infiniteQueryOptions({
  queryKey: ['access-reviews'],
  queryFn: ({ signal, pageParam }) =>
    ask<CampaignsPage>(`${path}${pageParam === '' ? '' : `?after=${pageParam}`}`, signal),
  initialPageParam: '',
  getNextPageParam: ({ next }) => next,
  staleTime: lookedAtMs,
})

function askEntries(
  { id, state, person }: EntriesAsked,
  page: { readonly after: string; readonly limit: number },
  signal?: AbortSignal,
): Promise<ReviewItems> {
  const asked = { limit: String(page.limit), after: page.after, state, person }
  const given = Object.entries(asked).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value]],
  )
  return ask(`${path}/${encodeURIComponent(id)}?${new URLSearchParams(given).toString()}`, signal)
}

export const entriesQuery = (asked: EntriesAsked) =>
  infiniteQueryOptions({
    queryKey: ['access-review', asked.id, asked.state, asked.person],
    queryFn: ({ signal, pageParam: after }) =>
      askEntries(asked, { after, limit: entriesAtOnce }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    staleTime: lookedAtMs,
  })

/** Every entry that was asked for, however many pages that are. */
export async function wholeReview(asked: EntriesAsked): Promise<readonly ReviewItem[]> {
  const all: ReviewItem[] = []
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: ReviewItems = await askEntries(asked, { after, limit: entriesAtMost })
    all.push(...page.items)
    after = page.next
  }
  return all
}

export const entryQuery = (id: string, item: string) =>
  queryOptions({
    queryKey: ['access-review', id, 'entry', item],
    queryFn: ({ signal }) =>
      ask<OneItem>(`${path}/${encodeURIComponent(id)}/items/${encodeURIComponent(item)}`, signal),
    staleTime: lookedAtMs,
  })

export const tasksQuery = queryOptions({
  queryKey: ['access-review-tasks'],
  queryFn: ({ signal }) => ask<{ tasks: HeldBack[] }>('/access-review-tasks', signal),
  staleTime: lookedAtMs,
})

export const askResult = (id: string): Promise<CampaignResult> =>
  ask(`${path}/${encodeURIComponent(id)}/result`)

export const reviewActs = {
  preview: (pass: Pass): Promise<CampaignPreview> =>
    change({ method: 'POST', path: `${path}/preview`, body: {}, ...pass }),
  open: (pass: Pass): Promise<{ id: string }> =>
    change({ method: 'POST', path, body: {}, ...pass }),
  decide: (
    id: string,
    item: string,
    word: { readonly decision: 'certified' | 'revoked'; readonly reason: string },
    pass: Pass,
  ): Promise<{ outcome: NonNullable<ReviewItem['outcome']> }> =>
    change({ method: 'POST', path: `${path}/${id}/items/${item}/decision`, body: word, ...pass }),
  silence: (
    id: string,
    outcome: 'revoke' | 'tell',
    pass: Pass,
  ): Promise<{ state: 'first-word' | 'decided' }> =>
    change({ method: 'POST', path: `${path}/${id}/silence`, body: { outcome }, ...pass }),
  lift: (id: string, pass: Pass): Promise<void> =>
    change({ method: 'POST', path: `/access-review-tasks/${id}/lift`, ...pass }),
}
