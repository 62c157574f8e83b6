// How a no about a token is written down.

import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'

export function refuseToken(
  code: AdminRefusalCode,
  about: { readonly by: string; readonly grant?: string; readonly token?: string },
  needs: FlowNeeds,
): Recorded<AdminRefused> {
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'ADM-102', { rule: code, fields: { ...about } })],
    writes: [],
    notices: [],
  }
}
