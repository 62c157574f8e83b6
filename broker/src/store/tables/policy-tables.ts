// The tables of what decides: the versions of the written policies, and how the house is run.

/** Every version that was ever proposed, with what became of it. */
export interface PolicyVersionTable {
  /** Grows by one with each; 0 is what Wardkey brings along, and has no row. */
  number: number
  /** Of the text (policy/cedar/policy-set). */
  set_id: string
  text: string
  note: string
  /** The version that was in force when it was proposed, and that it takes the place of. */
  based_on: number
  proposed_ms: number
  proposed_by: string
  /** Of several that were based on one version, one can be approved. */
  outcome: 'approved' | 'rejected' | null
  decided_ms: number | null
  /** Never who proposed it. */
  decided_by: string | null
}

/** A mode other than the usual one, of the house or of one zone. */
export interface HouseModeTable {
  /** A zone's id, or `*` for the house. */
  place: string
  mode: 'normal' | 'code' | 'lockdown' | 'downtime'
  since_ms: number
  /** It ends by itself. */
  until_ms: number
  set_by: string
  version: number
}
