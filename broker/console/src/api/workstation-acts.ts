// What pages change about workstations: their identities, and who becomes one.

import type { AskDecision } from '@wardkey/protocol/admin/fleet/enrolling'
import type { TokenMinted, TokenOrder } from '@wardkey/protocol/admin/workstations'
import type { Pass } from './acts.ts'
import { change, post } from './ask.ts'

export const revokeWorkstation = (id: string, pass: Pass): Promise<{ sessions: number }> =>
  change({ ...post(`/workstations/${id}/revocation`), ...pass })

export const reissueWorkstation = (id: string, pass: Pass): Promise<TokenMinted> =>
  change({ ...post(`/workstations/${id}/reissue`), body: {}, ...pass })

export const mintEnrolToken = (order: TokenOrder, pass: Pass): Promise<TokenMinted> =>
  change({ ...post('/enrolment-tokens'), body: order, ...pass })

export const revokeEnrolToken = (id: string, pass: Pass): Promise<void> =>
  change({ ...post(`/enrolment-tokens/${id}/revocation`), ...pass })

export const decideAsk = (id: string, decision: AskDecision, pass: Pass): Promise<void> =>
  change({ ...post(`/enrolment-asks/${id}/decision`), body: decision, ...pass })
