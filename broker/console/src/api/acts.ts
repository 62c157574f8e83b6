// What pages change: each act with its address, and one key for all tries of it.

import type { BadgeShown } from '@wardkey/protocol/admin/badges'
import type { NewReview } from '@wardkey/protocol/admin/break-glass'
import type { Disowned, DisownOrder } from '@wardkey/protocol/console/own-record'
import { change, post } from './ask.ts'

/** What the broker must be told beside the act itself. */
export interface Pass {
  readonly csrf: string
  readonly key: string
}

type LockWhat =
  | { readonly what: 'workstation'; readonly workstationId: string }
  | { readonly what: 'zone'; readonly zoneId: string }

export const lockScreens = (order: LockWhat, pass: Pass): Promise<{ screens: number }> =>
  change({ ...post('/house/locks'), body: order, ...pass })

export const closeReview = (
  id: string,
  review: Pick<NewReview, 'outcome' | 'note'>,
  pass: Pass,
): Promise<void> => change({ ...post(`/break-glass/${id}/review`), body: review, ...pass })

export const markBadge = (id: string, status: BadgeShown['status'], pass: Pass): Promise<void> =>
  change({ method: 'PATCH', path: `/badges/${id}`, body: { status }, ...pass })

/** Of what is kept about whoever is signed in: no word of it says about whom. */
export const disown = (order: DisownOrder, pass: Pass): Promise<Disowned> =>
  change({ ...post('/console/own-record/not-me'), body: order, isConsole: true, ...pass })

export const suspend = (id: string, pass: Pass): Promise<{ sessions: number }> =>
  change({ ...post(`/people/${id}/revocation`), body: { status: 'suspended' }, ...pass })

export const reinstate = (id: string, pass: Pass): Promise<void> =>
  change({ method: 'PATCH', path: `/people/${id}`, body: { isActive: true }, ...pass })

export const decidePolicy = (
  number: number,
  outcome: 'approved' | 'rejected',
  pass: Pass,
): Promise<void> =>
  change({ ...post(`/policy/${String(number)}/decision`), body: { outcome }, ...pass })

export const decideGrant = (
  id: string,
  outcome: 'approved' | 'rejected',
  pass: Pass,
): Promise<void> =>
  change({
    ...post(`/token-grants/${encodeURIComponent(id)}/decision`),
    body: { outcome },
    ...pass,
  })
