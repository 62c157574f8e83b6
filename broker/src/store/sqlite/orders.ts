// What travels between the store and its writer thread, as lists rather than objects: names that
// are the same each time need not be copied each time.

export interface WriterStart {
  readonly path: string
}

/** Index of the statement, the rows it must touch (-1: any number), and its parameters. */
export type WriteOrder = readonly [statement: number, expectRows: number, ...parameters: unknown[]]

/** A fact's columns after its index, in the table's order. */
export type FactRow = readonly [
  id: string,
  atMs: number,
  code: string,
  personId: string | null,
  workstationId: string | null,
  sessionId: string | null,
  /**
   * The body, a character for each byte (latin1): a small Buffer would take its whole 8 kB slab
   * along to the other thread.
   */
  body: string,
]

export interface UnitOrder {
  readonly writes: readonly WriteOrder[]
  readonly facts: readonly FactRow[]
}

export interface BatchOrder {
  /** Statement texts that are used for the first time, in the order of their indexes. */
  readonly newSql: readonly string[]
  /** The texts sent before are forgotten: indexes begin again at 0. */
  readonly isReset: boolean
  readonly units: readonly UnitOrder[]
}

/**
 * First fact's index; null where a guard undid the unit; text where the unit can never be written.
 */
export type UnitAnswer = number | null | string

export type BatchAnswer =
  | { readonly kind: 'written'; readonly outcomes: readonly UnitAnswer[] }
  | { readonly kind: 'failed'; readonly reason: 'full' | 'busy' | 'disk'; readonly cause: string }
  /** Outside of any batch: what is on disk can no longer be trusted. */
  | { readonly kind: 'ended'; readonly cause: string }
