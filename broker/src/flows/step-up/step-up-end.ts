// How a signature ended, as the waiting browser's side needs to know it.

import type { CeremonyId, PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'

/** What was signed, as the EHR described and hashed it; kept as it came. */
export interface SignedDetail {
  readonly type: 'wardkey_signature'
  readonly description: string
  readonly hash: string
  readonly hash_alg: 'sha-256'
}

export type StepUpEnd =
  | {
      readonly outcome: 'signed'
      readonly ceremonyId: CeremonyId
      readonly personId: PersonId
      readonly sessionId: SessionId
      readonly workstationId: WorkstationId
      readonly signedAtMs: number
      readonly amr: readonly string[]
      readonly detail?: SignedDetail
    }
  | { readonly outcome: 'refused' | 'cancelled' | 'expired'; readonly ceremonyId: CeremonyId }
