// The desk between a waiting browser and a workstation: performs the steps of a signature and wakes
// whoever waits for its end. One broker's desk wakes its own waiters; others look at the row.

import { ceremonyId } from '@wardkey/protocol/ids'
import type { CeremonyId, PersonId, WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { Answered, Perform } from '../perform.ts'
import type { StepUpEnd } from './step-up-end.ts'
import { askStepUp, endStepUp, findAwaitingPin, signPin, signTap } from './step-up-flows.ts'
import type { PinOutcome, StepUpNeeds } from './step-up-flows.ts'
import { findByInteraction, findStepUp, isOver } from './step-up-row.ts'
import type { StepUp } from './step-up-row.ts'

export interface StepUpDeskNeeds extends StepUpNeeds {
  readonly perform: Perform
  /** Counts the attempt durably, then verifies: the same rules as for a tap. */
  readonly checkPin: (
    person: PersonId,
    workstation: WorkstationId,
    pin: string,
  ) => Promise<PinOutcome>
  readonly amr: readonly string[]
}

/** Waiters look at the row this often: the signature may have been given through another broker. */
const lookEveryMs = 500
const waitersMax = 2000

export class StepUpDesk {
  readonly #needs: StepUpDeskNeeds
  readonly #waiters = new Map<CeremonyId, Set<() => void>>()
  /** Until when asking rests, so that a chart which tries again and again fills no record. */
  readonly #resting = new Map<PersonId, number>()

  constructor(needs: StepUpDeskNeeds) {
    this.#needs = needs
  }

  /**
   * Asks once for an interaction, however often its page is loaded. Nothing where she was asked too
   * often in vain.
   */
  async ask(
    asked: Omit<StepUp, 'id' | 'phase' | 'endedMs' | 'version' | 'expiresMs'>,
    interactionUid: string,
  ): Promise<CeremonyId | undefined> {
    const standing = await findByInteraction(this.#needs.db, interactionUid)
    if (standing) return standing.id
    if ((this.#resting.get(asked.personId) ?? 0) > this.#needs.nowMs()) return undefined
    const id = ceremonyId.parse(this.#needs.newId())
    const { answer } = await this.#needs.perform(() =>
      askStepUp({ ...asked, id }, interactionUid, this.#needs),
    )
    if (answer.kind === 'asked') return answer.id
    this.#rest(asked.personId, answer.untilMs)
    return undefined
  }

  #rest(person: PersonId, untilMs: number): void {
    const nowMs = this.#needs.nowMs()
    for (const [other, itsUntilMs] of this.#resting) {
      if (itsUntilMs <= nowMs || this.#resting.size >= waitersMax) this.#resting.delete(other)
    }
    this.#resting.set(person, untilMs)
  }

  async tap(
    workstation: WorkstationId,
    frame: AgentFrameOf<'sign-tap'>,
  ): Promise<Answered<BrokerFrame>> {
    return this.#needs.perform(() => signTap(frame, workstation, this.#needs))
  }

  async pin(
    workstation: WorkstationId,
    frame: AgentFrameOf<'sign-pin'>,
  ): Promise<Answered<BrokerFrame>> {
    const { perform } = this.#needs
    const awaiting = await findAwaitingPin(frame.ceremonyId, workstation, this.#needs)
    if (!awaiting) return this.#end(frame.ceremonyId, workstation, 'expired')
    const outcome = await this.#needs.checkPin(awaiting.personId, workstation, frame.pin)
    const done = await perform(async () => {
      // Looked at again: it may have run out, or been cancelled, while the PIN was checked.
      const now = await findAwaitingPin(frame.ceremonyId, workstation, this.#needs)
      return now ? signPin(now, outcome, this.#needs) : endStepUp(awaiting, 'expired', this.#needs)
    })
    this.#wake(frame.ceremonyId)
    return done
  }

  cancel(
    workstation: WorkstationId,
    frame: AgentFrameOf<'sign-cancel'>,
  ): Promise<Answered<BrokerFrame>> {
    const phase = frame.reason === 'timeout' ? 'expired' : 'cancelled'
    return this.#end(frame.ceremonyId, workstation, phase)
  }

  /** How the interaction's signature ended; nothing where it has not within that time. */
  async ended(interactionUid: string, withinMs: number): Promise<StepUpEnd | undefined> {
    const untilMs = performance.now() + withinMs
    for (;;) {
      const row = await findByInteraction(this.#needs.db, interactionUid)
      if (!row) return undefined
      if (isOver(row)) return endOf(row, this.#needs.amr)
      if (row.expiresMs <= this.#needs.nowMs()) {
        await this.#end(row.id, row.workstationId, 'expired')
        continue
      }
      if (performance.now() >= untilMs) return undefined
      await this.#sleepUntilWoken(row.id)
    }
  }

  async #end(
    id: CeremonyId,
    workstation: WorkstationId,
    phase: 'cancelled' | 'expired',
  ): Promise<Answered<BrokerFrame>> {
    const done = await this.#needs.perform(async () => {
      const found = await findStepUp(this.#needs.db, id)
      if (found?.workstationId === workstation) return endStepUp(found, phase, this.#needs)
      // Not asked for here: answered as the run-out thing that it is, and written down.
      const card = { technology: 'csn' as const, canonical: '00000000' }
      return signTap({ ceremonyId: id, tapId: id, card }, workstation, this.#needs)
    })
    this.#wake(id)
    return done
  }

  #wake(id: CeremonyId): void {
    for (const wake of this.#waiters.get(id) ?? []) wake()
  }

  #sleepUntilWoken(id: CeremonyId): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(id) ?? new Set()
      const timer = setTimeout(() => {
        wake()
      }, lookEveryMs)
      const wake = (): void => {
        clearTimeout(timer)
        waiters.delete(wake)
        if (waiters.size === 0) this.#waiters.delete(id)
        resolve()
      }
      if (this.#waiters.size < waitersMax) {
        waiters.add(wake)
        this.#waiters.set(id, waiters)
      }
    })
  }
}

function endOf(row: StepUp, amr: readonly string[]): StepUpEnd {
  if (row.phase !== 'signed' || row.endedMs === null) {
    const outcome = row.phase === 'refused' || row.phase === 'cancelled' ? row.phase : 'expired'
    return { outcome, ceremonyId: row.id }
  }
  return {
    outcome: 'signed',
    ceremonyId: row.id,
    personId: row.personId,
    sessionId: row.sessionId,
    workstationId: row.workstationId,
    signedAtMs: row.endedMs,
    amr,
    ...(row.detail === undefined ? {} : { detail: row.detail }),
  }
}
