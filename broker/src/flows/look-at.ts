// Looking at personal data is a fact too: what is shown to an administrator is written down
// before it is shown.

import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Flow } from './perform.ts'
import type { AboutFact, Actor } from './person-flow.ts'

export interface Look extends Actor {
  /** What was asked for: `people.list`, `record.export`. */
  readonly action: string
  readonly about?: Pick<AboutFact, 'person' | 'workstation'>
}

export function lookAt<Seen>(
  { by, action, about = {} }: Look,
  see: () => Promise<Seen>,
  needs: FlowNeeds,
): Flow<Seen> {
  return async () => ({
    answer: await see(),
    facts: [newFact(needs, 'ADM-001', { ...about, fields: { by, action } })],
    writes: [],
    notices: [],
  })
}
