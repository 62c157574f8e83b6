// When somebody's rights were last used, as the record tells it: her last few hundred facts are
// looked at, and no more.

import { z } from 'zod'
import { prepared } from '../../store/prepared-query.ts'
import type { FlowNeeds } from '../flow-needs.ts'

const looksBack = 300
const used = ['TAP-001', 'SES-001', 'SES-002', 'BTG-002', 'SIG-002']

const byPerson = prepared<{ person: string }>()((db, hole) =>
  db
    .selectFrom('fact')
    .select(['code', 'body', 'at_ms'])
    .where('person_id', '=', hole('person'))
    .orderBy('at_ms', 'desc')
    .limit(looksBack),
)

const place = z.looseObject({
  zone: z.string().optional(),
  badge: z.string().optional(),
})

export interface Uses {
  /** Absent where she used none of these zones in what was looked at. */
  readonly lastIn: (zones: ReadonlySet<string>) => number | undefined
  readonly lastWith: (badge: string) => number | undefined
}

export async function findUses(person: string, { db }: Pick<FlowNeeds, 'db'>): Promise<Uses> {
  const { rows } = await db.executeQuery(byPerson(db, { person }))
  const uses = rows
    .filter(({ code }) => used.includes(code))
    .map(({ body, at_ms: atMs }) => ({
      atMs,
      ...place.parse(JSON.parse(Buffer.from(body).toString('utf8'))),
    }))
  return {
    lastIn: (zones) => uses.find(({ zone }) => zone !== undefined && zones.has(zone))?.atMs,
    lastWith: (badge) => uses.find((use) => use.badge === badge)?.atMs,
  }
}
