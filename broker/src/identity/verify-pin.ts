// Checks a PIN. The attempt is counted, durably, before the PIN is looked at: a crash, a second
// broker or a thousand guesses at once gain nobody a guess that does not count.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import {
  failuresBeforeLock,
  failuresMax,
  foreverMs,
  lockMsAfter,
  triesLeft,
  workstationFailuresBeforeLock,
  workstationLockMsAfter,
} from '@wardkey/protocol/workstation/pin-lock'
import { Fault } from '../platform/fault.ts'
import type { Schema } from '../store/schema.ts'
import type { Store, Write } from '../store/store.ts'
import type { KnownPin, PinHashing, PinPlace } from './pin-hashing.ts'
import { pinScheme } from './pin-pepper.ts'

export interface VerifyPinNeeds {
  readonly store: Store
  readonly hashing: PinHashing
  readonly nowMs: () => number
  readonly newId: () => string
}

/**
 * Where the PIN was typed. Only whoever holds a question that this person's own badge has raised at
 * this workstation, or in which a witness has confirmed her name there, may call `verifyPin`: that is
 * why nobody can lock a colleague out from afar.
 */
export interface PinContext {
  readonly workstationId: WorkstationId
}

export type PinVerdict =
  /** `writes` reset the count; they belong in the unit that the PIN opens. */
  | { readonly kind: 'matched'; readonly writes: readonly Write[] }
  | {
      readonly kind: 'wrong'
      readonly writes: readonly Write[]
      readonly failures: number
      /** Before the PIN waits; at least 1 unless `lock` says that it waits now. */
      readonly triesLeft: number
      /** Present when this wrong PIN was the one that locked it. */
      readonly lock?: { readonly retryAfterMs?: number }
    }
  /** Not looked at, and nothing counted. */
  | {
      readonly kind: 'not-checked'
      readonly code: 'pin-locked' | 'workstation-locked-out' | 'pin-not-set' | 'busy'
      readonly retryAfterMs?: number
    }

export type VerifyPin = (person: PersonId, pin: string, context: PinContext) => Promise<PinVerdict>

/** An attempt that is begun and not over within this was cut short by a crash. */
const attemptMaxMs = 60_000
const beginTries = 20
/** Of no PIN: hashed for people without one, so that the time taken does not tell who they are. */
export const nobodys: KnownPin = {
  hash: '$argon2id$v=19$m=19456,t=2,p=1$VGhlcmUgaXMgbm8gUElO$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  scheme: pinScheme,
}

export function makeVerifyPin(needs: VerifyPinNeeds): VerifyPin {
  return async (person, pin, context) => {
    // The place first: what cannot be checked soon must not be counted.
    const place = needs.hashing.reserve()
    if (!place) {
      return { kind: 'not-checked', code: 'busy', retryAfterMs: needs.hashing.retryAfterMs }
    }
    try {
      return await verifyInPlace(needs, place, person, pin, context)
    } finally {
      place.leave()
    }
  }
}

async function verifyInPlace(
  needs: VerifyPinNeeds,
  place: PinPlace,
  person: PersonId,
  pin: string,
  context: PinContext,
): Promise<PinVerdict> {
  for (let attempt = 0; attempt < beginTries; attempt++) {
    const known = await readPin(needs.store.read, person, context.workstationId)
    const nowMs = needs.nowMs()
    if (!known) {
      await place.verify(person, pin, nobodys)
      return { kind: 'not-checked', code: 'pin-not-set' }
    }
    if (known.lockedUntilMs > nowMs) return notChecked('pin-locked', known.lockedUntilMs, nowMs)
    if (known.placeLockedUntilMs > nowMs) {
      return notChecked('workstation-locked-out', known.placeLockedUntilMs, nowMs)
    }
    const attemptId = needs.newId()
    const begun = await needs.store.commit({
      kind: 'housekeeping',
      writes: beginWrites(needs.store.read, {
        attemptId,
        person,
        context,
        nowMs,
        hash: known.hash,
      }),
    })
    if (begun.kind === 'conflict') continue
    const { isMatch, rehashed } = await place.verify(person, pin, known)
    return isMatch
      ? matched(needs, { attemptId, person, context, hash: known.hash, rehashed })
      : wrong(needs, { attemptId, person, context })
  }
  throw new Fault('store-contended', 'transient')
}

interface Attempt {
  readonly attemptId: string
  readonly person: PersonId
  readonly context: PinContext
}

type Db = Kysely<Schema>

async function readPin(db: Db, person: PersonId, workstation: WorkstationId) {
  const row = await db
    .selectFrom('pin')
    .where('pin.person_id', '=', person)
    .leftJoin('workstation', (join) => join.on('workstation.id', '=', workstation))
    .select(['pin.hash', 'pin.scheme', 'pin.failures', 'pin.locked_until_ms'])
    .select('workstation.locked_until_ms as place_locked_until_ms')
    .executeTakeFirst()
  return (
    row && {
      hash: row.hash,
      scheme: row.scheme,
      failures: row.failures,
      lockedUntilMs: row.locked_until_ms,
      placeLockedUntilMs: row.place_locked_until_ms ?? 0,
    }
  )
}

/**
 * Counts in SQL, not in memory: of any number of attempts at once each is counted, and those that
 * find the PIN locked by the ones before them conflict here and are never hashed.
 */
