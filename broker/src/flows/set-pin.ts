// A PIN is set or reset. It is hashed once, outside of what may be repeated, and it ends whatever
// the old one had opened for the badge alone.

import type { Kysely } from 'kysely'
import type { PersonId } from '@wardkey/protocol/ids'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import { pinFlaw } from '@wardkey/protocol/workstation/pin-rules'
import { digitsOf } from '../identity/badge-technology.ts'
import { badgesOf, openCard } from '../identity/badges.ts'
import { raisePerson } from '../identity/guard-person.ts'
import { findPerson } from '../identity/people.ts'
import type { PinHashing } from '../identity/pin-hashing.ts'
import { pinScheme } from '../identity/pin-pepper.ts'
import { resetNumberCount } from '../identity/verify-by-number.ts'
import type { PinDigits } from '../policy/zone-settings.ts'
import { clearGrace } from '../sessions/grace.ts'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'
import { newFact } from './flow-needs.ts'
import type { Answered, Perform } from './perform.ts'
import { refuseChange } from './person-flow.ts'
import type { Actor, AdminRefused, PersonFlowNeeds } from './person-flow.ts'
import type { Recorded } from './recorded.ts'

export interface SetPinNeeds extends PersonFlowNeeds {
  readonly perform: Perform
  readonly hashing: PinHashing
  readonly pinDigits: PinDigits
}

export interface NewPin extends Actor {
  readonly personId: PersonId
  readonly pin: string
}

export type PinSet = { readonly kind: 'set' } | AdminRefused

export async function setPin(asked: NewPin, needs: SetPinNeeds): Promise<Answered<PinSet>> {
  const flaw = pinFlaw(
    asked.pin,
    needs.pinDigits.min,
    needs.pinDigits.max,
    await knownDigits(asked.personId, undefined, needs),
  )
  if (flaw) return refuse(asked, flaw === 'length' ? 'pin-length' : 'pin-guessable', needs)
  const place = needs.hashing.reserve()
  if (!place) return refuse(asked, 'busy', needs)
  const hash = await place.hash(asked.personId, asked.pin)
  return needs.perform(() => keepPin(asked, hash, needs))
}

async function keepPin(
  { personId, by }: NewPin,
  hash: string,
  needs: SetPinNeeds,
): Promise<Recorded<PinSet>> {
  const { db } = needs
  const person = await findPerson(db, personId)
  if (!person || person.status === 'terminated') {
    return refuseChange('PIN-104', 'person-unknown', { person: personId, by }, needs)
  }
  return {
    answer: { kind: 'set' },
    facts: [newFact(needs, 'PIN-201', { person: personId, fields: { by } })],
    writes: [
      raisePerson(db, person.id, person.version),
      upsertPin(db, personId, hash, needs.nowMs()),
      resetNumberCount(db, personId),
      clearGrace(db, personId),
    ],
    notices: [],
  }
}

/** The only way out of a PIN that is locked for good: a new one. */
export function upsertPin(
  db: Kysely<Schema>,
  person: PersonId,
  hash: string,
  nowMs: number,
): Write {
  const fresh = { hash, scheme: pinScheme, set_at_ms: nowMs, failures: 0, locked_until_ms: 0 }
  const query = db
    .insertInto('pin')
    .values({ person_id: person, ...fresh, version: 1 })
    .onConflict((conflict) =>
      conflict
        .column('person_id')
        .doUpdateSet((eb) => ({ ...fresh, version: eb('pin.version', '+', 1) })),
    )
    .compile()
  return { query, expectRows: 1 }
}

/** Which PIN it is, without a word of what it is. */
export async function pinSetAt(db: Kysely<Schema>, person: PersonId): Promise<number | undefined> {
  const row = await db
    .selectFrom('pin')
    .select('set_at_ms')
    .where('person_id', '=', person)
    .executeTakeFirst()
  return row?.set_at_ms
}

/** Digits that others can read from her badges: none of them may be a PIN. */
export async function knownDigits(
  person: PersonId,
  /** That is to be hers with the PIN. */
  card: Pick<CardClaim, 'canonical'> | undefined,
  needs: Pick<SetPinNeeds, 'db'> & {
    readonly personKeys: Pick<PersonFlowNeeds['personKeys'], 'find'>
  },
): Promise<readonly string[]> {
  const key = await needs.personKeys.find(person)
  if (!key) return []
  const badges = await badgesOf(needs.db, person)
  const numbers = badges.map((badge) => openCard(badge.sealed, key, badge.id))
  return [...numbers, ...(card ? [card.canonical] : [])].flatMap(digitsOf)
}

function refuse(
  { personId, by }: NewPin,
  code: 'pin-length' | 'pin-guessable' | 'busy',
  needs: SetPinNeeds,
): Promise<Answered<PinSet>> {
  const wait = code === 'busy' ? { retryAfterMs: needs.hashing.retryAfterMs } : {}
  return needs.perform(() => {
    const refused = refuseChange('PIN-104', code, { person: personId, by }, needs)
    return Promise.resolve({ ...refused, answer: { ...refused.answer, ...wait } })
  })
}
