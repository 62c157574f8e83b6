// What an adapter for an EHR is: a pure function from "who lands where" to launch steps. It never
// sees a password, a token or a card, and it never opens anything itself.

import type { LaunchStep } from '@wardkey/protocol/launch-steps'
import { z } from 'zod'

const webUrl = z.url({ protocol: /^https?$/ }).max(2048)

/** An EHR as the site's settings describe it. */
export const ehrApp = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  adapter: z.string().regex(/^[a-z][a-z-]{0,31}$/),
  /** Where the EHR begins its own sign-in; for `desktop`, unused. */
  launchUrl: webUrl,
  /** Further origins that its pages may go to. */
  origins: z.array(z.string().max(255)).max(12).default([]),
  /** Only people with one of these roles get it; empty: everybody. */
  roles: z.array(z.string().max(64)).max(32).default([]),
  /** Only in these kinds of zone; empty: everywhere. */
  zoneKinds: z.array(z.string().max(32)).max(32).default([]),
  readySelector: z.string().max(200).optional(),
})
export type EhrApp = z.infer<typeof ehrApp>

/** Who lands, as far as an adapter may know it: no name, no identifier of the person. */
export interface Landing {
  readonly roles: readonly string[]
  readonly zoneId: string
  readonly zoneKind: string
}

/** A way to be signed in at the broker first: a one-time ticket, posted as a form field. */
export interface SignIn {
  readonly url: string
  readonly field: string
  readonly ticket: string
}

export interface EhrAdapter {
  readonly kind: string
  /**
   * Steps that open the EHR for one session.
   *
   * Pure: the same arguments give the same steps. Every origin that a step may visit at top level
   * is in the step; the broker's own is added by the adapter from `signIn`.
   */
  plan(app: EhrApp, landing: Landing, signIn: SignIn): readonly LaunchStep[]
}