function beginWrites(
  db: Db,
  begun: Attempt & { readonly nowMs: number; readonly hash: string },
): readonly Write[] {
  const { nowMs, context } = begun
  const insert = db.insertInto('pin_attempt').values({
    id: begun.attemptId,
    person_id: begun.person,
    workstation_id: context.workstationId,
    at_ms: nowMs,
    outcome: 'begun',
  })
  const countPerson = db
    .updateTable('pin')
    .set((eb) => ({
      failures: eb('failures', '+', 1),
      locked_until_ms: lockCase(nowMs, failuresBeforeLock, failuresMax, lockMsAfter),
      version: eb('version', '+', 1),
    }))
    .where('person_id', '=', begun.person)
    .where('hash', '=', begun.hash)
    .where('locked_until_ms', '<=', nowMs)
  const writes = [insert, countPerson].map((query) => ({ query: query.compile(), expectRows: 1 }))
  return [...writes, countAtWorkstation(db, context.workstationId, nowMs)]
}

/** Conflicts where the workstation waits by now. */
export function countAtWorkstation(db: Db, workstation: WorkstationId, nowMs: number): Write {
  const query = db
    .updateTable('workstation')
    .set((eb) => ({
      failures: eb('failures', '+', 1),
      locked_until_ms: lockCase(
        nowMs,
        workstationFailuresBeforeLock,
        workstationFailuresBeforeLock + 4,
        workstationLockMsAfter,
      ),
    }))
    .where('id', '=', workstation)
    .where('locked_until_ms', '<=', nowMs)
    .compile()
  return { query, expectRows: 1 }
}

/** `case` over the count after this attempt, from the same pure schedule that the tests read. */
export function lockCase(
  nowMs: number,
  from: number,
  to: number,
  lockMs: (failures: number) => number,
) {
  const untilMs = (failures: number) =>
    sql<number>`cast(${Math.min(foreverMs, nowMs + lockMs(failures))} as bigint)`
  const steps = Array.from({ length: to - from }, (_, step) => from + step)
  const cases = steps.map(
    (failures) => sql`when failures + 1 = ${sql.lit(failures)} then ${untilMs(failures)}`,
  )
  return sql<number>`case when failures + 1 < ${sql.lit(from)} then cast(0 as bigint)
    ${sql.join(cases, sql` `)} else ${untilMs(to)} end`
}

function matched(
  { store, nowMs }: VerifyPinNeeds,
  attempt: Attempt & { readonly hash: string; readonly rehashed: string | undefined },
): PinVerdict {
  const db = store.read
  // Attempts that are still being hashed stay counted: a match beside them does not free them.
  const inFlight = db
    .selectFrom('pin_attempt')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('person_id', '=', attempt.person)
    .where('outcome', '=', 'begun')
    .where('at_ms', '>', nowMs() - attemptMaxMs)
    .where('id', '<>', attempt.attemptId)
  const reset = db
    .updateTable('pin')
    .set((eb) => ({
      failures: inFlight,
      locked_until_ms: 0,
      version: eb('version', '+', 1),
      ...(attempt.rehashed === undefined ? {} : { hash: attempt.rehashed, scheme: pinScheme }),
    }))
    .where('person_id', '=', attempt.person)
    // A PIN that was changed while the old one was being checked opens nothing.
    .where('hash', '=', attempt.hash)
  const resetPlace = db
    .updateTable('workstation')
    .set({ failures: 0, locked_until_ms: 0 })
    .where('id', '=', attempt.context.workstationId)
  return {
    kind: 'matched',
    writes: [
      { query: reset.compile(), expectRows: 1 },
      { query: resetPlace.compile() },
      settle(db, attempt.attemptId, 'matched'),
    ],
  }
}

async function wrong(needs: VerifyPinNeeds, attempt: Attempt): Promise<PinVerdict> {
  const db = needs.store.read
  const row = await readPin(db, attempt.person, attempt.context.workstationId)
  const nowMs = needs.nowMs()
  const failures = row?.failures ?? failuresMax
  const isLocked = row === undefined || row.lockedUntilMs > nowMs
  return {
    kind: 'wrong',
    writes: [settle(db, attempt.attemptId, 'wrong')],
    failures,
    triesLeft: triesLeft(failures),
    ...(isLocked ? { lock: waitOf(row?.lockedUntilMs ?? foreverMs, nowMs) } : {}),
  }
}

function settle(db: Db, attemptId: string, outcome: 'matched' | 'wrong'): Write {
  const query = db
    .updateTable('pin_attempt')
    .set({ outcome })
    .where('id', '=', attemptId)
    .where('outcome', '=', 'begun')
    .compile()
  // One match opens one thing: the unit of a second use of the same verdict conflicts.
  return { query, expectRows: 1 }
}

function notChecked(
  code: 'pin-locked' | 'workstation-locked-out',
  untilMs: number,
  nowMs: number,
): PinVerdict {
  return { kind: 'not-checked', code, ...waitOf(untilMs, nowMs) }
}

/** A PIN that waits for ever says no time: only setting it anew helps. */
function waitOf(untilMs: number, nowMs: number): { retryAfterMs?: number } {
  return untilMs >= foreverMs ? {} : { retryAfterMs: Math.max(0, untilMs - nowMs) }
}
