// The table of exceptions: what one person may for a while that her roles and zones do not say.

/** Each that was ever proposed, with what became of it. It names nobody but by id. */
export interface AccessExceptionTable {
  id: string
  person_id: string
  /** A role that she has, or a zone that is hers, as long as it holds. */
  kind: 'role' | 'zone'
  what: string
  /** Why, without names. */
  reason: string
  /** The person who answers for it: never she who gets it. */
  owner_id: string
  lasts_ms: number
  proposed_ms: number
  proposed_by: string
  outcome: 'approved' | 'rejected' | null
  decided_ms: number | null
  /** Never who proposed it. */
  decided_by: string | null
  /** Its end, from the approval on. */
  until_ms: number | null
  ended_ms: number | null
  /** Who took it away; `time` where nobody had to. */
  ended_by: string | null
}
