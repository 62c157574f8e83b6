// Facts wait for a signed checkpoint: each of them could still be taken back unseen. Pure.

import { sightingOf } from '../alert-fact.ts'
import type { AlertRule, RecordStanding, Sighting } from '../alert-fact.ts'
import type { AlertLimits } from '../alert-limits.ts'

export class CheckpointLate implements AlertRule {
  readonly name = 'checkpoint-late'
  readonly #limits: Pick<AlertLimits, 'checkpointLateMs'>
  /** The fact that waits, as it was said last. */
  #saidOf: number | undefined

  constructor(limits: Pick<AlertLimits, 'checkpointLateMs'>) {
    this.#limits = limits
  }

  take(): readonly Sighting[] {
    return []
  }

  pass(nowMs: number, { unsealed }: RecordStanding): readonly Sighting[] {
    if (!unsealed || nowMs - unsealed.atMs <= this.#limits.checkpointLateMs) return []
    if (this.#saidOf === unsealed.index) return []
    this.#saidOf = unsealed.index
    return [sightingOf(this.name, { subject: 'record', people: [] }, [unsealed])]
  }
}
