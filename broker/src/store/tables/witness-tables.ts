// Tables of witnesses: their words about this record, and this broker's memory of others.

/** A witness's line below the checkpoint of that size. */
export interface CosignatureTable {
  size: number
  witness: string
  line: string
  at_ms: number
}

/** The newest checkpoint of another record that this broker has cosigned. */
export interface WitnessedRecordTable {
  origin: string
  size: number
  /** Base64. */
  root: string
  /** As it was cosigned, with our own line. */
  note: string
  at_ms: number
}
