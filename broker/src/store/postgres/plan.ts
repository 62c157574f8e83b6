// A batch of units as statements for PostgreSQL, and what their answers mean for each unit. Pure.

import pg from 'pg'
import { Fault } from '../../platform/fault.ts'
import type { Outcome } from '../commit-queue.ts'
import type { Statement, StatementDone, StatementFailed } from './pipeline.ts'
import { wireArray, wireValue } from './values.ts'
import type { FactBytes, Unit } from '../store.ts'

/**
 * Holds the order of the record between brokers: taken after everything else of a batch is written,
 * so that whoever holds it waits for nobody, and kept until the commit, so that indexes are gapless
 * and follow the order of commits.
 */
const recordLock = 0x57_4b_52_31

/** One unit in statements, or why it can never be one. */
export type Prepared =
  | {
      readonly kind: 'prepared'
      readonly statements: readonly Statement[]
      readonly expectRows: readonly (number | undefined)[]
      readonly facts: readonly FactBytes[]
    }
  | (Outcome & { readonly kind: 'failed' })
type PreparedUnit = Extract<Prepared, { kind: 'prepared' }>

export interface Plan {
  readonly statements: readonly Statement[]
  /** For each statement of a unit its place in the batch and how many rows it must touch. */
  readonly guards: readonly { readonly place: number; readonly expectRows: number | undefined }[]
  readonly facts: readonly { readonly id: string; readonly place: number }[]
  readonly count: number
}

/** What one attempt at a batch came to. */
export type Attempt =
  | { readonly kind: 'written'; readonly firstIndex: number }
  /** Nothing was written. These units are why, by their place; none where it cannot be told. */
  | { readonly kind: 'undone'; readonly because: ReadonlyMap<number, Outcome> }

const begin: Statement = { text: 'begin', values: [] }

export function prepareUnit(unit: Unit): Prepared {
  try {
    return {
      kind: 'prepared',
      statements: unit.writes.map(({ query }) => ({
        text: query.sql,
        values: query.parameters.map(wireValue),
      })),
      expectRows: unit.writes.map(({ expectRows }) => expectRows),
      facts: unit.kind === 'recorded' ? unit.facts : [],
    }
  } catch (cause) {
    return { kind: 'failed', fault: new Fault('internal', 'permanent', { cause }) }
  }
}

export function planBatch(units: readonly PreparedUnit[]): Plan {
  const facts = units.flatMap((unit) => unit.facts)
  return {
    statements: [
      begin,
      ...units.flatMap(({ statements }) => statements),
      ...(facts.length === 0 ? [] : factStatements(facts)),
    ],
    guards: units.flatMap((unit, place) =>
      unit.expectRows.map((expectRows) => ({ place, expectRows })),
    ),
    facts: units.flatMap((unit, place) => unit.facts.map(({ id }) => ({ id, place }))),
    count: units.length,
  }
}

/**
 * After every statement was carried out: whether every guard held. A unit may be blamed for what an
 * earlier one, undone itself, had done to its rows: a conflict too many, never one too few.
 */
export function judgeDone(plan: Plan, done: readonly StatementDone[]): Attempt {
  const because = brokenGuards(plan, done)
  if (because.size > 0) return { kind: 'undone', because }
  // After `begin` and the writes the lock, and then the index.
  return { kind: 'written', firstIndex: Number(done[plan.guards.length + 2]?.first ?? 0) }
}

/**
 * After a statement failed: whose fault it is. Throws the cause where it concerns the whole batch.
 */
export function judgeFailed(plan: Plan, { done, cause }: StatementFailed): Attempt {
  const outcome = outcomeOf(cause)
  if (!outcome) throw cause
  // A unit before it that is undone anyway may have been in its way.
  const earlier = brokenGuards(plan, done)
  if (earlier.size > 0) return { kind: 'undone', because: earlier }
  const place =
    plan.guards[done.length - 1]?.place ??
    placeOfTaken(cause, plan.facts) ??
    (plan.count === 1 ? 0 : undefined)
  return { kind: 'undone', because: new Map(place === undefined ? [] : [[place, outcome]]) }
}

/** Of the statements that were carried out. `begin` is before them. */
function brokenGuards({ guards }: Plan, done: readonly StatementDone[]): Map<number, Outcome> {
  const because = new Map<number, Outcome>()
  guards.slice(0, Math.max(0, done.length - 1)).forEach(({ place, expectRows }, at) => {
    if (expectRows === undefined || done[1 + at]?.rowCount === expectRows) return
    because.set(place, { kind: 'conflict' })
  })
  return because
}

/**
 * The lock comes in a statement before the index is read: that one has to see what was committed.
 */
function factStatements(facts: readonly FactBytes[]): Statement[] {
  const text = (of: (fact: FactBytes) => string | null): Buffer => wireArray('text', facts.map(of))
  return [
    { text: 'select pg_advisory_xact_lock($1)', values: [String(recordLock)] },
    { text: 'select coalesce(max(idx) + 1, 0) from fact', values: [] },
    {
      text: insertFacts,
      values: [
        text(({ id }) => id),
        wireArray(
          'int8',
          facts.map(({ atMs }) => atMs),
        ),
        text(({ code }) => code),
        text(({ personId }) => personId),
        text(({ workstationId }) => workstationId),
        text(({ sessionId }) => sessionId),
        wireArray(
          'bytea',
          facts.map(({ body }) => body),
        ),
      ],
    },
  ]
}

const insertFacts = `
  insert into fact (idx, id, at_ms, code, person_id, workstation_id, session_id, body)
  select next.idx + row.place - 1, row.id, row.at_ms, row.code, row.person_id, row.workstation_id,
    row.session_id, row.body
  from (select coalesce(max(idx) + 1, 0) as idx from fact) as next,
    unnest($1::text[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[])
      with ordinality as row (id, at_ms, code, person_id, workstation_id, session_id, body, place)`

/** The server names the id that is there already; of two in one batch the later one is meant. */
function placeOfTaken(cause: unknown, facts: Plan['facts']): number | undefined {
  const detail = cause instanceof pg.DatabaseError ? (cause.detail ?? '') : ''
  const id = /^Key \(id\)=\((.*)\) already exists/.exec(detail)?.[1]
  return facts.findLast((fact) => fact.id === id)?.place
}

/** What an error means for the unit it came from; nothing where it is not that unit's own. */
function outcomeOf(cause: unknown): Outcome | undefined {
  const code = cause instanceof pg.DatabaseError ? (cause.code ?? '') : ''
  // Taken by somebody else, or a lost race or wait for a lock: look again.
  if (/^(23505|23P01|40001|40P01|55P03)$/.test(code)) return { kind: 'conflict' }
  // Other errors of data, constraints and syntax are a statement that is wrong.
  if (!/^(22|23|42)/.test(code)) return undefined
  return { kind: 'failed', fault: new Fault('internal', 'permanent', { cause }) }
}
