// How tries of a PIN are kept: each one counted, durably, before the PIN is looked at, and in SQL,
// so that of any number of them at once none is lost. Looks at no PIN.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import {
  failuresBeforeLock,
  failuresMax,
  foreverMs,
  lockMsAfter,
  workstationFailuresBeforeLock,
  workstationLockMsAfter,
} from '@wardkey/protocol/workstation/pin-lock'
import { prepared } from '../../store/prepared-query.ts'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'
import { pinScheme } from '../pin-pepper.ts'
import type { PinScheme } from '../pin-pepper.ts'

type Db = Kysely<Schema>

/** A try that is begun and not over within this was cut short by a crash. */
const attemptMaxMs = 60_000

const reading = prepared<{ person: string; workstation: string }>()((db, hole) =>
  db
    .selectFrom('pin')
    .where('pin.person_id', '=', hole('person'))
    .leftJoin('workstation', (join) => join.on('workstation.id', '=', hole('workstation')))
    .select(['pin.hash', 'pin.scheme', 'pin.failures', 'pin.locked_until_ms'])
    .select('workstation.locked_until_ms as place_locked_until_ms'),
)

export async function readPin(db: Db, person: string, workstation: string) {
  const [row] = (await db.executeQuery(reading(db, { person, workstation }))).rows
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

/** One try. */
export interface Tried {
  readonly id: string
  readonly person: string
  readonly workstation: string
  readonly nowMs: number
  readonly hash: string
}

const beginning = prepared<Omit<Tried, 'hash'>>()((db, hole) =>
  db.insertInto('pin_attempt').values({
    id: hole('id'),
    person_id: hole('person'),
    workstation_id: hole('workstation'),
    at_ms: hole('nowMs'),
    outcome: 'begun',
  }),
)

const countingPerson = prepared<Pick<Tried, 'person' | 'hash' | 'nowMs'>>()((db, hole) =>
  db
    .updateTable('pin')
    .set((eb) => ({
      failures: eb('failures', '+', 1),
      locked_until_ms: lockCase(hole('nowMs'), failuresBeforeLock, failuresMax, lockMsAfter),
      version: eb('version', '+', 1),
    }))
    .where('person_id', '=', hole('person'))
    .where('hash', '=', hole('hash'))
    .where('locked_until_ms', '<=', hole('nowMs')),
)

const countingPlace = prepared<Pick<Tried, 'workstation' | 'nowMs'>>()((db, hole) =>
  db
    .updateTable('workstation')
    .set((eb) => ({
      failures: eb('failures', '+', 1),
      locked_until_ms: lockCase(
        hole('nowMs'),
        workstationFailuresBeforeLock,
        workstationFailuresBeforeLock + 4,
        workstationLockMsAfter,
      ),
    }))
    .where('id', '=', hole('workstation'))
    .where('locked_until_ms', '<=', hole('nowMs')),
)

/**
 * Counts in SQL, not in memory: of any number of attempts at once each is counted, and those that
 * find the PIN locked by the ones before them conflict here and are never hashed.
 */
export function beginAttempt(db: Db, tried: Tried): readonly Write[] {
  return [
    { query: beginning(db, tried), expectRows: 1 },
    { query: countingPerson(db, tried), expectRows: 1 },
    countAtWorkstation(db, tried.workstation, tried.nowMs),
  ]
}

/** Conflicts where the workstation waits by now. */
export function countAtWorkstation(db: Db, workstation: string, nowMs: number): Write {
  return { query: countingPlace(db, { workstation, nowMs }), expectRows: 1 }
}

/** `case` over the count after this attempt, from the same pure schedule that the tests read. */
export function lockCase(
  nowMs: number,
  from: number,
  to: number,
  lockMs: (failures: number) => number,
) {
  const untilMs = (failures: number) => {
    const lastsMs = lockMs(failures)
    if (lastsMs >= foreverMs) return sql<number>`cast(${sql.lit(foreverMs)} as bigint)`
    return sql<number>`cast(${nowMs} as bigint) + ${sql.lit(lastsMs)}`
  }
  const steps = Array.from({ length: to - from }, (_, step) => from + step)
  const cases = steps.map(
    (failures) => sql`when failures + 1 = ${sql.lit(failures)} then ${untilMs(failures)}`,
  )
  return sql<number>`case when failures + 1 < ${sql.lit(from)} then cast(0 as bigint)
    ${sql.join(cases, sql` `)} else ${untilMs(to)} end`
}

interface Match extends Pick<Tried, 'id' | 'person' | 'hash'> {
  readonly sinceMs: number
}

const resetting = prepared<Match>()((db, hole) =>
  db
    .updateTable('pin')
    .set((eb) => ({
      failures: inFlight(db, hole),
      locked_until_ms: 0,
      version: eb('version', '+', 1),
    }))
    .where('person_id', '=', hole('person'))
    // A PIN that was changed while the old one was being checked opens nothing.
    .where('hash', '=', hole('hash')),
)

/** The same where the PIN is kept under the present scheme from now on. */
const renewing = prepared<Match & { rehashed: string; scheme: PinScheme }>()((db, hole) =>
  db
    .updateTable('pin')
    .set((eb) => ({
      failures: inFlight(db, hole),
      locked_until_ms: 0,
      version: eb('version', '+', 1),
      hash: hole('rehashed'),
      scheme: hole('scheme'),
    }))
    .where('person_id', '=', hole('person'))
    .where('hash', '=', hole('hash')),
)

/** Attempts that are still being hashed stay counted: a match beside them does not free them. */
function inFlight(db: Db, hole: <Name extends keyof Match>(name: Name) => Match[Name]) {
  return db
    .selectFrom('pin_attempt')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('person_id', '=', hole('person'))
    .where('outcome', '=', 'begun')
    .where('at_ms', '>', hole('sinceMs'))
    .where('id', '<>', hole('id'))
}

const resettingPlace = prepared<{ workstation: string }>()((db, hole) =>
  db
    .updateTable('workstation')
    .set({ failures: 0, locked_until_ms: 0 })
    .where('id', '=', hole('workstation')),
)

interface Matched extends Tried {
  /** The same PIN under the present scheme, where it was kept under an older one. */
  readonly rehashed: string | undefined
}

/** Her count and the workstation's begin anew; in the unit that the PIN opens. */
export function matchAttempt(db: Db, { rehashed, nowMs, ...begun }: Matched): readonly Write[] {
  const match = { ...begun, sinceMs: nowMs - attemptMaxMs }
  const reset =
    rehashed === undefined
      ? resetting(db, match)
      : renewing(db, { ...match, rehashed, scheme: pinScheme })
  return [
    { query: reset, expectRows: 1 },
    { query: resettingPlace(db, { workstation: begun.workstation }) },
    settleAttempt(db, begun.id, 'matched'),
  ]
}

const settling = prepared<{ id: string; outcome: 'matched' | 'wrong' }>()((db, hole) =>
  db
    .updateTable('pin_attempt')
    .set({ outcome: hole('outcome') })
    .where('id', '=', hole('id'))
    .where('outcome', '=', 'begun'),
)

export function settleAttempt(db: Db, id: string, outcome: 'matched' | 'wrong'): Write {
  // One match opens one thing: the unit of a second use of the same verdict conflicts.
  return { query: settling(db, { id, outcome }), expectRows: 1 }
}
