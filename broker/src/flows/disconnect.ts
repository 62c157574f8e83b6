// A workstation's connection ended. Its screen stays as it is for as long as the zone allows
// without a broker; the sweep locks the session after that, as the workstation does by itself.

import type { WorkstationId } from '@wardkey/protocol/ids'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'

export function disconnect(
  workstation: WorkstationId,
  reason: string,
  needs: FlowNeeds,
): Promise<Recorded<undefined>> {
  const about = { workstation, fields: { reason } }
  return Promise.resolve({
    answer: undefined,
    facts: [newFact(needs, 'WKS-005', about)],
    writes: [],
    notices: [],
  })
}
