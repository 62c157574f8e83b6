// What is kept how long, what went, and certificates of whom the house forgot. All of it is agreed
// by commands: no page changes it.

import { queryOptions } from '@tanstack/react-query'
import type { ForgettingShown } from '@wardkey/protocol/admin/forget/forget'
import type { PurgeListed, PurgeShown } from '@wardkey/protocol/admin/forget/purges'
import type { RetentionPreview, RetentionShown } from '@wardkey/protocol/admin/forget/retention'
import { ask } from '../ask.ts'

/** Looking is a fact each time: what was just seen is not asked for again. */
const lookedAtMs = 60_000
const purgePages = 10

export const retentionQuery = queryOptions({
  queryKey: ['retention'],
  queryFn: ({ signal }) => ask<RetentionShown>('/retention', signal),
  staleTime: lookedAtMs,
})

export const previewQuery = (rule: number) =>
  queryOptions({
    queryKey: ['retention', 'preview', rule],
    queryFn: ({ signal }) =>
      ask<RetentionPreview>(`/retention/rules/${String(rule)}/preview`, signal),
    staleTime: lookedAtMs,
  })

export interface PurgesSeen {
  readonly purges: readonly PurgeShown[]
  /** There are more than a page may look through. */
  readonly isCut: boolean
}

export const purgesQuery = queryOptions({
  queryKey: ['retention', 'purges'],
  queryFn: async ({ signal }): Promise<PurgesSeen> => {
    const purges: PurgeShown[] = []
    let before = ''
    for (let page = 0; page < purgePages; page += 1) {
      const path = `/retention/purges?limit=500${before}`
      const seen = await ask<{ purges: PurgeShown[]; next?: number }>(path, signal)
      purges.push(...seen.purges)
      if (seen.next === undefined) return { purges, isCut: false }
      before = `&before=${String(seen.next)}`
    }
    return { purges, isCut: true }
  },
  staleTime: lookedAtMs,
})

export const purgeQuery = (purge: number) =>
  queryOptions({
    queryKey: ['retention', 'purges', purge],
    queryFn: ({ signal }) => ask<PurgeListed>(`/retention/purges/${String(purge)}`, signal),
    // What went is gone: its list never changes.
    staleTime: Infinity,
  })

export const forgettingsQuery = queryOptions({
  queryKey: ['forgettings'],
  queryFn: ({ signal }) => ask<{ forgettings: ForgettingShown[] }>('/forgettings', signal),
  staleTime: lookedAtMs,
})

export const fetchCertificate = (id: string): Promise<{ certificate: string }> =>
  ask(`/forgettings/${encodeURIComponent(id)}/certificate`)
