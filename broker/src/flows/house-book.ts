// The written policies that are in force, compiled once a version. Which version that is comes with
// each look at a workstation, so that every broker goes by a new one from its next tap on.

import type { Kysely } from 'kysely'
import type { SiteCalendar } from '../policy/calendar.ts'
import { compilePolicies } from '../policy/cedar/policy-set.ts'
import type { PolicySet } from '../policy/cedar/policy-set.ts'
import { usualPolicies } from '../policy/cedar/usual-policies.ts'
import { Fault } from '../platform/fault.ts'
import type { Schema } from '../store/schema.ts'

/** What decides beside settings. */
export interface HouseRules {
  readonly policies: PolicySet
  readonly calendar: SiteCalendar
  /** The version of the policies; 0 are the usual ones. */
  readonly number: number
  /** Since when they are in force. */
  readonly sinceMs: number
  /** Counts how long policy took for somebody who is there: `policy` on the page of speed. */
  readonly onJudged?: ((zoneId: string, tookMs: number) => void) | undefined
}

export interface HouseBookNeeds {
  readonly db: Kysely<Schema>
  readonly calendar: SiteCalendar
  readonly log: { error(event: string, about: Readonly<Record<string, string>>): void }
  readonly onJudged?: HouseRules['onJudged']
}

/** The rules of this version; of the one that is in force where none is named. */
export type House = (number?: number) => Promise<HouseRules>

/**
 * What cannot be compiled is never in force: the last good one stays, and it is said once. Where
 * there is no good one yet it throws: then nothing is decided.
 */
export function makeHouse({ db, calendar, log, onJudged }: HouseBookNeeds): House {
  let last: HouseRules | undefined
  let bad = -1
  const known = (wanted: number): HouseRules | undefined =>
    last?.number === wanted || bad === wanted ? last : undefined
  return async (number) => {
    const wanted = number ?? (await inForce(db))
    const before = known(wanted)
    if (before) return before
    const { text, sinceMs } = await textOf(wanted, db)
    // Whoever tapped meanwhile has compiled it: that keeps everybody waiting, so it is done once.
    const meanwhile = known(wanted)
    if (meanwhile) return meanwhile
    const compiled = compilePolicies(text)
    if (compiled.kind === 'compiled') {
      last = { policies: compiled.policies, calendar, number: wanted, sinceMs, onJudged }
      return last
    }
    log.error('policy.not-valid', { version: String(wanted), code: 'policy-not-valid' })
    if (!last) throw new Fault('policy-not-valid', 'permanent')
    bad = wanted
    return last
  }
}

/** Which version is in force; 0 while nobody has approved any. */
export async function inForce(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom('policy_version')
    .select('number')
    .where('outcome', '=', 'approved')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.number ?? 0
}

async function textOf(
  number: number,
  db: Kysely<Schema>,
): Promise<{ readonly text: string; readonly sinceMs: number }> {
  if (number === 0) return { text: usualPolicies, sinceMs: 0 }
  const row = await db
    .selectFrom('policy_version')
    .select(['text', 'decided_ms'])
    .where('number', '=', number)
    .executeTakeFirstOrThrow()
  return { text: row.text, sinceMs: row.decided_ms ?? 0 }
}
