// Tables of what is destroyed: by forgetting, and by retention; and of the legal holds that keep it
// from happening. They name nobody but by id.

import type { EndingClass, RetentionDays } from '@wardkey/protocol/retention-classes'

/** Each that was ever asked for, with what became of it. */
export interface ForgettingTable {
  id: string
  person_id: string
  law: string
  reason: string
  asked_ms: number
  asked_by: string
  outcome: 'approved' | 'rejected' | null
  decided_ms: number | null
  /** Never who asked. */
  decided_by: string | null
}

export interface LegalHoldTable {
  id: string
  /** Absent where it covers everybody. */
  person_id: string | null
  /** Absent where it covers every workstation. */
  workstation_id: string | null
  /** The time that it covers; absent where it is without a beginning, or an end. */
  from_ms: number | null
  until_ms: number | null
  reason: string
  placed_ms: number
  placed_by: string
  lift_asked_ms: number | null
  lift_asked_by: string | null
  lifted_ms: number | null
  /** Never who asked for it. */
  lifted_by: string | null
}

/** A version of the rules: how many days each class is kept. The newest approved is in force. */
export interface RetentionRuleTable extends RetentionDays {
  number: number
  access: number
  presence: number
  administration: number
  operational: number
  /** Says as well that the time of this fact was right. */
  clock_idx: number | null
  /** The version in force when it was proposed. */
  based_on: number
  reason: string
  proposed_ms: number
  proposed_by: string
  outcome: 'approved' | 'rejected' | null
  decided_ms: number | null
  /** Never who proposed what is approved. */
  decided_by: string | null
}

/** One lot of facts that went together; the record has a fact of each (RET-004). */
export interface RetentionPurgeTable {
  number: number
  class: EndingClass
  rule: number
  before_ms: number
  first_idx: number
  last_idx: number
  count: number
  at_ms: number
  /** A line for each: its index, code and time (audit/retention/purge-statement). */
  list: string
}

/** A fact that is gone. Its hash stays: the tree is as it was. */
export interface FactGoneTable {
  idx: number
  leaf: Uint8Array
  purge: number
}

export interface RetentionClassTable {
  class: EndingClass
  /** Nothing before it is left to take, until a hold ends. */
  next_idx: number
  /** Up to when the last run went. */
  before_ms: number | null
}

/** One row. */
export interface RetentionStateTable {
  id: number
  /** Raised by whatever changes a hold: a purge that did not see it fails. */
  holds_version: number
  /** Facts before it were looked at for leaps of the clock. */
  looked_idx: number
  run_ms: number
  stopped: string | null
  stopped_idx: number | null
  stopped_ms: number | null
  /** The run of a broker, and until when it is its turn. */
  holder: string
  until_ms: number
}
