// The store's contract: reads at any time, and writes only as whole units that are durable,
// together with their facts, when `commit` resolves. What a unit means is the flows'.

import type { CompiledQuery, Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** One statement, and how many rows it must touch: any other number undoes the whole unit. */
export interface Write {
  readonly query: CompiledQuery
  readonly expectRows?: number
}

/** A fact as the store keeps it: the canonical bytes, and what may be looked for. */
export interface FactBytes {
  readonly id: string
  readonly atMs: number
  readonly code: string
  readonly personId: string | null
  readonly workstationId: string | null
  readonly sessionId: string | null
  readonly body: Uint8Array
}

/**
 * What belongs together. `recorded` units carry at least one fact; `housekeeping` is for rows that
 * say nothing about a person's access (the OIDC provider's own steps, sweeps, checkpoints).
 */
export type Unit =
  | {
      readonly kind: 'recorded'
      readonly writes: readonly Write[]
      readonly facts: readonly [FactBytes, ...FactBytes[]]
    }
  | { readonly kind: 'housekeeping'; readonly writes: readonly Write[] }

declare const receiptBrand: unique symbol
/** Proof that a unit is durable. Only a store makes one, and only with one can a door answer. */
export interface Receipt {
  readonly factIds: readonly string[]
  readonly firstIndex: number
  readonly count: number
  readonly [receiptBrand]: true
}

export type Committed =
  | { readonly kind: 'committed'; readonly receipt: Receipt }
  /**
   * A guard or a constraint did not hold: nothing of the unit was written. Look again and repeat.
   */
  | { readonly kind: 'conflict' }

export interface Store {
  readonly engine: 'sqlite' | 'postgres'
  /**
   * For reading, and for building the queries of writes (`.compile()`). Never execute a write
   * here.
   */
  readonly read: Kysely<Schema>
  /**
   * Durable when it resolves: one flush may serve many units. Throws Fault `store-full`,
   * `store-queue-full` or `store-unavailable`; then nothing of the unit counts as written. Where
   * the Fault is ambiguous it may have been all the same: repeat only under the same ids. A unit
   * that can never be written (a statement that is wrong) is a permanent `internal`, and fails
   * alone.
   */
  commit(unit: Unit): Promise<Committed>
  /** How many units wait now; for metrics and shedding. */
  readonly waiting: number
  close(): Promise<void>
}
