// All of somebody's exceptions end with her access, when she is gone for good: whoever comes back
// has none of them.

import type { PersonId } from '@wardkey/protocol/ids'
import type { Fact } from '../../audit/fact.ts'
import type { Write } from '../../store/store.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { endedRow } from './exception-facts.ts'
import { currentExceptions } from './exception-rows.ts'

export async function endAllExceptions(
  person: PersonId,
  by: string,
  needs: FlowNeeds,
): Promise<{ readonly facts: readonly Fact[]; readonly writes: readonly Write[] }> {
  const rows = await currentExceptions(needs.db, person)
  if (rows.length === 0) return { facts: [], writes: [] }
  const ends = rows.map((row) => endedRow(row, { by, reason: 'left' }, needs))
  // The caller's unit holds her row to its version already.
  const query = needs.db
    .updateTable('person')
    .set({ exceptions: null })
    .where('id', '=', person)
    .compile()
  return {
    facts: ends.map(({ fact }) => fact),
    writes: [...ends.map(({ write }) => write), { query, expectRows: 1 }],
  }
}
