// Exceptions that do not exist, for the pages' own tests.

import { exceptionsShown } from '@wardkey/protocol/admin/exceptions/exceptions'
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
