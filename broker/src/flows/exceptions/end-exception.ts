// An exception ends: by itself at its end, or by hand before. Whatever screen of hers was open by
// it alone is locked in the same act.

import { workstationId } from '@wardkey/protocol/ids'
import { findHolder } from '../../identity/find-card-holder.ts'
import type { Holder } from '../../identity/find-card-holder.ts'
import { changePersonRow, findPerson } from '../../identity/people.ts'
import { sessionsOfPerson } from '../../sessions/living-session.ts'
import type { LivingSession } from '../../sessions/living-session.ts'
import { refusedByRules } from '../apply-rules.ts'
import { findWorkstation } from '../find-workstation.ts'
import { lockHere } from '../lock-here.ts'
import type { LockedHere } from '../lock-here.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { lockNotice, screensFirst } from '../session-notices.ts'
import { endedRow, refuseException } from './exception-facts.ts'
import { findException, personOf } from './exception-rows.ts'
import type { ExceptionEnd } from './exception-facts.ts'
import type { ExceptionNeeds, ExceptionRow } from './exception-rows.ts'

type Needs = Omit<ExceptionNeeds, 'exceptionMaxMs'>
type Answer = { readonly kind: 'ended'; readonly sessions: number } | AdminRefused

/** In one round; the rest is for the next. */
const dueMax = 200

/** By hand; a proposal is taken back so too. What is over is refused, and changes nothing. */
export async function endException(
  { id, by }: Actor & { readonly id: string },
  needs: Needs,
): Promise<Recorded<Answer>> {
  const row = await findException(needs.db, id)
  if (!row) return refuseException('exception-unknown', { by, exception: id }, needs)
  if (row.ended_ms !== null) {
    return refuseException('exception-decided', { by, exception: id }, needs)
  }
  return ended(row, { by, reason: 'by-hand' }, needs)
}

/** Those whose end has come. A tap does not count them any more, whether this has run or not. */
export async function dueExceptions(
  needs: Needs,
): Promise<readonly (() => Promise<Recorded<Answer>>)[]> {
  const rows = await needs.db
    .selectFrom('access_exception')
    .select('id')
    .where('ended_ms', 'is', null)
    .where('until_ms', 'is not', null)
    .where('until_ms', '<=', needs.nowMs())
    .limit(dueMax)
    .execute()
  return rows.map(({ id }) => async () => {
    const row = await findException(needs.db, id)
    if (!row || row.ended_ms !== null) {
      return refuseException('exception-decided', { by: 'time', exception: id }, needs)
    }
    return ended(row, { by: 'time', reason: 'time' }, needs)
  })
}

async function ended(
  row: ExceptionRow,
  end: ExceptionEnd,
  needs: Needs,
): Promise<Recorded<Answer>> {
  const { db } = needs
  const { fact, write } = endedRow(row, end, needs)
  const person = await findPerson(db, personOf(row))
  const holder = person && (await findHolder(db, person.id))
  // A proposal that is taken back held nothing.
  if (row.outcome !== 'approved' || !person || !holder) {
    const answer = { kind: 'ended', sessions: 0 } as const
    return { answer, facts: [fact], writes: [write], notices: [] }
  }
  const exceptions = (holder.access.exceptions ?? []).filter(({ id }) => id !== row.id)
  const left = { ...holder, access: { ...holder.access, exceptions } }
  const locks = await locksOf(left, needs)
  return {
    answer: { kind: 'ended', sessions: locks.length },
    facts: [fact, ...locks.flatMap(({ facts }) => facts)],
    // Her row first: a tap that counted it either comes before, or conflicts.
    writes: [
      changePersonRow(db, person, { exceptions, nowMs: needs.nowMs() }),
      write,
      ...locks.flatMap(({ writes }) => writes),
    ],
    notices: screensFirst(locks.flatMap(({ notices }) => notices)),
  }
}

/** The screens that would not be hers by what she has left. */
async function locksOf(left: Holder, needs: Needs): Promise<readonly LockedHere[]> {
  const sessions = await sessionsOfPerson(needs.db, left.personId)
  const locks: LockedHere[] = []
  for (const session of sessions) {
    const code = await refusalAt(session, left, needs)
    if (!code) continue
    const { facts, writes, notices } = lockHere(session, 'exception-ended', needs)
    locks.push({ facts, writes, notices: [lockNotice(session, code, needs), ...notices] })
  }
  return locks
}

async function refusalAt(session: LivingSession, holder: Holder, needs: Needs) {
  if (session.state !== 'open' || session.emergency) return undefined
  const workstation = await findWorkstation(needs.db, workstationId.parse(session.workstationId))
  return workstation && (await refusedByRules({ holder, workstation }, needs))?.code
}
