// Judges a logout token of OpenID Connect Back-Channel Logout 1.0, section 2.6. Ends no session
// itself.

import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'

const event = 'http://schemas.openid.net/event/backchannel-logout'

const schema = z
  .looseObject({
    iat: z.int().positive(),
    exp: z.int().positive(),
    jti: z.string().min(1).max(256),
    sub: z.string().min(1).max(255).optional(),
    sid: z.string().min(1).max(255).optional(),
    events: z.looseObject({ [event]: z.looseObject({}) }),
    // A token with a nonce could be an id_token put to another use: section 2.4 forbids it here.
    nonce: z.never().optional(),
  })
  .refine((claims) => claims.sub !== undefined || claims.sid !== undefined)

export interface LogoutExpectations {
  readonly keys: JWTVerifyGetKey
  readonly issuer: string
  readonly clientId: string
  /** Asymmetric ones only: with HMAC the client’s secret would do for a forgery. */
  readonly algorithms: readonly string[]
  readonly now: Date
}

export interface Logout {
  readonly sub: string | undefined
  readonly sid: string | undefined
  readonly jti: string
  readonly issuedAtS: number
  readonly expiresAtS: number
}

export type JudgedLogout =
  | { readonly kind: 'logout'; readonly logout: Logout }
  | { readonly kind: 'invalid'; readonly why: string }

const longestTokenChars = 8192
const clockToleranceS = 10
/** The standard advises two minutes; a token that lives longer would outlive the replay cache. */
const longestLifeS = 600

/**
 * Welcomes a token only when the signature, type, issuer, audience, times and claims are all right.
 * Replay is for the caller to look up: it needs memory, and this has none.
 */
export async function judgeLogoutToken(
  token: string,
  expected: LogoutExpectations,
): Promise<JudgedLogout> {
  if (token.length > longestTokenChars) return { kind: 'invalid', why: 'too-long' }
  let claims: unknown
  try {
    const verified = await jwtVerify(token, expected.keys, {
      issuer: expected.issuer,
      audience: expected.clientId,
      algorithms: expected.algorithms.filter((alg) => !alg.startsWith('HS') && alg !== 'none'),
      typ: 'logout+jwt',
      maxTokenAge: longestLifeS,
      clockTolerance: clockToleranceS,
      currentDate: expected.now,
    })
    claims = verified.payload
  } catch (error) {
    return { kind: 'invalid', why: error instanceof errors.JOSEError ? error.code : 'unreadable' }
  }
  const parsed = schema.safeParse(claims)
  if (!parsed.success) return { kind: 'invalid', why: 'claims' }
  const { sub, sid, jti, iat, exp } = parsed.data
  if (exp - iat > longestLifeS) return { kind: 'invalid', why: 'lives-too-long' }
  return { kind: 'logout', logout: { sub, sid, jti, issuedAtS: iat, expiresAtS: exp } }
}
