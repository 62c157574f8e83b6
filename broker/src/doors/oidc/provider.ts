// The OIDC provider's configuration: what is on, what is off, and where our own judgement sits in
// it. The protocol itself is the library's.

import Provider, { errors } from 'oidc-provider'
import type { JWK } from 'jose'
import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { contextClaimNames } from './claims.ts'
import { seatPolicy } from './interaction-policy.ts'
import { modelAdapter } from './models/model-adapter.ts'
import type { OidcClient, OidcNeeds } from './oidc-needs.ts'
import { guardedFetch } from './outgoing.ts'
import { pageHeaders, providerErrorPage } from './pages.ts'
import { signatureDetail, signatureType } from './signature-request.ts'
import type { Seats } from './seats/seats.ts'
import { acrValues } from '../../policy/assurance.ts'

export const oidcPath = '/oidc'
export const interactionPath = '/oidc/interaction'

/** A shift: no token or provider session outlives it, whatever a client asks for. */
export const shiftSeconds = 12 * 3600

/**
 * The library reads its keys once: other keys are another provider, which goes on with what the
 * store has of sessions, grants and interactions.
 */
export function makeProvider(
  needs: OidcNeeds,
  seats: Seats,
  jwks: readonly JWK[] = needs.jwks,
): Provider {
  const url = `${needs.publicUrl}${oidcPath}`
  const provider = new Provider(url, configurationOf(needs, seats, jwks))
  // Behind our own listener the provider sees plain HTTP; the address that counts is settings'.
  provider.proxy = true
  return provider
}

function configurationOf(needs: OidcNeeds, seats: Seats, jwks: readonly JWK[]): Configuration {
  return {
    adapter: modelAdapter({
      models: needs.models,
      isGrantLive: (grantId) => seats.isGrantLive(grantId),
      nowMs: needs.nowMs,
    }),
    clients: needs.clients.map(clientMetadata),
    jwks: { keys: jwks.map((jwk) => ({ ...jwk })) },
    acrValues: [...acrValues],
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time', ...contextClaimNames],
      sid: null,
    },
    scopes: ['openid', 'profile'],
    responseTypes: ['code'],
    // The EHR needs the context in the id token itself, where it is signed with the sign-in.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: {
      keys: [Buffer.from(needs.cookieKey).toString('base64url')],
      short: { httpOnly: true, sameSite: 'lax', signed: true },
      long: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      userinfo: { enabled: true },
      revocation: { enabled: true },
      introspection: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: signatureResource(`${needs.publicUrl}/signature`),
      richAuthorizationRequests: {
        enabled: true,
        types: { [signatureType]: { validate: refuseUnreadable } },
        authorizationDetailsForGrantSource: (ctx) => seats.signedDetails(ctx),
        authorizationDetailsForAccessToken: (_ctx, _token, source) =>
          source !== undefined && 'rar' in source ? source.rar : undefined,
        authorizationDetailsForIntrospection: (_ctx, token) =>
          'rar' in token ? token.rar : undefined,
      },
    },
    fetch: (input, init) =>
      guardedFetch(needs.privateAddresses)(
        input instanceof Request ? input.url : input,
        init ?? {},
      ),
    findAccount: (ctx, sub, token) => seats.findAccount(ctx, sub, token?.grantId),
    interactions: {
      policy: seatPolicy({ seatedOf: (ctx) => seats.ofContext(ctx), nowMs: needs.nowMs }),
      url: (_ctx, interaction) => `${interactionPath}/${interaction.uid}`,
    },
    extraTokenClaims: (_ctx, token) => seats.tokenClaims(Reflect.get(token, 'grantId')),
    loadExistingGrant: (ctx) => seats.grantFor(ctx),
    issueRefreshToken: () => false,
    renderError: (ctx, out) => {
      renderError(ctx, out.error)
    },
    ttl: {
      AccessToken: 900,
      AuthorizationCode: 60,
      IdToken: 900,
      Interaction: 300,
      Session: shiftSeconds,
      Grant: shiftSeconds,
    },
  }
}

/**
 * The library ties authorization details to a resource (RFC 8707). Ours is the signature itself:
 * its access token opens nothing, the id token is what the EHR keeps.
 */
function signatureResource(resource: string) {
  return {
    enabled: true,
    defaultResource: (ctx: KoaContextWithOIDC) =>
      ctx.oidc.params?.['authorization_details'] === undefined ? [] : resource,
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx: KoaContextWithOIDC, indicator: string) => {
      if (indicator !== resource) throw new errors.InvalidTarget()
      return { scope: '', accessTokenFormat: 'opaque' as const, accessTokenTTL: 60 }
    },
  }
}

function clientMetadata(client: OidcClient): ClientMetadata {
  return {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: client.idTokenAlg,
    authorization_details_types: [signatureType],
    ...(client.backchannelLogoutUri === undefined
      ? {}
      : {
          backchannel_logout_uri: client.backchannelLogoutUri,
          backchannel_logout_session_required: true,
        }),
  }
}

function refuseUnreadable(_ctx: KoaContextWithOIDC, detail: unknown): void {
  if (!signatureDetail.safeParse(detail).success) {
    throw new errors.InvalidAuthorizationDetails('the signature request is not understood')
  }
}

function renderError(ctx: KoaContextWithOIDC, code: string): void {
  for (const [name, value] of Object.entries(pageHeaders)) ctx.set(name, value)
  ctx.body = providerErrorPage(code)
}
