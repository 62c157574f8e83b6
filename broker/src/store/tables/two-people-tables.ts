// Tables of what two people make together: exceptions, and tokens with power over others.

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

/** A token that was asked for, and what became of it; the token itself is elsewhere, once made. */
export interface TokenGrantTable {
  id: string
  /** What the token is to be called. */
  name: string
  /** JSON array of scopes. */
  scopes: string
  life_ms: number
  /** Why, without names. */
  note: string
  proposed_ms: number
  proposed_by: string
  outcome: 'approved' | 'rejected' | null
  decided_ms: number | null
  /** Never who asked. */
  decided_by: string | null
  /** When it was taken out. */
  made_ms: number | null
}

/** At most one row: when the last token was made that could approve, but for the host's. */
export interface SecondApproverTable {
  one: 1
  since_ms: number
}
