// Tokens with power over others: asked for by one, approved by another, and then taken out once by
// whoever asked. Until it is taken out there is no token, and no secret to keep.

import { z } from 'zod'
import { scope } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { Schema } from '../../store/schema.ts'
import { makeAdminToken } from '../admin-tokens.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { wordAgainst } from '../two-people.ts'
import type { Word } from '../two-people.ts'
import type { MadeToken } from './give-token.ts'
import { refuseToken } from './refuse-token.ts'
import { tokenAskers } from './token-askers.ts'
import { guardTokens } from './token-guard.ts'
import { findMaker } from './token-maker.ts'
import { isNameTaken } from './token-power.ts'

export interface GrantOrder extends Actor {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly lifeMs: number
  /** Why, without names. */
  readonly note: string
}

type Grant = Schema['token_grant']
type MakeNeeds = FlowNeeds & { readonly random: (bytes: number) => Buffer }

/** What was approved long ago was approved for then. */
const takenWithinMs = 7 * 86_400_000
const listMax = 200
const scopeList = z.array(scope)

export async function askForToken(
  { name, scopes, lifeMs, note, by }: GrantOrder,
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'asked'; readonly id: string } | AdminRefused>> {
  if (await isNameTaken({ name, scopes }, by, needs)) {
    return refuseToken('token-name-taken', { by, token: name }, needs)
  }
  const id = needs.newId()
  const query = needs.db
    .insertInto('token_grant')
    .values({
      ...{ id, name, scopes: JSON.stringify(scopes), life_ms: lifeMs, note },
      ...{ proposed_ms: needs.nowMs(), proposed_by: by },
    })
    .compile()
  const fields = { by, grant: id, token: name, scopes: scopes.join(' '), lifeMs, note }
  return {
    answer: { kind: 'asked', id },
    facts: [newFact(needs, 'ADM-002', { fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

export async function decideToken(
  { id, outcome, by }: Word & { readonly id: string },
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'decided' } | AdminRefused>> {
  const row = await findGrant(id, needs)
  if (!row) return refuseToken('token-grant-unknown', { by, grant: id }, needs)
  const no = wordAgainst(row, { outcome, by }, await tokenAskers(needs))
  if (no) return refuseToken(`token-grant-${no}`, { by, grant: id }, needs)
  const query = needs.db
    .updateTable('token_grant')
    .set({ outcome, decided_ms: needs.nowMs(), decided_by: by })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .compile()
  const asked = { grant: id, token: row.name, proposedBy: row.proposed_by }
  const code = outcome === 'approved' ? 'ADM-003' : 'ADM-004'
  return {
    answer: { kind: 'decided' },
    facts: [newFact(needs, code, { fields: { by, ...asked, scopes: scopesOf(row).join(' ') } })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

/**
 * Once, within a week of its approval, and only by whoever asked, who still may all of it herself:
 * a name may have had another token when it asked.
 */
export async function takeToken(
  { id, by, may }: Actor & { readonly id: string; readonly may: ReadonlySet<Scope> },
  needs: MakeNeeds,
): Promise<Recorded<MadeToken | AdminRefused>> {
  const row = await findGrant(id, needs)
  const nowMs = needs.nowMs()
  const isOpen =
    row?.outcome === 'approved' &&
    row.made_ms === null &&
    row.proposed_by === by &&
    scopesOf(row).every((scope) => may.has(scope)) &&
    nowMs - (row.decided_ms ?? 0) <= takenWithinMs
  if (!isOpen)
    return refuseToken(
      row ? 'token-grant-not-open' : 'token-grant-unknown',
      { by, grant: id },
      needs,
    )
  const { name, life_ms: lifeMs, decided_by: decidedBy } = row
  const scopes = scopesOf(row)
  const guard = await guardTokens(`named ${name}`, needs)
  if (await isNameTaken({ name, scopes }, by, needs)) {
    return refuseToken('token-name-taken', { by, grant: id, token: name }, needs)
  }
  const whose = await findMaker(by, needs)
  if (!whose) return refuseToken('person-unknown', { by, grant: id, token: name }, needs)
  const { maker, confirmedMs } = whose
  const order = { name, scopes, lifeMs, by, maker, confirmedMs }
  const made = makeAdminToken(order, needs)
  const query = needs.db
    .updateTable('token_grant')
    .set({ made_ms: nowMs })
    .where('id', '=', id)
    .where('made_ms', 'is', null)
    .compile()
  const fields = { by, action: 'admin-token.taken', grant: id, approvedBy: decidedBy ?? '' }
  return {
    answer: { kind: 'made', token: made.answer.token, expiresMs: nowMs + lifeMs },
    facts: [newFact(needs, 'ADM-001', { fields }), ...made.facts],
    writes: [guard, ...whose.writes, { query, expectRows: 1 }, ...made.writes],
    notices: [],
  }
}

/** The newest first. */
export async function listGrants({ db }: Pick<FlowNeeds, 'db'>): Promise<readonly Grant[]> {
  return db
    .selectFrom('token_grant')
    .selectAll()
    .orderBy('proposed_ms', 'desc')
    .orderBy('id')
    .limit(listMax)
    .execute()
}

function findGrant(id: string, { db }: FlowNeeds): Promise<Grant | undefined> {
  return db.selectFrom('token_grant').selectAll().where('id', '=', id).executeTakeFirst()
}

export function scopesOf({ scopes }: Pick<Grant, 'scopes'>): readonly Scope[] {
  return scopeList.parse(JSON.parse(scopes))
}
