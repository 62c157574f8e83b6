// All rules of alerts over one record: each fact is handed to each rule that is not switched off,
// in the record's order, and time passes for them by the record's own times. Pure.

import type { AlertRuleName } from '@wardkey/protocol/admin/alerts/alert-rules'
import type { AlertFact, AlertRule, RecordStanding, Sighting } from './alert-fact.ts'
import type { AlertLimits } from './alert-limits.ts'
import { AskedInVain } from './asked-in-vain.ts'
import { BadgeSharing } from './badge-sharing.ts'
import { BadgeWithoutDoor } from './badge-without-door.ts'
import { BreakGlassRate } from './break-glass-rate.ts'
import { CheckpointLate } from './technical/checkpoint-late.ts'
import { AuthorityEnds, KeyChanged } from './technical/key-changed.ts'
import { CloneSuspicion } from './clone-suspicion.ts'
import { OffShiftUse } from './off-shift-use.ts'
import { FeedNearOwnHand, TokenMadeAlone } from './powers-given.ts'
import { RecordGap } from './technical/record-gap.ts'
import { RepeatedRefusals } from './repeated-refusals.ts'
import { RetentionStopped } from './technical/retention-stopped.ts'
import { RolloutPaused } from './technical/rollout-paused.ts'
import { TapDisowned } from './tap-disowned.ts'
import { TwoPlaces } from './two-places.ts'
import { WorkstationSilent } from './technical/workstation-silent.ts'

/** Facts of other codes are told of by their number alone. */
export const watchedCodes: ReadonlySet<string> = new Set([
  ...['TAP-001', 'TAP-002', 'TAP-101', 'PIN-101', 'PRE-001', 'PRE-002', 'BTG-002'],
  ...['SES-001', 'SES-002', 'SES-003', 'SES-004', 'SES-009', 'OFF-002', 'OFF-101'],
  ...['OFF-102', 'OFF-103'],
  ...['WKS-001', 'WKS-003', 'WKS-004', 'WKS-005', 'ADM-007', 'PER-010', 'PER-011'],
  ...['BDG-008', 'SIG-102'],
  ...['UPD-104', 'KEY-002', 'KEY-003', 'KEY-004', 'KEY-005', 'KEY-006', 'KEY-007', 'RET-102'],
])

export class AlertWatch {
  readonly #rules: readonly AlertRule[]
  readonly #gap: RecordGap | undefined
  #nowMs = 0

  constructor(limits: AlertLimits, off: ReadonlySet<AlertRuleName>) {
    const gap = new RecordGap()
    const rules: readonly AlertRule[] = [
      new OffShiftUse(limits),
      new RepeatedRefusals(limits),
      new TwoPlaces(limits),
      new BadgeWithoutDoor(limits),
      new BadgeSharing(limits),
      new CloneSuspicion(limits),
      new BreakGlassRate(limits),
      new FeedNearOwnHand(),
      new TapDisowned(),
      new AskedInVain(),
      gap,
      new CheckpointLate(limits),
      new WorkstationSilent(limits),
      new TokenMadeAlone(),
      new RolloutPaused(),
      new KeyChanged(),
      new AuthorityEnds(),
      new RetentionStopped(),
    ]
    this.#rules = rules.filter(({ name }) => !off.has(name))
    this.#gap = off.has(gap.name) ? undefined : gap
  }

  take(fact: AlertFact): readonly Sighting[] {
    const passed = this.pass(fact.recordedMs)
    return [...passed, ...this.#rules.flatMap((rule) => rule.take(fact))]
  }

  /** Clocks of several brokers differ a little: time does not go back here. */
  pass(nowMs: number, record: RecordStanding = {}): readonly Sighting[] {
    this.#nowMs = Math.max(this.#nowMs, nowMs)
    return this.#rules.flatMap((rule) => rule.pass?.(this.#nowMs, record) ?? [])
  }

  missing(after: { readonly index: number; readonly atMs: number }): readonly Sighting[] {
    return this.#gap ? [this.#gap.missing(after)] : []
  }
}
