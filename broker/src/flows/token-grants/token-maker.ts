// Whose powers a token gives: of whoever made it in the console, or by a token of hers, at whatever
// remove. With her employment, a suspension or the loss of her role it ends, in one unit with that.
// A feed goes on: what it may do is a service's, and nobody's own.

import { z } from 'zod'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { scope } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { Fact } from '../../audit/fact.ts'
import { guardPerson } from '../../identity/guard-person.ts'
import { findPerson } from '../../identity/people.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'

const scopeList = z.array(scope)
const service: ReadonlySet<Scope> = new Set(['scim:read', 'scim:write'])

/** HR's feeds: they give roles by the house's rules only (decision 0026). */
export function isServices(scopes: readonly Scope[]): boolean {
  return scopes.every((one) => service.has(one))
}

/** Nobody for the host's, and for what those made. */
export interface TokenMaker {
  readonly maker: PersonId | undefined
  /** When she signed in last, as far as the token that made it knew; nothing where she made it. */
  readonly confirmedMs?: number | undefined
  /** Conflicts with whatever ends her meanwhile. */
  readonly writes: readonly Write[]
}

/** `by` as facts have it. Nothing where she is not here any more: then there is no token. */
export async function findMaker(by: string, needs: FlowNeeds): Promise<TokenMaker | undefined> {
  const made = await makerOf(by, needs)
  if (made.maker === undefined) return { ...made, writes: [] }
  const person = await findPerson(needs.db, made.maker)
  if (person?.status !== 'active') return undefined
  return { ...made, writes: [guardPerson(needs.db, person.id, person.version)] }
}

/** A token that makes the next one does not sign in by that: what it makes rests when it does. */
async function makerOf(by: string, { db }: FlowNeeds): Promise<Omit<TokenMaker, 'writes'>> {
  const prefix = byPerson('')
  if (by.startsWith(prefix)) return { maker: personId.parse(by.slice(prefix.length)) }
  // Tokens of one name are of one hand (token-power).
  const row = await db
    .selectFrom('admin_token')
    .select(['maker_id', 'confirmed_ms'])
    .where('name', '=', by.replace(/^token /, ''))
    .where('maker_id', 'is not', null)
    .orderBy('confirmed_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row?.maker_id == null) return { maker: undefined }
  return { maker: personId.parse(row.maker_id), confirmedMs: row.confirmed_ms ?? 0 }
}

export interface TokensEnded {
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
}

interface Ending {
  readonly personId: PersonId
  readonly by: string
  /** She has left: of a feed that goes on, the record says that its maker has. */
  readonly isForGood?: boolean
  /** What her console roles still give; tokens within it stay. Nothing is left without it. */
  readonly left?: ReadonlySet<Scope>
}

/** In the unit that ends her, or in which the console hears that she has fewer roles. */
export async function endTokensOf(ending: Ending, needs: FlowNeeds): Promise<TokensEnded> {
  const { db } = needs
  const { left = new Set<Scope>(), isForGood = false, by, personId: person } = ending
  const rows = await db
    .selectFrom('admin_token')
    .select(['hash', 'name', 'scopes'])
    .where('maker_id', '=', person)
    .orderBy('created_ms')
    .execute()
  const tokens = rows.map((row) => ({ ...row, may: scopeList.parse(JSON.parse(row.scopes)) }))
  const ends = tokens.filter(({ may }) => !isServices(may) && !may.every((one) => left.has(one)))
  const stays = isForGood ? tokens.filter(({ may }) => isServices(may)) : []
  const factOf = (action: string, token: string): Fact =>
    newFact(needs, 'ADM-001', { person, fields: { by, action, token } })
  return {
    facts: [
      ...ends.map(({ name }) => factOf('admin-token.ended-with-maker', name)),
      ...stays.map(({ name }) => factOf('admin-token.maker-left', name)),
    ],
    writes: ends.map(({ hash }) => ({
      query: db.deleteFrom('admin_token').where('hash', '=', hash).compile(),
    })),
  }
}

/** She signed in, and her roles still give what these tokens may do. */
export function confirmTokens(person: PersonId, { db, nowMs }: FlowNeeds): Write {
  const query = db
    .updateTable('admin_token')
    .set({ confirmed_ms: nowMs() })
    .where('maker_id', '=', person)
    .compile()
  return { query }
}
