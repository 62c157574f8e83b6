// That evidence is made is a fact before anything is read: who, for which days, what for. And when
// it is done, what it was.

import type { EvidenceOrder } from '@wardkey/protocol/admin/evidence/evidence'
import type { Period } from '../../audit/evidence/evidence-rule.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Flow } from '../perform.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import { daysOf } from './days-of.ts'

export interface EvidenceAsk extends Actor, EvidenceOrder {
  readonly timeZone: string
}

/** What is gathered for, and by which fact the record says so. */
export interface EvidenceTask extends EvidenceAsk {
  readonly id: string
  readonly factId: string
  readonly period: Period
  /** The last day is not over. */
  readonly isOpen: boolean
}

export interface EvidenceBegun {
  readonly kind: 'begun'
  readonly task: EvidenceTask
}

export interface AskNeeds extends FlowNeeds {
  /** One is made at a time. */
  readonly isBusy: () => boolean
  /** Entries under the newest checkpoint. */
  readonly sealedSize: () => number
}

export function askForEvidence(
  ask: EvidenceAsk,
  needs: AskNeeds,
): Flow<EvidenceBegun | AdminRefused> {
  return () => {
    const { by, purpose } = ask
    const days = daysOf(ask, ask.timeZone, needs.nowMs())
    const no = wordAgainst(ask, needs)
    if (!days || no !== undefined) {
      const code = no ?? 'evidence-days'
      const fact = newFact(needs, 'EVD-101', { rule: code, fields: { by, purpose } })
      const answer = { kind: 'refused', code } as const
      return Promise.resolve({ answer, facts: [fact], writes: [], notices: [] })
    }
    const { fromMs, untilMs, isOpen } = days
    const id = needs.newId()
    const fact = newFact(needs, 'EVD-001', { fields: { by, id, purpose, fromMs, untilMs } })
    const task = { ...ask, id, period: { fromMs, untilMs }, isOpen, factId: fact.id }
    const answer = { kind: 'begun', task } as const
    return Promise.resolve({ answer, facts: [fact], writes: [], notices: [] })
  }
}

function wordAgainst({ since = 0 }: EvidenceAsk, { isBusy, sealedSize }: AskNeeds) {
  if (since > sealedSize()) return 'checkpoint-unknown'
  return isBusy() ? 'evidence-busy' : undefined
}

export interface EvidenceDone extends Actor {
  readonly id: string
  readonly sha256: string
  readonly size: number
  readonly verdicts: Readonly<Record<string, number>>
}

/** The archive's own hash is in the record: which one was made can be told ever after. */
export function noteEvidence(
  { by, id, sha256, size, verdicts }: EvidenceDone,
  needs: FlowNeeds,
): Flow<undefined> {
  const fields = { by, id, sha256, size, ...verdicts }
  return () =>
    Promise.resolve({
      answer: undefined,
      facts: [newFact(needs, 'EVD-002', { fields })],
      writes: [],
      notices: [],
    })
}
