// What pages read of how the house is set up: workstations, zones, policies and modes. Nobody is
// named in it.

import { queryOptions } from '@tanstack/react-query'
import type { EnrolAskShown, EnrolTokenShown } from '@wardkey/protocol/admin/fleet/enrolling'
import type { ModesShown } from '@wardkey/protocol/admin/modes'
import type { PolicyVersion, VersionSummary } from '@wardkey/protocol/admin/policy'
import type {
  WorkstationDetails,
  WorkstationShown,
  ZoneShown,
} from '@wardkey/protocol/admin/workstations'
import { ask } from './ask.ts'

const freshMs = 30_000

export const workstationsQuery = queryOptions({
  queryKey: ['workstations'],
  queryFn: ({ signal }) => ask<{ workstations: WorkstationShown[] }>('/workstations', signal),
  staleTime: freshMs,
})

export const workstationQuery = (id: string) =>
  queryOptions({
    queryKey: ['workstations', id],
    queryFn: ({ signal }) =>
      ask<WorkstationDetails>(`/workstations/${encodeURIComponent(id)}`, signal),
    staleTime: freshMs,
  })

/** Somebody stands before a computer and waits for the yes. */
const asksEveryMs = 5000

export const asksQuery = queryOptions({
  queryKey: ['enrolment-asks'],
  queryFn: ({ signal }) => ask<{ asks: EnrolAskShown[] }>('/enrolment-asks', signal),
  refetchInterval: asksEveryMs,
})

export const enrolTokensQuery = queryOptions({
  queryKey: ['enrolment-tokens'],
  queryFn: ({ signal }) => ask<{ tokens: EnrolTokenShown[] }>('/enrolment-tokens', signal),
  staleTime: freshMs,
})

export const zonesQuery = queryOptions({
  queryKey: ['zones'],
  queryFn: ({ signal }) => ask<{ zones: ZoneShown[] }>('/zones', signal),
  staleTime: freshMs,
})

export const versionsQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => ask<{ versions: VersionSummary[] }>('/policy', signal),
  staleTime: freshMs,
})

export const versionQuery = (number: number) =>
  queryOptions({
    queryKey: ['policy', number],
    queryFn: ({ signal }) => ask<PolicyVersion>(`/policy/${String(number)}`, signal),
    staleTime: freshMs,
  })

export const modesQuery = queryOptions({
  queryKey: ['modes'],
  queryFn: ({ signal }) => ask<ModesShown>('/modes', signal),
  staleTime: freshMs,
})
