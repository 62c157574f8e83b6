// Joins the OIDC door and the signature desk to the flows: each thing the door leans on, by the
// flow that does it. Nothing is decided here.

import type { JWK } from 'jose'
import type { Kysely } from 'kysely'
import type { PersonKeys } from '../../audit/person-keys.ts'
import type { CheckPin } from '../../flows/check-pin.ts'
import type { Perform } from '../../flows/perform.ts'
import { recordLogoutTold, recordToken } from '../../flows/record-token.ts'
import { redeemTicket } from '../../flows/redeem-ticket.ts'
import { StepUpDesk } from '../../flows/step-up/step-up-desk.ts'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { findActiveHolder } from '../../identity/find-card-holder.ts'
import { openName, shownName } from '../../identity/person-name.ts'
import type { Log } from '../../platform/log.ts'
import { amrBadgePin } from '../../policy/assurance.ts'
import { findSeated } from '../../sessions/find-seated.ts'
import { makeOidcModels } from '../../store/oidc-models.ts'
import type { Schema } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import type { OidcClient, OidcNeeds } from './oidc-needs.ts'
import { parsePrivateAddresses } from './outgoing.ts'
import { storeModels } from './models/store-models.ts'

export interface OidcParts {
  readonly store: Store
  readonly perform: Perform
  readonly personKeys: PersonKeys
  readonly checkPin: CheckPin
  readonly cardKey: Uint8Array
  readonly cookieKey: Uint8Array
  readonly jwks: readonly JWK[]
  readonly publicUrl: string
  readonly clients: readonly OidcClient[]
  readonly launchUrls: ReadonlyMap<string, string>
  readonly privateAddresses: readonly string[]
  readonly log: Log
  readonly nowMs: () => number
  readonly newId: () => string
}

export function joinOidc(parts: OidcParts): { needs: OidcNeeds; desk: StepUpDesk } {
  const { store, perform, nowMs, newId, log } = parts
  const db = store.read
  const flow = { db, nowMs, newId }
  const desk = new StepUpDesk({
    ...flow,
    perform,
    activeHolder: (card) => findActiveHolder(db, lookupOf(card, parts.cardKey), nowMs()),
    checkPin: parts.checkPin,
    amr: amrBadgePin,
  })
  const needs: OidcNeeds = {
    publicUrl: parts.publicUrl,
    clients: parts.clients,
    launchUrls: parts.launchUrls,
    jwks: parts.jwks,
    cookieKey: parts.cookieKey,
    models: storeModels(makeOidcModels(store)),
    privateAddresses: parsePrivateAddresses(parts.privateAddresses),
    log,
    nowMs,
    findSeated: (session, workstation) => findSeated(db, session, workstation, nowMs()),
    nameOf: (person) => fullName(db, parts.personKeys, person),
    redeemTicket: async (ticket) => (await perform(() => redeemTicket(ticket, flow))).answer,
    recordToken: async (seated, clientId, acr) =>
      (await perform(() => recordToken(seated, clientId, acr, flow))).answer,
    askStepUp: ({ interactionUid, seated, clientId, application, description, detail }) =>
      desk.ask(
        {
          sessionId: seated.sessionId,
          workstationId: seated.workstationId,
          personId: seated.personId,
          clientId,
          application,
          description,
          ...(detail === undefined ? {} : { detail }),
        },
        interactionUid,
      ),
    stepUpEnded: (interactionUid, withinMs) => desk.ended(interactionUid, withinMs),
    recordLogoutTold: async (session, clientId, isTold) => {
      await perform(() => recordLogoutTold(session, clientId, isTold, flow))
    },
  }
  return { needs, desk }
}

/** For the EHR, which knows its own people; nothing where the person was forgotten. */
async function fullName(db: Kysely<Schema>, keys: PersonKeys, person: string): Promise<string> {
  const row = await db
    .selectFrom('person')
    .select('name_sealed')
    .where('id', '=', person)
    .executeTakeFirst()
  const key = await keys.find(person)
  if (!row || !key) return ''
  return shownName(openName(row.name_sealed, key, person), 'full') ?? ''
}
