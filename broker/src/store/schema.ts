// The tables as both engines have them, in the types that queries see. Times are milliseconds since
// 1970; JSON is text; yes and no are 1 and 0; ids are UUID texts.

import type { Generated } from 'kysely'
import type { AlertCursorTable, AlertTable } from './tables/alert-tables.ts'
import type { ComplianceNoticeTable, EmergencyGrantTable } from './tables/emergency-tables.ts'
import type { ErrandTable, LoanerCardTable } from './tables/errand-tables.ts'
import type {
  EnrolAskTable,
  EnrolTokenTable,
  ReleaseTable,
  RolloutMemberTable,
  RolloutTable,
  UpdateWaitTable,
  WorkstationInventoryTable,
} from './tables/fleet-tables.ts'
import type { HrGroupMemberTable, HrGroupTable, PersonHrTable } from './tables/hr-tables.ts'
import type {
  FactGoneTable,
  ForgettingTable,
  LegalHoldTable,
  RetentionClassTable,
  RetentionPurgeTable,
  RetentionRuleTable,
  RetentionStateTable,
} from './tables/forget-tables.ts'
import type { KeyNoteTable } from './tables/key-tables.ts'
import type {
  OfflineBundleTable,
  OfflineJournalTable,
  OfflineReviewTable,
  OfflineRosterTable,
} from './tables/offline-tables.ts'
import type { HouseModeTable, PolicyVersionTable } from './tables/policy-tables.ts'
import type {
  GraceTable,
  LaunchTicketTable,
  PresenceTable,
  SessionTable,
  StepUpTable,
  TapTable,
} from './tables/session-tables.ts'
import type { StreamTable } from './tables/stream-tables.ts'
import type {
  AccessExceptionTable,
  SecondApproverTable,
  TokenGrantTable,
} from './tables/two-people-tables.ts'
import type { StageTimeTable } from './tables/speed-tables.ts'
import type {
  AccessCampaignTable,
  AccessItemTable,
  ConsoleRoleSeenTable,
  HeldBackTable,
} from './tables/access-review-tables.ts'
import type { CosignatureTable, WitnessedRecordTable } from './tables/witness-tables.ts'

export interface PersonTable {
  id: string
  /** Name and short name, sealed under the person's own key (audit/person-keys). */
  name_sealed: Uint8Array
  status: 'pre-hire' | 'active' | 'on-leave' | 'suspended' | 'terminated'
  /** JSON array of role names. */
  roles: string
  created_ms: number
  /** When status or roles last changed; absent while they are as they were at first. */
  access_ms: number | null
  /** JSON: identity/access-facts. */
  access: string
  /** JSON: identity/access-facts. Nearly everybody has none. */
  exceptions: string | null
  /** Since when security holds her back, whatever HR says; absent where it does not. */
  held_ms: number | null
  version: number
}

export interface PersonKeyTable {
  person_id: string
  /** The person's data key under the key-encryption key; absent once it was destroyed. */
  wrapped: Uint8Array | null
  destroyed_ms: number | null
}

export interface BadgeTable {
  id: string
  person_id: string
  /** Keyed hash of the canonical card identity, hex. */
  lookup: string
  /** The canonical identity sealed under the person's key. */
  sealed: Uint8Array
  technology: string
  assurance: number
  status: 'active' | 'suspended' | 'lost' | 'replaced' | 'expired'
  from_ms: number
  until_ms: number | null
  /** When its status last changed; absent while it is as it was enrolled. */
  status_ms: number | null
  version: number
  /** A loaner's own end; absent for badges that have none. */
  ends_ms: number | null
  /** The card of the pool that it is. */
  loaner_card_id: string | null
  /** The loaner badge that it is suspended for. */
  suspended_for: string | null
  /** `hr` where it was HR's word that suspended it: then HR's word lifts it. */
  suspended_by: 'hr' | null
}

export interface PinTable {
  person_id: string
  /** argon2id in PHC form, over the peppered PIN. */
  hash: string
  /** Under which pepper (identity/pin-pepper). */
  scheme: 1 | 2
  set_at_ms: number
  failures: number
  locked_until_ms: number
  version: number
}

export interface PinAttemptTable {
  id: string
  person_id: string
  workstation_id: string
  at_ms: number
  outcome: 'begun' | 'matched' | 'wrong' | 'not-checked'
}

export interface WorkstationTable {
  id: string
  place: string
  zone_id: string
  cert_sha256: string
  /**
   * The one before, still good until its own end: the answer that brought the new one may be lost.
   */
  cert_previous_sha256: string | null
  cert_not_after_ms: number
  status: 'active' | 'revoked'
  asset_tag: string | null
  boot_id: string | null
  /** PINs given before this (its last boot or wake) count no longer at this workstation. */
  trusted_since_ms: number
  /** Wrong PINs in a row at this workstation, and until when it asks nobody. */
  failures: number
  locked_until_ms: number
  enrolled_ms: number
  /** When some broker last had it; absent before its first hello. */
  reached_ms: number | null
  /** JSON: hashes of what is soldered to it; absent where the agent could not say. */
  hardware: string | null
  version: number
}

