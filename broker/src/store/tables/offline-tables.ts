// The tables of workstations that decide by themselves: what they were given, and what came back.

/** What a workstation was given to decide with by itself: one row for each that was made. */
export interface OfflineBundleTable {
  workstation_id: string
  sequence: number
  zone_id: string
  /** Who is in it: offline_roster. */
  roster: string
  /** Of everything in it but the grace windows, hex: the same content is not sent twice. */
  content: string
  issued_ms: number
  expires_ms: number
}

/** Sets of people that bundles had, each kept once. */
export interface OfflineRosterTable {
  /** SHA-256 of `people`, hex. */
  id: string
  /** 17 bytes a person: the id, and what she might do (flows/bundles/roster-bytes). */
  people: Uint8Array
  at_ms: number
}

/** How far a workstation's journal has been taken into the record. */
export interface OfflineJournalTable {
  workstation_id: string
  journal_id: string
  upto_seq: number
  /** SHA-256 of the last line that was taken, hex. */
  upto_hash: string
  /** JSON: what is not over at that line (flows/offline/standing). */
  standing: string
  merged_ms: number
  version: number
}

/** Decisions that would have gone otherwise, and journals that do not follow. */
export interface OfflineReviewTable {
  id: string
  workstation_id: string
  journal_id: string
  /** The line; 0 where it is about the journal as a whole. */
  seq: number
  person_id: string | null
  session_id: string | null
  tap_id: string | null
  /** Why, as words with spaces between: the first is the gravest. */
  reasons: string
  /** The workstation's clock when it happened. */
  at_ms: number
  opened_ms: number
  closed_ms: number | null
  closed_by: string | null
  outcome: string | null
  /** About somebody: under her key, as base64. About a journal as a whole: as it was written. */
  note: string | null
  version: number
}
