// Tables of streams: how far each has come, and which broker sends it.

export interface StreamTable {
  name: string
  /** The first fact that is not known to have arrived. */
  next_idx: number
  /** The last fact before it that was sent; absent before the first. */
  previous_idx: number | null
  /** How far it was handed over; without acknowledgements that is further than what has arrived. */
  handed_idx: number
  /** The run of a broker that sends it now. */
  owner: string | null
  /** Raised by every write: whoever writes says which one he has seen. */
  version: number
  /** When something last arrived. */
  sent_ms: number | null
  /** Since when it fails; absent while it does not. */
  failing_ms: number | null
  /** In a word. */
  reason: string | null
  attempts: number
}
