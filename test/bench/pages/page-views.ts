// What the tour opens: each page of the console, and of those about one thing the one that the
// record says most of lately. It looks in the store by itself, and changes nothing.

import type { Kysely } from 'kysely'
import { z } from 'zod'
import { quoteOf } from '@wardkey/protocol/workstation/quote-of'
import { tapId } from '@wardkey/protocol/ids'
import type { Schema } from '@wardkey/broker/store/schema'

export interface PageView {
  readonly name: string
  /** Below the console's own address. */
  readonly path: string
}

const dayMs = 86_400_000
const refusedFact = z.object({ tap: tapId })

export async function pageViews(db: Kysely<Schema>, toMs: number): Promise<readonly PageView[]> {
  const person = await busiest(db, 'person_id', toMs)
  const workstation = await busiest(db, 'workstation_id', toMs)
  const zone = await db.selectFrom('zone').select('id').orderBy('id', 'desc').executeTakeFirst()
  const review = await db
    .selectFrom('emergency_grant')
    .select('id')
    .where('reviewed_ms', 'is', null)
    .orderBy('from_ms', 'desc')
    .executeTakeFirst()
  const between = (days: number): string =>
    `from=${new Date(toMs - days * dayMs).toISOString()}&to=${new Date(toMs).toISOString()}`
  const of = (name: string, path: string): PageView => ({ name, path })
  return [
    of('now', ''),
    of('reviews', 'reviews'),
    of('review', `reviews?open=${review?.id ?? ''}`),
    of('patterns', 'reviews?show=patterns&days=30'),
    of('alerts', 'alerts'),
    of('time-line', `timeline?personId=${person}&${between(1)}`),
    of('time-line-of-a-workstation', `timeline?workstationId=${workstation}&${between(1)}`),
    of('time-line-of-a-week', `timeline?personId=${person}&${between(7)}`),
    of('time-line-of-a-zone', `timeline?zoneId=${zone?.id ?? ''}&${between(0.25)}`),
    of('why-refused', `why?tap=${await refusedTap(db)}`),
    of('people', 'people'),
    of('person', `people?open=${person}`),
    of('exceptions', 'people?show=exceptions'),
    of('workstations', 'workstations'),
    of('workstation', `workstations?open=${workstation}`),
    of('access-reviews', 'access-reviews'),
    of('speed', 'speed'),
    of('figures', 'speed?show=figures'),
    of('zones-and-policy', 'policy'),
    of('zones', 'policy?show=zones'),
    of('tokens', 'policy?show=tokens'),
    of('streams', 'policy?show=streams'),
    of('evidence', 'policy?show=evidence'),
    of('wrong-locks', 'speed?show=locks'),
    of('retention', 'retention'),
    of('legal-holds', 'retention?show=holds'),
    of('keys', 'keys'),
    of('my-taps', 'my-taps'),
  ]
}

async function busiest(
  db: Kysely<Schema>,
  column: 'person_id' | 'workstation_id',
  toMs: number,
): Promise<string> {
  const found = await db
    .selectFrom('presence')
    .select((eb) => [column, eb.fn.countAll<number>().as('times')])
    .where('from_ms', '>', toMs - dayMs)
    .groupBy(column)
    .orderBy('times', 'desc')
    .executeTakeFirst()
  return found?.[column] ?? ''
}

/** As somebody reads it from her screen to the service desk. */
async function refusedTap(db: Kysely<Schema>): Promise<string> {
  const fact = await db
    .selectFrom('fact')
    .select('body')
    .where('code', '=', 'TAP-101')
    .orderBy('idx', 'desc')
    .executeTakeFirst()
  if (!fact) return ''
  const { tap } = refusedFact.parse(JSON.parse(Buffer.from(fact.body).toString('utf8')))
  return quoteOf(tap)
}
