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
    }),
  ),
})
