// An exception ends: by itself at its end, by hand before, or with whoever answered for it. What
// was open by it is locked in the same act, and workstations that decide alone hear of a lost role.

import { workstationId } from '@wardkey/protocol/ids'
import { findHolder } from '../../identity/find-card-holder.ts'
import type { Holder } from '../../identity/find-card-holder.ts'
import { changePersonRow, findPerson } from '../../identity/people.ts'
import { sessionsOfPerson } from '../../sessions/living-session.ts'
import type { LivingSession } from '../../sessions/living-session.ts'
import { rolesAt } from '../../policy/access-standing.ts'
import { refusedByRules } from '../apply-rules.ts'
import { findWorkstation } from '../find-workstation.ts'
import { lockHere } from '../lock-here.ts'
import type { LockedHere } from '../lock-here.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Notice, Recorded } from '../recorded.ts'
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
  const alone = await ownerless(needs)
  const at = (id: string, reason: ExceptionEnd['reason']) => async () => {
    const row = await findException(needs.db, id)
    if (!row || row.ended_ms !== null) {
      return refuseException('exception-decided', { by: 'time', exception: id }, needs)
    }
    return ended(row, { by: 'time', reason }, needs)
  }
  const due = rows.filter(({ id }) => !alone.includes(id))
  return [...due.map(({ id }) => at(id, 'time')), ...alone.map((id) => at(id, 'owner-left'))]
}

/** Nobody answers for them any more. */
async function ownerless({ db }: Needs): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('access_exception')
    .innerJoin('person', 'person.id', 'access_exception.owner_id')
    .select('access_exception.id')
    .where('access_exception.ended_ms', 'is', null)
    .where('person.status', '=', 'terminated')
    .limit(dueMax)
    .execute()
  return rows.map(({ id }) => id)
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
  const locks = await locksOf(row, left, needs)
  return {
    answer: { kind: 'ended', sessions: locks.length },
    facts: [fact, ...locks.flatMap(({ facts }) => facts)],
    // Her row first: a tap that counted it either comes before, or conflicts.
    writes: [
      changePersonRow(db, person, { exceptions, nowMs: needs.nowMs() }),
      write,
      ...locks.flatMap(({ writes }) => writes),
    ],
    notices: [
      ...screensFirst(locks.flatMap(({ notices }) => notices)),
      // A workstation that decides alone has the end by the clock; what comes before it is news.
      ...(end.reason === 'time' ? [] : lostRole(row, left, needs)),
    ],
  }
}

function lostRole(
  { kind, what }: ExceptionRow,
  { personId, roles, access }: Holder,
  { nowMs }: Needs,
): readonly Notice[] {
  const left = rolesAt(roles, access, nowMs())
  // HR may have given her the role meanwhile.
  const isLost = kind === 'role' && !left.includes(what)
  return isLost ? [{ kind: 'role-lost', personId, roles: left }] : []
}

/**
 * Of a role all her screens, as where HR takes one away: the EHR on each was told it. Of a zone the
 * screens that would not be hers by what she has left.
 */
async function locksOf(
  row: ExceptionRow,
  left: Holder,
  needs: Needs,
): Promise<readonly LockedHere[]> {
  const sessions = await sessionsOfPerson(needs.db, left.personId)
  const isRoleLost = lostRole(row, left, needs).length > 0
  const locks: LockedHere[] = []
  for (const session of sessions) {
    if (session.state !== 'open' || session.emergency) continue
    const refusal = await refusalAt(session, left, needs)
    const code = refusal ?? (isRoleLost ? 'role-not-in-zone' : undefined)
    if (!code) continue
    const { facts, writes, notices } = lockHere(session, 'exception-ended', needs)
    locks.push({ facts, writes, notices: [lockNotice(session, code, needs), ...notices] })
  }
  return locks
}

async function refusalAt(session: LivingSession, holder: Holder, needs: Needs) {
  const workstation = await findWorkstation(needs.db, workstationId.parse(session.workstationId))
  return workstation && (await refusedByRules({ holder, workstation }, needs))?.code
}
