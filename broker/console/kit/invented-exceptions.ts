// Exceptions and tokens that do not exist, for the pages' own tests.

import { exceptionsShown } from '@wardkey/protocol/admin/exceptions/exceptions'
import { tokensPage } from '@wardkey/protocol/admin/tokens'
import { idOf, personIdOf } from './invented-hospital.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const byOf = (number: number): string => `person ${personIdOf(number)}`

export function inventExceptions(nowMs: number, decided: ReadonlyMap<string, string>) {
  const usual = { kind: 'role', what: 'charge-nurse', ownerId: personIdOf(3), lastsMs: 12 * hourMs }
  const all = [
    {
      ...{ ...usual, id: idOf(9, 1), personId: personIdOf(0), state: 'proposed' },
      reason: 'Covers the night of a colleague who is ill',
      proposed: { atMs: nowMs - hourMs, by: byOf(4) },
    },
    {
      ...{ ...usual, id: idOf(9, 2), personId: personIdOf(6), state: 'proposed' },
      ...{ kind: 'zone', what: 'pharmacy', reason: 'Counts the stock this week' },
      proposed: { atMs: nowMs - 2 * hourMs, by: byOf(40) },
    },
    {
      ...{ ...usual, id: idOf(9, 3), personId: personIdOf(1), state: 'holds' },
      ...{ kind: 'zone', what: 'icu', reason: 'Helps out on intensive care until Friday' },
      ...{ proposed: { atMs: nowMs - dayMs, by: byOf(4) }, untilMs: nowMs + 2 * dayMs },
      decided: { atMs: nowMs - dayMs + hourMs, by: byOf(40) },
    },
    {
      ...{ ...usual, id: idOf(9, 4), personId: personIdOf(2), state: 'ended' },
      ...{ reason: 'First weeks in a new post', untilMs: nowMs - dayMs },
      proposed: { atMs: nowMs - 9 * dayMs, by: 'token hr-desk' },
      decided: { atMs: nowMs - 9 * dayMs, by: byOf(5) },
      ended: { atMs: nowMs - dayMs, by: '' },
    },
  ]
  const states: Readonly<Record<string, string>> = { approved: 'holds', rejected: 'rejected' }
  return exceptionsShown.parse({
    exceptions: all.map((one) => ({
      ...one,
      state: states[decided.get(one.id) ?? ''] ?? decided.get(one.id) ?? one.state,
    })),
  })
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
