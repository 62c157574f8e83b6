// Who asked for which token and took it out, for ever: a token that is taken back, or over, was in
// somebody's hand all the same. Reads only.

import type { FlowNeeds } from '../flow-needs.ts'
import type { Askers } from '../two-people.ts'

export async function tokenAskers({ db }: Pick<FlowNeeds, 'db'>): Promise<Askers> {
  const rows = await db
    .selectFrom('token_grant')
    .select(['name', 'proposed_by'])
    .distinct()
    .where('made_ms', 'is not', null)
    .execute()
  const askers = new Map<string, Set<string>>()
  for (const { name, proposed_by: by } of rows) {
    const token = `token ${name}`
    askers.set(token, (askers.get(token) ?? new Set()).add(by))
  }
  return askers
}
