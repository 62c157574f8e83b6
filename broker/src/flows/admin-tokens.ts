// Administration tokens: made once, kept as hashes, found again by what a request shows.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PersonId } from '@wardkey/protocol/ids'
import { scope } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { prepared } from '../store/prepared-query.ts'
import type { Write } from '../store/store.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'
import { makerStanding } from './token-grants/maker-standing.ts'
import { isServices } from './token-grants/token-maker.ts'

export interface AdminCaller {
  /** For the record: `token init`, or `person` and her id. */
  readonly by: string
  /** Who it is, where she is signed in to the console; a token is nobody. */
  readonly person?: PersonId
  /** What it was called when it was made: one name may have several tokens, one after the other. */
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
  readonly madeMs: number
}

/** The token that `wardkey-broker init` makes: whoever has the key folder can make it anew. */
export const hostTokenName = 'init'

const tokenBytes = 32
const scopeList = z.array(scope)

/** 256 random bits: a plain hash is enough, and a look-up by it tells nothing by its timing. */
export function hashAdminToken(token: string): string {
  return createHash('sha256').update('wardkey administration token\n').update(token).digest('hex')
}

export function makeAdminToken(
  order: {
    readonly name: string
    readonly scopes: readonly Scope[]
    /** How long it is good for; without an end where it is absent. */
    readonly lifeMs?: number
    /** Who made it; itself where nobody is there yet. */
    readonly by?: string
    /** Whose powers it gives (token-grants/token-maker). */
    readonly maker?: PersonId | undefined
    /** When she signed in last; now, where she is here herself. */
    readonly confirmedMs?: number | undefined
    /** One person alone gave power by it (decision 0058). */
    readonly isAlone?: boolean
  },
  needs: FlowNeeds & { readonly random: (bytes: number) => Buffer },
): Recorded<{ readonly token: string }> {
  const token = `wka_${needs.random(tokenBytes).toString('base64url')}`
  const nowMs = needs.nowMs()
  const expiresMs = order.lifeMs === undefined ? undefined : nowMs + order.lifeMs
  const query = needs.db
    .insertInto('admin_token')
    .values({
      hash: hashAdminToken(token),
      name: order.name,
      scopes: JSON.stringify(order.scopes),
      created_ms: nowMs,
      expires_ms: expiresMs ?? null,
      made_by: order.by ?? null,
      maker_id: order.maker ?? null,
      confirmed_ms: order.maker === undefined ? null : (order.confirmedMs ?? nowMs),
      made_alone: order.isAlone === true ? 1 : null,
    })
    .compile()
  const about = {
    by: order.by ?? order.name,
    token: order.name,
    scopes: order.scopes.join(' '),
    ...(expiresMs === undefined ? {} : { expiresMs }),
  }
  const made = newFact(needs, 'ADM-001', { fields: { ...about, action: 'admin-token.made' } })
  const alone = order.isAlone === true ? [newFact(needs, 'ADM-007', { fields: about })] : []
  return {
    answer: { token },
    facts: [made, ...alone],
    writes: [{ query, expectRows: 1 }, ...secondApprover(order, needs)],
    notices: [],
  }
}

/** From each one on, the host's token gives no power alone any more, unless it is made anew. */
function secondApprover(
  { name, scopes }: { readonly name: string; readonly scopes: readonly Scope[] },
  { db, nowMs }: FlowNeeds,
): readonly Write[] {
  if (name === hostTokenName || !scopes.includes('tokens:approve')) return []
  return [secondApproverFrom(db, nowMs())]
}

/** Of somebody in the console too, whose roles let her approve. */
export function secondApproverFrom(db: FlowNeeds['db'], sinceMs: number): Write {
  const query = db
    .insertInto('second_approver')
    .values({ one: 1, since_ms: sinceMs })
    .onConflict((conflict) => conflict.column('one').doUpdateSet({ since_ms: sinceMs }))
    .compile()
  return { query }
}

const byHash = prepared<{ hash: string }>()((db, hole) =>
  db
    .selectFrom('admin_token')
    .leftJoin('person', 'person.id', 'admin_token.maker_id')
    .selectAll('admin_token')
    .select(['person.status', 'person.held_ms', 'person.access'])
    .where('hash', '=', hole('hash')),
)

/**
 * Nothing for a token that is unknown or has expired, nor for one that gives somebody's powers while
 * she may not use them herself.
 */
export async function findCaller(
  token: string,
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<AdminCaller | undefined> {
  const { rows } = await db.executeQuery(byHash(db, { hash: hashAdminToken(token) }))
  const [row] = rows
  if (!row || (row.expires_ms !== null && row.expires_ms <= nowMs())) return undefined
  const scopes = scopeList.parse(JSON.parse(row.scopes))
  if (!isServices(scopes) && makerStanding(row, nowMs()) !== 'here') return undefined
  return {
    by: `token ${row.name}`,
    name: row.name,
    scopes: new Set(scopes),
    madeMs: row.created_ms,
  }
}
