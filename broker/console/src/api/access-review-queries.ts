// What pages read and change of access reviews.

import { queryOptions } from '@tanstack/react-query'
import type {
  CampaignPreview,
  CampaignShown,
} from '@wardkey/protocol/admin/access-reviews/campaigns'
import type { ReviewItem, ReviewItems } from '@wardkey/protocol/admin/access-reviews/entries'
import type { CampaignResult, HeldBack } from '@wardkey/protocol/admin/access-reviews/outcome'
import type { Pass } from './acts.ts'
import { ask, change } from './ask.ts'

/** Looking at people is a fact each time: what was just seen is not asked for again. */
const lookedAtMs = 60_000
const path = '/access-reviews'

export const campaignsQuery = queryOptions({
  queryKey: ['access-reviews'],
  queryFn: ({ signal }) => ask<{ campaigns: CampaignShown[] }>(path, signal),
  staleTime: lookedAtMs,
})

export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: ['access-reviews', id],
    queryFn: ({ signal }) => ask<ReviewItems>(`${path}/${encodeURIComponent(id)}`, signal),
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
