// Checks a PIN that was given with a staff number. Anybody can type a colleague's number anywhere,
// so what goes wrong this way never counts against the PIN that goes with her badge (promise 8): it
// has a count of its own, and the workstation's. A number that is nobody's takes as long and counts
// the same.

import { personId } from '@wardkey/protocol/ids'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import {
  failuresBeforeLock,
  failuresMax,
  lockMsAfter,
} from '@wardkey/protocol/workstation/pin-lock'
import { Fault } from '../platform/fault.ts'
import type { Store, Write } from '../store/store.ts'
import type { KnownPin, PinHashing, PinPlace } from './pin-hashing.ts'
import { countAtWorkstation, lockCase } from './pins/pin-attempts.ts'
import { nobodys } from './verify-pin.ts'

export interface VerifyByNumberNeeds {
  readonly store: Store
  readonly hashing: PinHashing
  readonly nowMs: () => number
}

export type NumberVerdict =
  /** `writes` reset the counts; they belong in the unit that follows from it. */
  | { readonly kind: 'matched'; readonly writes: readonly Write[] }
  /** Nobody's number, the wrong PIN, none set, or tried too often: all of these are one. */
  | { readonly kind: 'not-identified' }
  /** Not looked at, and nothing counted: whoever it was. */
  | {
      readonly kind: 'not-checked'
      readonly code: 'workstation-locked-out' | 'busy'
      readonly retryAfterMs?: number
    }

export type VerifyByNumber = (
  person: PersonId | undefined,
  pin: string,
  workstation: WorkstationId,
) => Promise<NumberVerdict>

const beginTries = 20
/** Whose pepper a PIN is tried under that comes with a number of nobody's. */
const nobody = personId.parse('00000000-0000-4000-8000-000000000000')

export function makeVerifyByNumber(needs: VerifyByNumberNeeds): VerifyByNumber {
  return async (person, pin, workstation) => {
    const place = needs.hashing.reserve()
    if (!place) {
      return { kind: 'not-checked', code: 'busy', retryAfterMs: needs.hashing.retryAfterMs }
    }
    try {
      return await verifyInPlace(needs, place, { person, pin, workstation })
    } finally {
      place.leave()
    }
  }
}

interface Attempt {
  readonly person: PersonId | undefined
  readonly pin: string
  readonly workstation: WorkstationId
}

async function verifyInPlace(
  needs: VerifyByNumberNeeds,
  place: PinPlace,
  { person, pin, workstation }: Attempt,
): Promise<NumberVerdict> {
  const db = needs.store.read
  for (let attempt = 0; attempt < beginTries; attempt++) {
    const here = await db
      .selectFrom('workstation')
      .select('locked_until_ms')
      .where('id', '=', workstation)
      .executeTakeFirst()
    const nowMs = needs.nowMs()
    const waitMs = (here?.locked_until_ms ?? 0) - nowMs
    if (waitMs > 0) {
      return { kind: 'not-checked', code: 'workstation-locked-out', retryAfterMs: waitMs }
    }
    const known = await readNumber(person, needs)
    const isOpen = known !== undefined && known.lockedUntilMs <= nowMs
    const begun = await needs.store.commit({
      kind: 'housekeeping',
      writes: [
        countAtWorkstation(db, workstation, nowMs),
        ...(isOpen ? [countAtNumber(known, needs, nowMs)] : []),
      ],
    })
    if (begun.kind === 'conflict') continue
    // Of nobody too, at the same cost: how long it takes must not tell whether there is a number.
    const { isMatch } = await place.verify(person ?? nobody, pin, isOpen ? known.pin : nobodys)
    return isMatch && isOpen
      ? { kind: 'matched', writes: matchedWrites(known, workstation, needs) }
      : { kind: 'not-identified' }
  }
  throw new Fault('store-contended', 'transient')
}

interface KnownNumber {
  readonly person: PersonId
  readonly pin: KnownPin
  readonly lockedUntilMs: number
  readonly version: number
}

/** Nothing where there is no such person, no number of hers, or no PIN. */
async function readNumber(
  person: PersonId | undefined,
  { store }: VerifyByNumberNeeds,
): Promise<KnownNumber | undefined> {
  const row = await store.read
    .selectFrom('staff_number')
    .innerJoin('pin', 'pin.person_id', 'staff_number.person_id')
    .where('staff_number.person_id', '=', person ?? '')
    .select(['staff_number.locked_until_ms', 'staff_number.version', 'pin.hash', 'pin.scheme'])
    .executeTakeFirst()
  if (!row || person === undefined) return undefined
  const pin = { hash: row.hash, scheme: row.scheme }
  return { person, pin, lockedUntilMs: row.locked_until_ms, version: row.version }
}

function countAtNumber(known: KnownNumber, { store }: VerifyByNumberNeeds, nowMs: number): Write {
  const query = store.read
    .updateTable('staff_number')
    .set((eb) => ({
      failures: eb('failures', '+', 1),
      locked_until_ms: lockCase(nowMs, failuresBeforeLock, failuresMax, lockMsAfter),
      version: known.version + 1,
    }))
    .where('person_id', '=', known.person)
    // One at a time: of tries at once each but the first looks again, and finds itself counted.
    .where('version', '=', known.version)
    .compile()
  return { query, expectRows: 1 }
}

/** A new PIN is tried anew: what was counted against the old one tells nothing of it. */
export function resetNumberCount(db: Store['read'], person: PersonId): Write {
  const query = db
    .updateTable('staff_number')
    .set((eb) => ({ failures: 0, locked_until_ms: 0, version: eb('version', '+', 1) }))
    .where('person_id', '=', person)
    .compile()
  return { query }
}

function matchedWrites(
  { person, pin, version }: KnownNumber,
  workstation: WorkstationId,
  { store }: VerifyByNumberNeeds,
): readonly Write[] {
  const db = store.read
  // A try that began after this one stays counted.
  const reset = db
    .updateTable('staff_number')
    .set({ failures: 0, locked_until_ms: 0 })
    .where('person_id', '=', person)
    .where('version', '=', version + 1)
  const resetPlace = db
    .updateTable('workstation')
    .set({ failures: 0, locked_until_ms: 0 })
    .where('id', '=', workstation)
  // A PIN that was changed while the old one was being checked opens nothing.
  const guard = db
    .updateTable('pin')
    .set((eb) => ({ version: eb.ref('version') }))
    .where('person_id', '=', person)
    .where('hash', '=', pin.hash)
  return [
    { query: reset.compile() },
    { query: resetPlace.compile() },
    { query: guard.compile(), expectRows: 1 },
  ]
}