export interface ZoneTable {
  id: string
  kind: string
  label: string
  /** JSON: identity/zone-settings. */
  settings: string
  /** When kind or rules last changed; absent while they are as they were first declared. */
  changed_ms: number | null
  version: number
}

export interface StaffNumberTable {
  person_id: string
  /** Keyed hash of the number, hex. */
  lookup: string
  /** The number under the person's key. */
  sealed: Uint8Array
  /** Wrong PINs in a row given with the number, apart from those given with a badge. */
  failures: number
  locked_until_ms: number
  version: number
}

export interface OidcModelTable {
  model: string
  id: string
  payload: string
  expires_ms: number | null
  grant_id: string | null
  uid: string | null
  user_code: string | null
  consumed_ms: number | null
}

export interface FactTable {
  /** Position in the record and leaf index in the tree: gapless, in the order of commits. */
  idx: number
  id: string
  at_ms: number
  code: string
  person_id: string | null
  workstation_id: string | null
  session_id: string | null
  /** The canonical bytes, as hashed. */
  body: Uint8Array
}

export interface CheckpointTable {
  size: number
  /** The size of the checkpoint that it continues, 0 for the first: no two continue the same. */
  from_size: number
  root: string
  note: string
  /** The leaf hashes since the checkpoint before, 32 bytes each: they name a changed entry. */
  leaves: Uint8Array
  at_ms: number
}

export interface AdminTokenTable {
  hash: string
  name: string
  scopes: string
  created_ms: number
  expires_ms: number | null
  /** Whose word made it; absent for those of `init`, and from before this was kept. */
  made_by: string | null
  /** Whose powers it gives; absent for those of the host's, and what those made. */
  maker_id: string | null
  /** When she last signed in to the console with roles that give them. */
  confirmed_ms: number | null
  /** 1 where one person alone gave power over others by it: there was nobody else yet. */
  made_alone: number | null
}

export interface ConsoleSessionTable {
  /** Of the secret in the browser's cookie. */
  hash: string
  person_id: string
  /** Names of console roles, with spaces between. */
  roles: string
  acr: string
  created_ms: number
  /** When it was last used, to about a minute. */
  last_ms: number
  ends_ms: number
}

export interface RequestTable {
  /** Idempotency-Key of an admin request, with what was answered. */
  key: string
  answer: string
  at_ms: number
}

/** What brokers must tell each other; read by all but the one that wrote it. */
export interface BrokerWordTable {
  id: Generated<number>
  /** The run of a broker that wrote it. */
  origin: string
  /** A notice, as JSON. */
  notice: string
  at_ms: number
}

export interface Schema {
  person: PersonTable
  person_hr: PersonHrTable
  hr_group: HrGroupTable
  hr_group_member: HrGroupMemberTable
  person_key: PersonKeyTable
  badge: BadgeTable
  loaner_card: LoanerCardTable
  errand: ErrandTable
  pin: PinTable
  pin_attempt: PinAttemptTable
  workstation: WorkstationTable
  enrol_token: EnrolTokenTable
  enrol_ask: EnrolAskTable
  workstation_inventory: WorkstationInventoryTable
  update_release: ReleaseTable
  rollout: RolloutTable
  rollout_member: RolloutMemberTable
  update_wait: UpdateWaitTable
  zone: ZoneTable
  session: SessionTable
  staff_number: StaffNumberTable
  emergency_grant: EmergencyGrantTable
  compliance_notice: ComplianceNoticeTable
  alert: AlertTable
  alert_cursor: AlertCursorTable
  presence: PresenceTable
  grace: GraceTable
  tap: TapTable
  launch_ticket: LaunchTicketTable
  step_up: StepUpTable
  oidc_model: OidcModelTable
  fact: FactTable
  checkpoint: CheckpointTable
  admin_token: AdminTokenTable
  console_session: ConsoleSessionTable
  request: RequestTable
  offline_bundle: OfflineBundleTable
  offline_roster: OfflineRosterTable
  offline_journal: OfflineJournalTable
  offline_review: OfflineReviewTable
  broker_word: BrokerWordTable
  policy_version: PolicyVersionTable
  house_mode: HouseModeTable
  access_exception: AccessExceptionTable
  token_grant: TokenGrantTable
  second_approver: SecondApproverTable
  cosignature: CosignatureTable
  forgetting: ForgettingTable
  key_note: KeyNoteTable
  legal_hold: LegalHoldTable
  witnessed_record: WitnessedRecordTable
  stage_time: StageTimeTable
  stream: StreamTable
  access_campaign: AccessCampaignTable
  access_item: AccessItemTable
  held_back: HeldBackTable
  console_role_seen: ConsoleRoleSeenTable
  retention_rule: RetentionRuleTable
  retention_purge: RetentionPurgeTable
  retention_class: RetentionClassTable
  retention_state: RetentionStateTable
  fact_gone: FactGoneTable
}
