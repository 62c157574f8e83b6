// Tables of emergency access: what was granted, why, its review, and who is told of it.

export interface EmergencyGrantTable {
  id: string
  person_id: string
  session_id: string
  workstation_id: string
  zone_id: string
  reason: string
  /** As it was worded when it was chosen. */
  reason_label: string
  note_sealed: Uint8Array | null
  /** How it was proved who she is. */
  identity: 'badge-and-pin' | 'badge' | 'number-and-pin'
  witness_id: string | null
  /** What an ordinary tap would have been answered: a refusal's code, or `allowed`. */
  otherwise: string
  took_ms: number
  position: number
  choices: number
  from_ms: number
  until_ms: number
  ended_ms: number | null
  end_reason: string | null
  review_due_ms: number
  outcome: 'appropriate' | 'inappropriate' | 'no-need' | null
  reviewed_ms: number | null
  reviewed_by: string | null
  review_sealed: Uint8Array | null
  version: number
}

export interface ComplianceNoticeTable {
  /** What receivers know a repeated notice by. */
  id: string
  /** Of an emergency access, or of an alert: one of the two. */
  grant_id: string | null
  alert_id: string | null
  channel: 'webhook' | 'mail'
  created_ms: number
  /** Not before this; whoever tells it moves it on first, so that nobody tells it beside. */
  next_ms: number
  attempts: number
  told_ms: number | null
  version: number
}
