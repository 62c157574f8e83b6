// Tokens of administration and of HR's systems, as the admin door makes and lists them.

import { z } from 'zod'
import { scope } from './scopes.ts'

const tokenName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
const dayMs = 86_400_000

export const newToken = z.strictObject({
  /** Whoever uses it: facts name it. Give the next token of one system the same name. */
  name: tokenName,
  scopes: z.array(scope).min(1).max(32),
  lifeMs: z
    .int()
    .min(60_000)
    .max(800 * dayMs),
})
/** One with power over others: somebody else approves it before there is any. */
export const tokenAsked = newToken.extend({
  /** Why, without names: it is kept as it is. */
  note: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u),
})
export const tokenGrantsPage = z.object({
  grants: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(z.string()),
      lifeMs: z.int(),
      note: z.string(),
      proposed: z.object({ atMs: z.int(), by: z.string() }),
      decided: z.object({ atMs: z.int(), by: z.string(), outcome: z.string() }).optional(),
      madeMs: z.int().optional(),
    }),
  ),
})
export type TokenGrantShown = z.infer<typeof tokenGrantsPage>['grants'][number]
export const tokenMade = z.object({ token: z.string(), expiresMs: z.int() })
/** A hash of the token: enough to name it, not to use it. */
export const tokenId = z.string().regex(/^[0-9a-f]{64}$/)
export const tokensPage = z.object({
  tokens: z.array(
    z.object({
      tokenId,
      name: z.string(),
      scopes: z.array(z.string()),
      createdMs: z.int(),
      expiresMs: z.int().optional(),
      /** Who made it: a token by its name, a person by her id. */
      madeBy: z.string().optional(),
      /** It has power over others, and one person alone gave it. */
      isMadeAlone: z.boolean().optional(),
      /**
       * Whose powers it gives. It rests while she is away, and after 30 days without a sign-in of
       * hers to the console; a feed of HR's goes on without her.
       */
      maker: z
        .object({
          personId: z.string(),
          standing: z.enum(['here', 'away', 'left', 'not-signed-in']),
          isResting: z.boolean(),
        })
        .optional(),
    }),
  ),
})
