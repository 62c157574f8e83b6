// What the OIDC door leans on, named in one place so that tests can hand in their own.

import type { JWK } from 'jose'
import type { PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { Seated } from '../../sessions/find-seated.ts'
import type { StepUpEnd } from '../../flows/step-up/step-up-end.ts'
import type { Log } from '../../platform/log.ts'
import type { PrivateAddresses } from './outgoing.ts'
import type { ModelStore } from './models/model-store.ts'
import type { SignatureDetail } from './signature-request.ts'

/** An EHR as settings register it (OpenID Connect Dynamic Registration 1.0 §2 names). */
export interface OidcClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly name: string
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  readonly backchannelLogoutUri?: string
  readonly idTokenAlg: 'ES256' | 'RS256'
}

export interface StepUpAsk {
  /** The provider's interaction: asking twice for one interaction is one ceremony. */
  readonly interactionUid: string
  readonly seated: Seated
  readonly clientId: string
  readonly application: string
  readonly description: string
  readonly detail?: SignatureDetail
}

export interface OidcNeeds {
  /** Scheme, host and port as browsers see the broker; no path. */
  readonly publicUrl: string
  readonly clients: readonly OidcClient[]
  /** Where each EHR begins its own sign-in, by the app's id in settings. */
  readonly launchUrls: ReadonlyMap<string, string>
  /** Private signing keys at the start, the one to sign with first of each algorithm. */
  readonly jwks: readonly JWK[]
  readonly cookieKey: Uint8Array
  readonly models: ModelStore
  readonly privateAddresses: PrivateAddresses
  readonly log: Log
  readonly nowMs: () => number
  /** The session if it is open at that workstation now, by an active person; otherwise nothing. */
  readonly findSeated: (
    sessionId: SessionId,
    workstationId: WorkstationId,
  ) => Promise<Seated | undefined>
  readonly nameOf: (personId: PersonId) => Promise<string>
  /** Redeems a ticket durably; nothing where it is refused (and that is in the record too). */
  readonly redeemTicket: (
    ticket: string,
  ) => Promise<{ sessionId: SessionId; workstationId: WorkstationId } | undefined>
  /**
   * Records that a token is given out; false where the session is no longer open at that moment.
   */
  readonly recordToken: (seated: Seated, clientId: string, acr: string) => Promise<boolean>
  /** Nothing where asking rests: she was asked too often in vain. */
  readonly askStepUp: (ask: StepUpAsk) => Promise<string | undefined>
  readonly stepUpEnded: (ceremonyId: string, withinMs: number) => Promise<StepUpEnd | undefined>
  readonly recordLogoutTold: (
    sessionId: SessionId,
    clientId: string,
    isTold: boolean,
  ) => Promise<void>
}
