// The tables of what is done about badges and PINs at workstations, in the types that queries see.

/** A card that may be anybody's for a shift. */
export interface LoanerCardTable {
  id: string
  /** What is written on it for people: "Loaner 12". */
  label: string
  /** Keyed hash of the canonical card identity, hex. */
  lookup: string
  technology: string
  assurance: number
  added_ms: number
  /** No longer to be given; absent while it may be. */
  retired_ms: number | null
  version: number
}

/** One errand under way. Its row goes with it: what came of it is in the record. */
export interface ErrandTable {
  /** The id that the workstation gave it. */
  id: string
  workstation_id: string
  kind: 'enrol' | 'loaner' | 'new-pin' | 'change-pin' | 'lost' | 'found'
  /** Keyed hash of the card that it began with, hex; absent where it began without. */
  lookup: string | null
  /** Whom it is for, once that is known. */
  person_id: string | null
  badge_id: string | null
  /** JSON of what was proved so far (flows/errands/errand-row). */
  proofs: string
  begun_ms: number
  expires_ms: number
  version: number
}
