// Tables of forgetting, and of the legal holds that keep it from happening. They name nobody but by
// id.

/** Each that was ever asked for, with what became of it. */
export interface ForgettingTable {
  id: string
  person_id: string
  law: string
  reason: string
  asked_ms: number
  asked_by: string
  outcome: 'approved' | 'rejected' | null
  decided_ms: number | null
  /** Never who asked. */
  decided_by: string | null
}

export interface LegalHoldTable {
  id: string
  /** Absent where it covers everybody. */
  person_id: string | null
  reason: string
  placed_ms: number
  placed_by: string
  lift_asked_ms: number | null
  lift_asked_by: string | null
  lifted_ms: number | null
  /** Never who asked for it. */
  lifted_by: string | null
}
