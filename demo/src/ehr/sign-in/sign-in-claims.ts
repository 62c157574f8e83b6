// What an id_token says about the person, the place and the way of signing in; parsed, with limits.

import { z } from 'zod'

const label = z.string().min(1).max(120)

const detail = z.looseObject({
  type: z.string().max(100),
  hash: z.string().max(128).optional(),
  hash_alg: z.string().max(32).optional(),
})

const schema = z
  .looseObject({
    sub: z.string().min(1).max(255),
    sid: z.string().min(1).max(255),
    iat: z.int().positive(),
    auth_time: z.int().positive(),
    acr: z.string().min(1).max(200),
    amr: z.array(z.string().max(32)).max(16).default([]),
    name: label,
    role: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
    zone: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
    zone_kind: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
    workstation: label,
    purpose: z.enum(['TREAT', 'BTG']),
    /** The same wherever her screen is: by it she finds her chart again. */
    session: z.string().min(1).max(64).optional(),
    authorization_details: z.array(detail).max(8).default([]),
  })
  .transform((claims) => ({
    sub: claims.sub,
    sid: claims.sid,
    issuedAtS: claims.iat,
    authTimeS: claims.auth_time,
    acr: claims.acr,
    amr: claims.amr,
    name: claims.name,
    role: claims.role,
    zone: claims.zone,
    zoneKind: claims.zone_kind,
    workstation: claims.workstation,
    purpose: claims.purpose,
    session: claims.session,
    authorizationDetails: claims.authorization_details,
  }))

export type SignIn = z.output<typeof schema>

export type ParsedSignIn =
  | { readonly kind: 'sign-in'; readonly signIn: SignIn }
  /** Names the claims that are missing or do not parse, and none of their values. */
  | { readonly kind: 'invalid'; readonly claims: string }

export function parseSignIn(claims: unknown): ParsedSignIn {
  const parsed = schema.safeParse(claims)
  if (parsed.success) return { kind: 'sign-in', signIn: parsed.data }
  const names = parsed.error.issues.map((issue) => issue.path.join('.'))
  return { kind: 'invalid', claims: [...new Set(names)].join(' ') }
}
