// Tokens that nobody asked for, for the pages' own tests.

import { tokenGrantsPage } from '@wardkey/protocol/admin/tokens'
import { idOf, personOf } from './invented-hospital.ts'

const hourMs = 3_600_000

/** What a test has decided of each. */
export type Decided = ReadonlyMap<string, string>

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
