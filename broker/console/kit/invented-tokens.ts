// Tokens that do not exist, and asked ones that nobody asked for, for the pages' own tests.

import { tokenGrantsPage, tokensPage } from '@wardkey/protocol/admin/tokens'
import { idOf, personIdOf, personOf } from './invented-hospital.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const byOf = (number: number): string => `person ${personIdOf(number)}`

/** What a test has decided of each. */
type Decided = ReadonlyMap<string, string>

export function inventTokenGrants(nowMs: number, decided: Decided) {
  const usual = { lifeMs: 365 * 24 * hourMs, note: 'people from HR' }
  const other = `person ${personOf(3).personId}`
  const grants = [
    {
      ...{ ...usual, id: idOf(9, 1), name: 'entra', scopes: ['scim:read', 'scim:write'] },
      proposed: { atMs: nowMs - 2 * hourMs, by: 'token init' },
    },
    {
      ...{ ...usual, id: idOf(9, 2), name: 'second-lead', note: 'nights' },
      ...{ scopes: ['policy:approve', 'tokens:approve'], madeMs: nowMs - 20 * hourMs },
      proposed: { atMs: nowMs - 30 * hourMs, by: other },
      decided: { atMs: nowMs - 26 * hourMs, by: 'token lead', outcome: 'approved' },
    },
  ].map((one) => {
    const outcome = decided.get(one.id)
    return outcome === undefined ? one : { ...one, decided: { atMs: nowMs, by: other, outcome } }
  })
  return tokenGrantsPage.parse({ grants })
}

export const inventTokens = (nowMs: number, taken: ReadonlySet<string>) =>
  tokensPage.parse({
    tokens: [
      {
        ...{ tokenId: 'a'.repeat(64), name: 'hr-feed', scopes: ['scim:read', 'scim:write'] },
        ...{ createdMs: nowMs - 40 * dayMs, expiresMs: nowMs + 300 * dayMs, madeBy: byOf(4) },
        maker: { personId: personIdOf(4), standing: 'left', isResting: false },
      },
      {
        ...{ tokenId: 'b'.repeat(64), name: 'ward-report', scopes: ['house:read', 'figures:read'] },
        ...{ createdMs: nowMs - 90 * dayMs, expiresMs: nowMs + 10 * dayMs, madeBy: byOf(5) },
        maker: { personId: personIdOf(5), standing: 'not-signed-in', isResting: true },
      },
      {
        ...{ tokenId: 'c'.repeat(64), name: 'init', scopes: ['people:read', 'people:write'] },
        createdMs: nowMs - 400 * dayMs,
      },
    ].filter(({ tokenId }) => !taken.has(tokenId)),
  })
