// An exception is asked for: a role or a zone, for one person, for a while, with a reason and with
// somebody who answers for it. Nothing holds by it until somebody else has approved it.

import type { PersonId } from '@wardkey/protocol/ids'
import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import { findHolder } from '../../identity/find-card-holder.ts'
import type { Holder } from '../../identity/find-card-holder.ts'
import { newFact } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { flawOf } from './exception-checks.ts'
import { fieldsOf, refuseException } from './exception-facts.ts'
import { currentExceptions, exceptionsEach } from './exception-rows.ts'
import type { ExceptionNeeds } from './exception-rows.ts'

export interface ExceptionOrder extends Actor {
  readonly personId: PersonId
  readonly ownerId: PersonId
  readonly kind: 'role' | 'zone'
  readonly what: string
  readonly reason: string
  /** From its approval on. */
  readonly lastsMs: number
}

export async function proposeException(
  order: ExceptionOrder,
  needs: ExceptionNeeds,
): Promise<Recorded<{ readonly kind: 'proposed'; readonly id: string } | AdminRefused>> {
  const { db } = needs
  const { by, kind, what, reason, lastsMs, personId, ownerId } = order
  const no = await reasonAgainst(order, needs)
  if (no) return refuseException(no, { by }, needs)
  const id = needs.newId()
  const query = db
    .insertInto('access_exception')
    .values({
      ...{ id, person_id: personId, kind, what, reason, owner_id: ownerId, lasts_ms: lastsMs },
      ...{ proposed_ms: needs.nowMs(), proposed_by: by },
    })
    .compile()
  const fields = { ...fieldsOf({ id, kind, what }), by, owner: ownerId, reason, lastsMs }
  return {
    answer: { kind: 'proposed', id },
    facts: [newFact(needs, 'EXC-001', { person: personId, fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

async function reasonAgainst(
  order: ExceptionOrder,
  needs: ExceptionNeeds,
): Promise<AdminRefusalCode | undefined> {
  const { db } = needs
  if (order.lastsMs > needs.exceptionMaxMs) return 'exception-too-long'
  const person = await findHolder(db, order.personId)
  if (!person || person.personStatus === 'terminated') return 'person-unknown'
  const flaw = await flawOf(order, needs)
  if (flaw) return flaw
  if (isNeedless(order, person)) return 'exception-needless'
  const current = await currentExceptions(db, order.personId)
  if (current.some(({ kind, what }) => kind === order.kind && what === order.what)) {
    return 'exception-needless'
  }
  return current.length >= exceptionsEach ? 'exceptions-full' : undefined
}

/** Whoever has no zones of her own goes where her roles allow: there a role is what she lacks. */
function isNeedless({ kind, what }: ExceptionOrder, { roles, access }: Holder): boolean {
  if (kind === 'role') return roles.includes(what)
  return access.zones === undefined || access.zones.some((zone) => zone === what)
}
