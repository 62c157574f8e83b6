// Tables of alerts: what rules have seen and what was done about it, and how far they have read.

export interface AlertTable {
  id: string
  rule: string
  /** Of one rule one alert about each stands at a time. */
  subject: string
  /** JSON array of person ids. */
  people: string
  workstation_id: string | null
  zone_id: string | null
  badge_id: string | null
  state: 'open' | 'acknowledged' | 'assigned' | 'closed'
  /** How often it was seen. */
  count: number
  first_ms: number
  last_ms: number
  raised_ms: number
  /** JSON array of places in the record; of very many the newest. */
  facts: string
  acknowledged_by: string | null
  acknowledged_ms: number | null
  assignee_id: string | null
  assigned_by: string | null
  assigned_ms: number | null
  closed_by: string | null
  closed_ms: number | null
  outcome: 'explained' | 'confirmed' | 'false-alarm' | null
  /** Under the keys of everybody whom it is about, one around the other. */
  note_sealed: Uint8Array | null
  version: number
}

/** One row. Whoever holds it reads on for the rules. */
export interface AlertCursorTable {
  id: number
  /** The first fact that was not yet seen. */
  next_idx: number
  /** Until when time has passed for the rules. */
  passed_ms: number
  /** The run of a broker, and until when it is its turn. */
  holder: string
  until_ms: number
}
