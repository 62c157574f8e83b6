// Tables of access reviews: campaigns, what is up for review in them, and what they hold back.

export interface AccessCampaignTable {
  id: string
  kind: 'quarterly' | 'monthly' | 'by-hand'
  /** `2026-Q4`, `2026-11`: one campaign each, whichever broker opens it; absent by hand. */
  period: string | null
  /** `gathering` while its entries are written: then nobody sees it. */
  state: 'gathering' | 'open' | 'waits-for-two' | 'closed'
  high_risk_only: number
  department: string | null
  opened_ms: number
  /** A caller, or `schedule`. */
  opened_by: string
  due_ms: number
  on_silence: 'revoke' | 'tell'
  /** What two people agree about: what silence takes. */
  first_word: 'revoke' | 'tell' | null
  first_by: string | null
  first_ms: number | null
  second_by: string | null
  closed_ms: number | null
  /** Of the result’s lines. */
  sha256: string | null
  version: number
}

export interface AccessItemTable {
  id: string
  campaign_id: string
  /** Absent for a token that is nobody’s. */
  person_id: string | null
  department: string | null
  /** Absent where nobody is there to be asked. */
  reviewer_id: string | null
  kind: 'role' | 'exception' | 'console-role' | 'badge' | 'token'
  what: string
  is_high_risk: number
  /** JSON: protocol/admin/access-reviews itemEvidence. */
  evidence: string
  reminded_ms: number | null
  decision: 'certified' | 'revoked' | 'told' | null
  decided_ms: number | null
  decided_by: string | null
  reason: string | null
  is_silence: number
  outcome: 'kept' | 'taken' | 'hr-task' | 'provider-task' | 'gone' | null
}

/** What was revoked here and is still given elsewhere: by HR, or by the provider’s groups. */
export interface HeldBackTable {
  id: string
  person_id: string
  kind: 'role' | 'console-role'
  what: string
  since_ms: number
  by: string
}

/** Which console roles sign-ins brought, and when last. */
export interface ConsoleRoleSeenTable {
  person_id: string
  role: string
  last_ms: number
}
