// Whose hand a token is in: whoever asked for it and took it out, for ever, since one that is taken
// back, or over, was hers all the same; and whose powers it gives. Reads only.

import type { FlowNeeds } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'
import type { Askers } from '../two-people.ts'

export async function tokenAskers({ db }: Pick<FlowNeeds, 'db'>): Promise<Askers> {
  const rows = await db
    .selectFrom('token_grant')
    .select(['name', 'proposed_by'])
    .distinct()
    .where('made_ms', 'is not', null)
    .execute()
  // What she made alone, in the console or by a token of hers, was never asked for.
  const made = await db
    .selectFrom('admin_token')
    .select(['name', 'maker_id'])
    .distinct()
    .where('maker_id', 'is not', null)
    .execute()
  const askers = new Map<string, Set<string>>()
  const add = (name: string, by: string): void => {
    const token = `token ${name}`
    askers.set(token, (askers.get(token) ?? new Set()).add(by))
  }
  for (const { name, proposed_by: by } of rows) add(name, by)
  for (const { name, maker_id: maker } of made) add(name, byPerson(maker ?? ''))
  return askers
}
