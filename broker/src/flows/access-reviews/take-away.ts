// A review takes something away: by the same flows as by hand, so that what is open by it locks in
// the same act. What others give as well is held back here, and is theirs to take away.

import { consoleRoles, scopesOfRole } from '@wardkey/protocol/console/signed-in'
import { badgeId, personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { raisePerson } from '../../identity/guard-person.ts'
import { findPerson } from '../../identity/people.ts'
import { changePerson } from '../change-person.ts'
import { endException } from '../exceptions/end-exception.ts'
import { markBadge } from '../mark-badge.ts'
import type { Recorded } from '../recorded.ts'
import { revokeToken } from '../revoke-token.ts'
import { endTokensOf } from '../token-grants/token-maker.ts'
import { heldBackOf, holdBack } from './hold-back.ts'
import type { ItemRow, ReviewNeeds } from './review-needs.ts'

type Outcome = NonNullable<ItemRow['outcome']>
export type Taken = Pick<Recorded<unknown>, 'writes' | 'notices'> & {
  readonly outcome: Outcome
  readonly facts: Recorded<unknown>['facts'] | readonly []
}

const gone: Taken = { outcome: 'gone', facts: [], writes: [], notices: [] }

/** `gone`: it was over before anybody said so. */
export async function takeAway(item: ItemRow, by: string, needs: ReviewNeeds): Promise<Taken> {
  const { kind, what } = item
  if (kind === 'token') return taken(await revokeToken({ tokenId: what, by }, needs))
  if (kind === 'exception') return taken(await endException({ id: what, by }, needs))
  if (kind === 'badge') return takeBadge(item, by, needs)
  const person = item.person_id === null ? undefined : personId.parse(item.person_id)
  if (!person) return gone
  if (kind === 'role') return takeRole(person, item, by, needs)
  return takeConsoleRole(person, what, by, needs)
}

/** Signed in anew, she is there without it; what tokens of hers could do by it is over at once. */
async function takeConsoleRole(
  person: PersonId,
  what: string,
  by: string,
  needs: ReviewNeeds,
): Promise<Taken> {
  const { db } = needs
  const now = await findPerson(db, person)
  if (!now) return gone
  const seen = await db
    .selectFrom('console_role_seen')
    .select('role')
    .where('person_id', '=', person)
    .execute()
  const held = (await heldBackOf([person], 'console-role', db)).get(person) ?? []
  const stay = consoleRoles.filter(
    (role) => role !== what && !held.includes(role) && seen.some((one) => one.role === role),
  )
  const left = new Set(stay.flatMap((role) => scopesOfRole[role]))
  const ended = await endTokensOf({ personId: person, by, left }, needs)
  const query = db.deleteFrom('console_session').where('person_id', '=', person).compile()
  const write = holdBack({ person, kind: 'console-role', what, by }, needs)
  const [first, ...rest] = ended.facts
  return {
    outcome: 'provider-task',
    facts: first ? [first, ...rest] : [],
    // A sign-in or a token that is made at this moment has read the role as hers: it looks again.
    writes: [raisePerson(db, person, now.version), write, { query }, ...ended.writes],
    notices: [],
  }
}

function taken(recorded: Recorded<{ readonly kind: string }>): Taken {
  const { facts, writes, notices } = recorded
  if (recorded.answer.kind === 'refused') return { outcome: 'gone', facts, writes: [], notices: [] }
  return { outcome: 'taken', facts, writes, notices }
}

/** What was lost, replaced or has expired since stays as it is. */
async function takeBadge({ what }: ItemRow, by: string, needs: ReviewNeeds): Promise<Taken> {
  const badge = await needs.db
    .selectFrom('badge')
    .select('status')
    .where('id', '=', what)
    .executeTakeFirst()
  if (badge?.status !== 'active') return gone
  return taken(await markBadge({ badgeId: badgeId.parse(what), status: 'suspended', by }, needs))
}

async function takeRole(
  person: PersonId,
  { what }: ItemRow,
  by: string,
  needs: ReviewNeeds,
): Promise<Taken> {
  const { db } = needs
  const now = await findPerson(db, person)
  if (!now?.roles.includes(what)) return gone
  const roles = now.roles.filter((role) => role !== what)
  const changed = taken(await changePerson({ personId: person, roles, by }, needs))
  if (changed.outcome === 'gone') return changed
  const mapped = await db
    .selectFrom('person_hr')
    .select('is_mapped')
    .where('person_id', '=', person)
    .where('deleted_ms', 'is', null)
    .executeTakeFirst()
  if (mapped?.is_mapped !== 1) return changed
  // HR's next word would bring it back.
  const write = holdBack({ person, kind: 'role', what, by }, needs)
  return { ...changed, outcome: 'hr-task', writes: [...changed.writes, write] }
}
