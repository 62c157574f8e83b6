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
  Uint8Array,
]

export interface UnitOrder {
  readonly writes: readonly {
    readonly sql: string
    readonly parameters: readonly unknown[]
    readonly expectRows: number | undefined
  }[]
  readonly facts: readonly FactRow[]
}

export interface BatchOrder {
  readonly batchId: number
  readonly units: readonly UnitOrder[]
}

export interface BatchAnswer {
  readonly kind: 'written' | 'failed'
  readonly batchId: number
  /** For each unit its first fact's index, or null where a guard undid it. */
  readonly outcomes: (number | null)[]
  readonly reason?: 'full' | 'busy' | 'statement' | 'disk'
}
