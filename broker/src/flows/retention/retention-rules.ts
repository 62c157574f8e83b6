// Versions of how long facts are kept: proposed by one, decided by another. Without an approved one
// nothing is ever taken. No class goes below its floor, whoever agrees.

import { classRules, endingClasses } from '@wardkey/protocol/retention-classes'
import type { RetentionDays } from '@wardkey/protocol/retention-classes'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { wordAgainst } from '../two-people.ts'
import { readState } from './retention-state.ts'

export type RetentionRule = Schema['retention_rule']

export interface RetentionProposal extends Actor {
  readonly days: RetentionDays
  readonly reason: string
  /** That the time at which retention stopped is the right one. */
  readonly isClockRight: boolean
}

const listMax = 200

/** The newest that was approved; nothing where none was. */
export async function ruleInForce({
  db,
}: Pick<FlowNeeds, 'db'>): Promise<RetentionRule | undefined> {
  return db
    .selectFrom('retention_rule')
    .selectAll()
    .where('outcome', '=', 'approved')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The newest first. */
export async function listRules({ db }: Pick<FlowNeeds, 'db'>): Promise<readonly RetentionRule[]> {
  const rows = db.selectFrom('retention_rule').selectAll().orderBy('number', 'desc')
  return rows.limit(listMax).execute()
}

export const daysOf = (rule: RetentionDays): RetentionDays => ({
  access: rule.access,
  presence: rule.presence,
  administration: rule.administration,
  operational: rule.operational,
})

/** Of two at once the second conflicts with the first one's number and takes the next. */
export async function proposeRetention(
  { days, reason, isClockRight, by }: RetentionProposal,
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'proposed'; readonly number: number } | AdminRefused>> {
  const { db } = needs
  const now = await ruleInForce(needs)
  const { stopped_idx: stoppedIndex } = await readState(db)
  const no = whyNot(days, isClockRight, stoppedIndex, now)
  if (no) return refuse(no, { by }, needs)
  const last = await db
    .selectFrom('retention_rule')
    .select(({ fn }) => fn.max('number').as('number'))
    .executeTakeFirst()
  const number = (last?.number ?? 0) + 1
  const basedOn = now?.number ?? 0
  const clockIndex = isClockRight ? stoppedIndex : null
  const proposed = { proposed_ms: needs.nowMs(), proposed_by: by }
  const open = { outcome: null, decided_ms: null, decided_by: null }
  const about = { number, ...days, clock_idx: clockIndex, based_on: basedOn, reason }
  const query = db
    .insertInto('retention_rule')
    .values({ ...about, ...proposed, ...open })
    .compile()
  const clock = clockIndex === null ? {} : { clockIndex }
  const fields = { by, number, basedOn, reason, ...days, ...clock }
  return {
    answer: { kind: 'proposed', number },
    facts: [newFact(needs, 'RET-001', { fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

function whyNot(
  days: RetentionDays,
  isClockRight: boolean,
  stoppedIndex: number | null,
  now: RetentionRule | undefined,
): AdminRefused['code'] | undefined {
  if (endingClasses.some((name) => days[name] < classRules[name].floorDays)) {
    return 'retention-too-short'
  }
  if (isClockRight) return stoppedIndex === null ? 'retention-not-stopped' : undefined
  const isSame = now !== undefined && endingClasses.every((name) => days[name] === now[name])
  return isSame ? 'retention-same' : undefined
}

export interface RetentionWord extends Actor {
  readonly number: number
  readonly outcome: 'approved' | 'rejected'
}

export async function decideRetention(
  { number, outcome, by }: RetentionWord,
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'decided' } | AdminRefused>> {
  const { db } = needs
  const rule = await db
    .selectFrom('retention_rule')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirst()
  if (!rule) return refuse('retention-unknown', { by, number }, needs)
  const no = wordAgainst(rule, { outcome, by }, await tokenAskers(needs))
  if (no) return refuse(`retention-${no}`, { by, number }, needs)
  const isApproved = outcome === 'approved'
  const now = await ruleInForce(needs)
  if (isApproved && rule.based_on !== (now?.number ?? 0)) {
    return refuse('retention-moved', { by, number }, needs)
  }
  const query = db
    .updateTable('retention_rule')
    .set({ outcome, decided_ms: needs.nowMs(), decided_by: by })
    .where('number', '=', number)
    .where('outcome', 'is', null)
    .compile()
  const fields = { by, number, proposedBy: rule.proposed_by, ...daysOf(rule) }
  return {
    answer: { kind: 'decided' },
    facts: [newFact(needs, isApproved ? 'RET-002' : 'RET-003', { fields })],
    writes: [{ query, expectRows: 1 }, ...(isApproved ? clockAccepted(rule, needs) : [])],
    notices: [],
  }
}

/** Up to where it had stopped; a leap that came later stops it again. */
function clockAccepted({ clock_idx: at }: RetentionRule, { db }: FlowNeeds): readonly Write[] {
  if (at === null) return []
  const query = db
    .updateTable('retention_state')
    .set({ stopped: null, stopped_idx: null, stopped_ms: null, looked_idx: at + 1, run_ms: 0 })
    .where('stopped_idx', '=', at)
    .compile()
  return [{ query }]
}

function refuse(
  code: AdminRefused['code'],
  fields: { readonly by: string; readonly number?: number },
  needs: FlowNeeds,
): Recorded<AdminRefused> {
  const { by, number } = fields
  const about = { by, ...(number === undefined ? {} : { number }) }
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'RET-101', { rule: code, fields: about })],
    writes: [],
    notices: [],
  }
}
