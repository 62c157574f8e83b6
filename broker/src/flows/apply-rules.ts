// Rules that have changed reach the screens that are open: whoever policy no longer lets in is
// locked where she is. Emergency access stands: it is what was given against policy's no.

import { sql } from 'kysely'
import { personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import type { SessionId } from '@wardkey/protocol/ids'
import { findHolder } from '../identity/find-card-holder.ts'
import type { Holder } from '../identity/find-card-holder.ts'
import { strongestBadge } from '../policy/strongest-badge.ts'
import { findLiving } from '../sessions/living-session.ts'
import { findWorkstation } from './find-workstation.ts'
import type { Workstation } from './find-workstation.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { House } from './house-book.ts'
import { judgePerson } from './judge-tap.ts'
import { lockHere } from './lock-here.ts'
import type { Perform } from './perform.ts'
import type { Recorded } from './recorded.ts'
import { lockNotice } from './session-notices.ts'

export interface ApplyNeeds extends FlowNeeds {
  readonly perform: Perform
  readonly house: House
}

/** Who may no longer come in because time has passed is not sent away in the middle of a chart. */
const byTimeAlone: ReadonlySet<string> = new Set(['off-shift', 'training-lapsed'])

/** Screens of one page; after each the taps have their turn. */
const pageMax = 200

/** Returns how many were locked. Whoever taps meanwhile is judged by the new rules already. */
export async function applyRules(place: string, needs: ApplyNeeds): Promise<number> {
  let locked = 0
  let after = ''
  for (;;) {
    const rows = await openPage(place, after, needs)
    for (const { id } of rows) {
      const done = await lockIfRefused(sessionId.parse(id), needs)
      if (done) locked += 1
      after = id
    }
    if (rows.length < pageMax) return locked
  }
}

function openPage(place: string, after: string, { db }: ApplyNeeds) {
  const query = db
    .selectFrom('session')
    .innerJoin('workstation', 'workstation.id', 'session.workstation_id')
    .select('session.id')
    .where('session.state', '=', sql.lit('open'))
    .where('session.grant_id', 'is', null)
    .where('session.id', '>', after)
    .orderBy('session.id')
    .limit(pageMax)
  return (place === '*' ? query : query.where('workstation.zone_id', '=', place)).execute()
}

async function lockIfRefused(id: SessionId, needs: ApplyNeeds): Promise<boolean> {
  if (!(await refusalOf(id, needs))) return false
  const { answer } = await needs.perform(async (): Promise<Recorded<boolean>> => {
    // Looked at again: she may have left, or tapped elsewhere.
    const session = await findLiving(needs.db, id)
    const refusal = await refusalOf(id, needs)
    if (session?.state !== 'open' || !refusal) {
      const about = { session: id, fields: { reason: 'rules-changed' } }
      return { answer: false, facts: [newFact(needs, 'SES-006', about)], writes: [], notices: [] }
    }
    const { facts, writes, notices } = lockHere(session, refusal.code, needs)
    const frame = lockNotice(session, refusal.code, needs)
    return { answer: true, facts, writes, notices: [frame, ...notices] }
  })
  return answer
}

async function refusalOf(id: SessionId, needs: ApplyNeeds) {
  const session = await findLiving(needs.db, id)
  if (session?.state !== 'open' || session.emergency) return undefined
  const workstation = await findWorkstation(needs.db, workstationId.parse(session.workstationId))
  const holder = await findHolder(needs.db, personId.parse(session.personId))
  if (!workstation || !holder) return undefined
  return refusedByRules({ holder, workstation }, needs)
}

/** Whether the rules of now would not let her stay at that screen; nothing where they would. */
export async function refusedByRules(
  about: { readonly holder: Holder; readonly workstation: Workstation },
  { house, nowMs }: Pick<ApplyNeeds, 'house' | 'nowMs'>,
) {
  const rules = await house(about.workstation.policies)
  const { use } = judgePerson(about, strongestBadge, nowMs(), rules).verdict
  return use.kind === 'forbid' && !byTimeAlone.has(use.code) ? use : undefined
}
