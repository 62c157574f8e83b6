// What travels between the store and its writer thread.

export interface WriterStart {
  readonly path: string
}

/** A fact's columns after its index, in the table's order. */
export type FactRow = readonly [
  string,
  number,
  string,
  string | null,
  string | null,
  string | null,
  /** The body as text: a small Buffer would take its whole 8 kB slab along to the other thread. */
  string,
]

export interface UnitOrder {
  readonly writes: readonly {
    /** Index into the statements that were sent so far. */
    readonly sql: number
    readonly parameters: readonly unknown[]
    readonly expectRows: number | undefined
  }[]
  readonly facts: readonly FactRow[]
}

export interface BatchOrder {
  readonly batchId: number
  /** Statement texts that this batch uses for the first time, in the order of their indexes. */
  readonly newSql: readonly string[]
  readonly units: readonly UnitOrder[]
}

export interface BatchAnswer {
  readonly kind: 'written' | 'failed'
  readonly batchId: number
  /** For each unit its first fact's index, or null where a guard undid it. */
  readonly outcomes: (number | null)[]
  readonly reason?: 'full' | 'busy' | 'statement' | 'disk'
}
