// What is written down about exceptions: their end, and how a no about one is said.

import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import type { Fact, FactValue } from '../../audit/fact.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { personOf } from './exception-rows.ts'
import type { ExceptionRow } from './exception-rows.ts'

/** What every fact about one says. */
export function fieldsOf({ id, kind, what }: Pick<ExceptionRow, 'id' | 'kind' | 'what'>) {
  return { exception: id, kind, what }
}

export interface ExceptionEnd {
  readonly by: string
  readonly reason: 'time' | 'by-hand' | 'left' | 'owner-left'
}

/** Its row and its fact; what its end means for her is the caller's. */
export function endedRow(
  row: ExceptionRow,
  { by, reason }: ExceptionEnd,
  needs: FlowNeeds,
): { readonly fact: Fact; readonly write: Write } {
  const nowMs = needs.nowMs()
  const query = needs.db
    .updateTable('access_exception')
    .set({ ended_ms: nowMs, ended_by: by })
    .where('id', '=', row.id)
    .where('ended_ms', 'is', null)
    .compile()
  const heldMs = row.outcome === 'approved' ? nowMs - (row.decided_ms ?? nowMs) : 0
  const fields: Record<string, FactValue> = { ...fieldsOf(row), by, reason, heldMs }
  return {
    fact: newFact(needs, 'EXC-004', { person: personOf(row), fields }),
    write: { query, expectRows: 1 },
  }
}

export function refuseException(
  code: AdminRefusalCode,
  about: { readonly by: string; readonly exception?: string },
  needs: FlowNeeds,
): Recorded<AdminRefused> {
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'EXC-101', { rule: code, fields: { ...about } })],
    writes: [],
    notices: [],
  }
}
