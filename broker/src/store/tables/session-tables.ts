// Tables of what happens at workstations: taps, sessions, presence, launches and signatures.

export interface SessionTable {
  id: string
  person_id: string
  state: 'open' | 'locked' | 'ended'
  /** Where it is open, or was last. */
  workstation_id: string
  acr: string
  amr: string
  pin_at_ms: number
  opened_ms: number
  changed_ms: number
  ended_ms: number | null
  end_reason: string | null
  /** 0 while policy allows one open screen a person; part of the constraint that holds it. */
  slot: number
  /** The workstation's journal where it was decided without a broker; absent otherwise. */
  journal_id: string | null
  /** The emergency grant that opened it; set when it is opened, or never. */
  grant_id: string | null
  /** When that grant is over. */
  until_ms: number | null
  /** Since when it counts as locked, where its workstation has not said yet that it is. */
  counted_ms: number | null
  version: number
}

export interface PresenceTable {
  id: string
  session_id: string
  person_id: string
  workstation_id: string
  kind: string
  confidence: number
  from_ms: number
  until_ms: number | null
  /** The workstation's journal where it was seen without a broker; absent otherwise. */
  journal_id: string | null
}

export interface GraceTable {
  person_id: string
  zone_id: string
  pin_at_ms: number
  last_ms: number
}

export interface TapTable {
  id: string
  workstation_id: string
  at_ms: number
  outcome: 'asked-pin' | 'asked-witness' | 'admitted' | 'refused' | 'cancelled'
  person_id: string | null
  badge_id: string | null
  session_id: string | null
  /** JSON of what was answered, without tickets: to answer a repeated tap the same. */
  answer: string
  expires_ms: number
  version: number
}

export interface LaunchTicketTable {
  hash: string
  session_id: string
  workstation_id: string
  expires_ms: number
  used_ms: number | null
}

export interface StepUpTable {
  id: string
  interaction_uid: string
  session_id: string
  workstation_id: string
  person_id: string
  client_id: string
  application: string
  description: string
  /** JSON of the authorization detail, where there is one. */
  detail: string | null
  phase: 'badge' | 'pin' | 'signed' | 'refused' | 'cancelled' | 'expired'
  created_ms: number
  expires_ms: number
  ended_ms: number | null
  version: number
}
