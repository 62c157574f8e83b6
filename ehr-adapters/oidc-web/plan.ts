// The plan for an EHR in the browser that signs people in by OpenID Connect: sign in at the broker
// with the ticket, then open the page from which the EHR starts its own code flow.

import type { EhrAdapter, EhrApp, Landing, SignIn } from '../contract/ehr-adapter.ts'

/**
 * One `open-web` step. The EHR starts the authorization request itself (third-party-initiated login
 * would need each EHR's support for it: OpenID Connect Core 1.0 §4), so that state, nonce and PKCE
 * stay with the EHR and nothing of ours has to be trusted by it.
 */
export const oidcWeb: EhrAdapter = {
  kind: 'oidc-web',
  plan: (app: EhrApp, _landing: Landing, signIn: SignIn) => [
    {
      kind: 'open-web',
      url: app.launchUrl,
      signIn: { url: signIn.url, field: signIn.field, ticket: signIn.ticket },
      allowedOrigins: [
        ...new Set([new URL(app.launchUrl).origin, new URL(signIn.url).origin, ...app.origins]),
      ],
      ...(app.readySelector === undefined ? {} : { readySelector: app.readySelector }),
    },
  ],
}
