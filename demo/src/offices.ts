// The demo's offices, each with a token of its own for the broker's doors: what it is called in the
// record, and what it may do. Data only.

import type { Scope } from '@wardkey/protocol/admin/scopes'

export const officeKeys = ['review', 'hr', 'badges'] as const
export type Office = (typeof officeKeys)[number]

export const offices: Readonly<
  Record<Office, { readonly name: string; readonly scopes: readonly Scope[] }>
> = {
  review: { name: 'privacy office', scopes: ['emergency:review'] },
  hr: { name: 'hr desk', scopes: ['scim:read', 'scim:write'] },
  badges: { name: 'badge office', scopes: ['pins:write'] },
}

export type OfficeTokens = Readonly<Partial<Record<Office, string>>>
