// The evidence archive: having it made, how far that is, and its bytes. The broker keeps one for a
// quarter of an hour, for whoever asked; the page keeps nothing of it.

import { queryOptions } from '@tanstack/react-query'
import type {
  EvidenceOrder,
  EvidencePurpose,
  EvidenceStanding,
} from '@wardkey/protocol/admin/evidence/evidence'
import type { Pass } from './acts.ts'
import { ask, askFile, change, post, Refused } from './ask.ts'

export type { EvidenceOrder, EvidencePurpose, EvidenceStanding }
export type EvidenceReady = Extract<EvidenceStanding, { state: 'ready' }>

const askEveryMs = 1000
const pathOf = (id: string): string => `/evidence/${encodeURIComponent(id)}`

export const beginEvidence = (order: EvidenceOrder, pass: Pass): Promise<{ id: string }> =>
  change({ ...post('/evidence'), body: order, ...pass })

/** Asked again until it is done; what the broker does not know any more it will not know later. */
export const makingQuery = (id: string) =>
  queryOptions({
    queryKey: ['evidence', id],
    queryFn: ({ signal }) => ask<EvidenceStanding>(pathOf(id), signal),
    refetchInterval: ({ state: { data, error } }) => {
      const isGone = error instanceof Refused && error.status >= 400 && error.status < 500
      return isGone || (data && data.state !== 'gathering') ? false : askEveryMs
    },
  })

export const fetchArchive = (id: string): Promise<Blob> => askFile(`${pathOf(id)}/archive`)
