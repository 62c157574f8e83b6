// The provider's questions about who sits where, answered from the open sessions: the account, the
// grant, the claims. A browser without a live seat has no account here.

import type { Account, AuthorizationDetail, Grant, KoaContextWithOIDC } from 'oidc-provider'
import { errors } from 'oidc-provider'
import { z } from 'zod'
import { ceremonyId } from '@wardkey/protocol/ids'
import type { Seated } from '../../../sessions/find-seated.ts'
import { contextClaims, purposeOf } from '../claims.ts'
import type { OidcNeeds } from '../oidc-needs.ts'
import { parseSeat } from './seat.ts'
import type { SeatBook, SeatEntry } from './seat-book.ts'
import { signatureDetail } from '../signature-request.ts'

const grantLifeMs = 12 * 3_600_000

/** What the interaction left behind when a person signed; stored by the provider, parsed again. */
const signatureResult = z.object({ ceremonyId, detail: signatureDetail.optional() })

export type SeatsNeeds = Pick<
  OidcNeeds,
  'cookieKey' | 'findSeated' | 'nameOf' | 'nowMs' | 'recordToken'
> & { readonly book: SeatBook }

export class Seats {
  readonly #needs: SeatsNeeds
  /** One look a request: the checks of a request all judge the same seat. */
  readonly #looked = new WeakMap<KoaContextWithOIDC, Promise<Seated | undefined>>()

  constructor(needs: SeatsNeeds) {
    this.#needs = needs
  }

  /** The open session at this browser's seat. */
  ofContext(ctx: KoaContextWithOIDC): Promise<Seated | undefined> {
    const looked = this.#looked.get(ctx) ?? this.ofCookie(ctx.req.headers.cookie)
    this.#looked.set(ctx, looked)
    return looked
  }

  async ofCookie(cookieHeader: string | undefined): Promise<Seated | undefined> {
    const seat = parseSeat(cookieHeader, this.#needs.cookieKey)
    return seat && this.#needs.findSeated(seat.sessionId, seat.workstationId)
  }

  async isGrantLive(grantId: string): Promise<boolean> {
    return (await this.#ofGrant(grantId)) !== undefined
  }

  /** With a grant, the question is a token's; without one it is the browser's. */
  async findAccount(
    ctx: KoaContextWithOIDC,
    sub: string,
    grantId: string | undefined,
  ): Promise<Account | undefined> {
    const known = grantId === undefined ? undefined : await this.#ofGrant(grantId)
    const seated = grantId === undefined ? await this.ofContext(ctx) : known?.seated
    if (!seated || seated.personId !== sub) return undefined
    return { accountId: sub, claims: (use) => this.#claims(ctx, use, seated, known?.entry) }
  }

  /**
   * A new grant for each authorization, tied to the seat. What a client may have is settings', so
   * every scope we know is granted; what is tied to it can be found again when the session ends.
   */
  async grantFor(ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
    const { client, session, provider, result } = ctx.oidc
    const seated = await this.ofContext(ctx)
    if (!client || !session || !seated) return undefined
    if (session.accountId !== seated.personId) return undefined
    const grant = new provider.Grant({ clientId: client.clientId, accountId: seated.personId })
    grant.addOIDCScope('openid profile')
    const grantId = await grant.save()
    const signature = signatureResult.safeParse(result?.['signature'])
    await this.#needs.book.note(
      {
        grantId,
        clientId: client.clientId,
        sessionId: seated.sessionId,
        workstationId: seated.workstationId,
        providerSessionUid: session.uid,
        ...(signature.success ? { signature: signature.data } : {}),
      },
      grantLifeMs,
    )
    return grant
  }

  /** What introspection says of an access token: what its session is for, and worth. */
  async tokenClaims(grantId: unknown): Promise<{ purpose: string; acr: string } | undefined> {
    const known = typeof grantId === 'string' ? await this.#ofGrant(grantId) : undefined
    return known && { purpose: purposeOf(known.seated), acr: known.seated.acr }
  }

  /** Only what a person has signed is granted; asking alone grants nothing (RFC 9396 §7.1). */
  signedDetails(ctx: KoaContextWithOIDC): readonly AuthorizationDetail[] | undefined {
    const signature = signatureResult.safeParse(ctx.oidc.result?.['signature'])
    const detail = signature.success ? signature.data.detail : undefined
    return detail === undefined ? undefined : [{ ...detail }]
  }

  async #claims(
    ctx: KoaContextWithOIDC,
    use: string,
    seated: Seated,
    entry: SeatEntry | undefined,
  ): Promise<{ sub: string; [claim: string]: unknown }> {
    const code = ctx.oidc.entities.AuthorizationCode
    if (use === 'id_token' && ctx.oidc.client) {
      const acr = code?.acr ?? seated.acr
      // The fact is durable before the token exists, in one transaction with the look at the
      // session: nothing is given out after it was locked or its person revoked.
      if (!(await this.#needs.recordToken(seated, ctx.oidc.client.clientId, acr))) {
        throw new errors.InvalidGrant('the session is not open')
      }
    }
    const name = await this.#needs.nameOf(seated.personId)
    return contextClaims(seated, name, entry?.signature?.detail)
  }

  async #ofGrant(grantId: string): Promise<{ seated: Seated; entry: SeatEntry } | undefined> {
    const entry = await this.#needs.book.find(grantId)
    if (!entry) return undefined
    const seated = await this.#needs.findSeated(entry.sessionId, entry.workstationId)
    return seated && { seated, entry }
  }
}
