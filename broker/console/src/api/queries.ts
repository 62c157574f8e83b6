// What pages read, each under a key of its own: how long it is fresh, and how it is asked for.

import { queryOptions } from '@tanstack/react-query'
import type { BadgeShown } from '@wardkey/protocol/admin/badges'
import type { GrantShown, GrantSummary, PatternsShown } from '@wardkey/protocol/admin/break-glass'
import type { PersonShown, PersonSummary } from '@wardkey/protocol/admin/people'
import type { WhyShown } from '@wardkey/protocol/admin/why'
import type { HouseNow } from '@wardkey/protocol/console/house'
import type { SignedIn } from '@wardkey/protocol/console/signed-in'
import type { Waiting } from '@wardkey/protocol/console/waiting'
import { ask, askConsole } from './ask.ts'

const secondMs = 1000
/** Looking at people is a fact each time: what was just seen is not asked for again. */
const lookedAtMs = 60 * secondMs
const houseEveryMs = 5 * secondMs
const peoplePages = 20

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => askConsole<SignedIn>('/console/session', signal),
  staleTime: 60 * secondMs,
})

export const houseQuery = queryOptions({
  queryKey: ['house'],
  queryFn: ({ signal }) => ask<HouseNow>('/house', signal),
  refetchInterval: houseEveryMs,
})

/** For every page's rail: numbers, which are no look at anybody. */
export const waitingQuery = queryOptions({
  queryKey: ['waiting'],
  queryFn: ({ signal }) => ask<Waiting>('/waiting', signal),
  staleTime: lookedAtMs,
})

export const grantQueries = {
  open: queryOptions({
    queryKey: ['grants', 'open'],
    queryFn: ({ signal }) =>
      ask<{ grants: GrantSummary[] }>('/break-glass?open=true&limit=500', signal),
    staleTime: lookedAtMs,
  }),
  all: queryOptions({
    queryKey: ['grants', 'all'],
    queryFn: ({ signal }) => ask<{ grants: GrantSummary[] }>('/break-glass?limit=500', signal),
    staleTime: lookedAtMs,
  }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['grants', 'one', id],
      queryFn: ({ signal }) => ask<GrantShown>(`/break-glass/${encodeURIComponent(id)}`, signal),
      staleTime: lookedAtMs,
    }),
  patterns: (days: number) =>
    queryOptions({
      queryKey: ['grants', 'patterns', days],
      queryFn: ({ signal }) =>
        ask<PatternsShown>(`/break-glass/patterns?days=${String(days)}`, signal),
      staleTime: lookedAtMs,
    }),
}

export interface PeopleSeen {
  readonly people: readonly PersonSummary[]
  /** There are more than a page may look through. */
  readonly isCut: boolean
}

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async ({ signal }): Promise<PeopleSeen> => {
    const people: PersonSummary[] = []
    let after = ''
    for (let page = 0; page < peoplePages; page += 1) {
      const query = `limit=500${after === '' ? '' : `&after=${after}`}`
      const seen = await ask<{ people: PersonSummary[]; next?: string }>(`/people?${query}`, signal)
      people.push(...seen.people)
      if (seen.next === undefined) return { people, isCut: false }
      after = seen.next
    }
    return { people, isCut: true }
  },
  staleTime: 5 * lookedAtMs,
})

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id],
    queryFn: ({ signal }) => ask<PersonShown>(`/people/${encodeURIComponent(id)}`, signal),
    staleTime: lookedAtMs,
  })

export const badgesQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id, 'badges'],
    queryFn: ({ signal }) =>
      ask<{ badges: BadgeShown[] }>(`/people/${encodeURIComponent(id)}/badges`, signal),
    staleTime: lookedAtMs,
  })

export const whyQuery = (tap: string) =>
  queryOptions({
    queryKey: ['why', tap],
    queryFn: ({ signal }) => ask<WhyShown>(`/why/${encodeURIComponent(tap)}`, signal),
    staleTime: lookedAtMs,
  })
