// Somebody signed in with her hospital account and is let into the console, or is not. A session is
// one person's: whoever left, is suspended or was never known here has none, whatever her groups.
// Without a role it is for her own record alone. Tokens that give her powers go by the roles that
// she has now.

import { consoleRoles, scopesOfRole } from '@wardkey/protocol/console/signed-in'
import type { ConsoleRole } from '@wardkey/protocol/console/signed-in'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Fact } from '../../audit/fact.ts'
import type { AccountAnswer } from '../../identity/account/account-provider.ts'
import type { Holder } from '../../identity/find-card-holder.ts'
import { guardPerson } from '../../identity/guard-person.ts'
import { termAt } from '../../policy/access-standing.ts'
import { secondApproverFrom } from '../admin-tokens.ts'
import type { Write } from '../../store/store.ts'
import { withoutHeldBack } from '../access-reviews/hold-back.ts'
import type { Left } from '../access-reviews/hold-back.ts'
import { findAccount } from '../errands/sign-in/find-account.ts'
import { newFact } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'
import type { Recorded } from '../recorded.ts'
import { confirmTokens, endTokensOf } from '../token-grants/token-maker.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { ConsoleWays } from './console-needs.ts'
import { hashConsoleSecret } from './console-secrets.ts'

/** It ends then, however busy she is. */
export const consoleMaxMs = 10 * 3_600_000

export type ConsoleOpened =
  | { readonly kind: 'opened'; readonly secret: string }
  /** `unreachable`: the provider did not answer, and that is nobody's fault who signs in. */
  | { readonly kind: 'refused' | 'not-signed-in' | 'unreachable' }

interface OpenNeeds extends FlowNeeds {
  readonly staffKey: Uint8Array
  readonly console: Pick<ConsoleWays, 'person' | 'hrKey' | 'groups' | 'random' | 'ownRecord'>
}

/** The secret is told once, to the browser that signed in. It is always a new one. */
export async function openConsoleSession(
  answer: AccountAnswer,
  needs: OpenNeeds,
): Promise<Recorded<ConsoleOpened>> {
  switch (answer.kind) {
    case 'proved':
      return take(answer, needs)
    case 'no':
      return refused('refused', answer.rule, needs, { ...codeOf(answer) })
    case 'not-signed-in':
      return refused('not-signed-in', 'account-signs-in', needs)
    case 'unreachable':
      return refused('unreachable', 'account-answers', needs, { code: answer.code })
  }
}

const codeOf = ({ code }: { readonly code?: string }) => (code === undefined ? {} : { code })

async function take(
  { name, acr, groups }: Extract<AccountAnswer, { kind: 'proved' }>,
  needs: OpenNeeds,
): Promise<Recorded<ConsoleOpened>> {
  const { console: ways } = needs
  const holder = await findAccount(name, { ...needs, accounts: ways })
  if (!holder) return refused('refused', 'account-is-somebodys', needs)
  if (!isHere(holder, needs.nowMs())) {
    return refused('refused', 'person-is-active', needs, {}, holder)
  }
  const given = rolesOf(groups, ways.groups)
  const { personId } = holder
  const held = await withoutHeldBack(personId, given, 'console-role', needs)
  const roles = given.filter((role) => held.roles.includes(role))
  const left = new Set(roles.flatMap((role) => scopesOfRole[role]))
  const ended = await endTokensOf({ personId, by: byPerson(personId), left }, needs)
  if (roles.length === 0 && !ways.ownRecord) {
    const no = refused('refused', 'account-group', needs, {}, holder)
    return { ...no, facts: [...no.facts, ...ended.facts], writes: ended.writes }
  }
  const opened = openedFor(personId, roles, acr, needs)
  // That the provider named no group may be a claim that is missing: nothing is confirmed by it,
  // and what is held back stays so.
  const rest = roles.length === 0 ? nothing : rightsOf(personId, roles, left, held, needs)
  return {
    ...{ answer: opened.answer, notices: [] },
    facts: [opened.fact, ...rest.facts, ...ended.facts],
    writes: [
      // Of a review that takes a role at the same moment, one of the two looks again.
      guardPerson(needs.db, personId, holder.personVersion),
      opened.write,
      ...rest.writes,
      ...ended.writes,
    ],
  }
}

interface Rest {
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
}
const nothing: Rest = { facts: [], writes: [] }

function openedFor(
  personId: PersonId,
  roles: readonly ConsoleRole[],
  acr: string,
  needs: OpenNeeds,
): { readonly answer: ConsoleOpened; readonly fact: Fact; readonly write: Write } {
  const { db, console: ways } = needs
  const secret = ways.random(32).toString('base64url')
  const nowMs = needs.nowMs()
  const hash = hashConsoleSecret(secret, ways.groups)
  const row = {
    ...{ hash, person_id: personId, roles: roles.join(' '), acr },
    ...{ created_ms: nowMs, last_ms: nowMs, ends_ms: nowMs + consoleMaxMs },
  }
  const fields = { roles: roles.length === 0 ? 'none' : row.roles, acr }
  return {
    answer: { kind: 'opened', secret },
    fact: newFact(needs, 'CON-001', { person: personId, fields }),
    write: { query: db.insertInto('console_session').values(row).compile(), expectRows: 1 },
  }
}

/** What comes with roles: they were seen, and what she made by them goes on. */
function rightsOf(
  personId: PersonId,
  roles: readonly ConsoleRole[],
  left: ReadonlySet<Scope>,
  held: Left,
  needs: OpenNeeds,
): Rest {
  return {
    facts: held.facts,
    writes: [
      ...roles.map((role) => seen(personId, role, needs)),
      ...held.writes,
      confirmTokens(personId, needs),
      // Who can approve is here: from now on the host's token gives no power alone.
      ...(left.has('tokens:approve') ? [secondApproverFrom(needs.db, needs.nowMs())] : []),
    ],
  }
}

/** What access reviews show of it, long after the session. */
function seen(person: string, role: string, { db, nowMs }: OpenNeeds): Write {
  const row = { person_id: person, role, last_ms: nowMs() }
  const query = db
    .insertInto('console_role_seen')
    .values(row)
    .onConflict((same) => same.columns(['person_id', 'role']).doUpdateSet({ last_ms: row.last_ms }))
    .compile()
  return { query }
}

function isHere({ personStatus, access }: Holder, nowMs: number): boolean {
  return personStatus === 'active' && termAt(access, nowMs) === 'within'
}

/** In the order of the list, each once. */
function rolesOf(
  hers: readonly string[],
  groups: Readonly<Record<ConsoleRole, readonly string[]>>,
): readonly ConsoleRole[] {
  return consoleRoles.filter((role) => groups[role].some((group) => hers.includes(group)))
}

/** The page says the same whatever the rule: the record has it. */
function refused(
  kind: Exclude<ConsoleOpened['kind'], 'opened'>,
  rule: string,
  needs: OpenNeeds,
  fields: Readonly<Record<string, string>> = {},
  holder?: Holder,
): Recorded<ConsoleOpened> {
  const about = { rule, fields, ...(holder ? { person: holder.personId } : {}) }
  const facts = [newFact(needs, 'CON-101', about)] as const
  return { answer: { kind }, facts, writes: [], notices: [] }
}
