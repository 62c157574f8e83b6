// Everything that follows from a new state without being an effect of it: the picture on the
// screen, the journal, the status file, the pace of ticks, and marks of time. It changes no state.

import type { Happening } from '../machine/event.ts'
import { seatedOf } from '../machine/moves.ts'
import type { State } from '../machine/state.ts'
import { view } from '../machine/view.ts'
import type { AloneStatus } from '../offline/alone-port.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { ScreenPort } from '../screen/screen-port.ts'
import type { Journal } from './journal.ts'
import type { StageTimes } from './times/stage-times.ts'
import { aliveEveryMs } from './status-file.ts'
import type { AgentStatus, StatusFile } from './status-file.ts'
import { Ticker } from './times/ticker.ts'

export interface StateFollowerNeeds {
  readonly screen: Pick<ScreenPort, 'show'>
  readonly journal: Journal
  readonly statusFile: StatusFile
  readonly stages: StageTimes
  readonly clock: Clock
  readonly log: Log
  readonly agentVersion: string
  readonly post: (happening: Happening) => void
  readonly alone: () => AloneStatus | undefined
  readonly sensors: () => AgentStatus['sensors']
}

const statusSoonMs = 50

export class StateFollower {
  readonly #needs: StateFollowerNeeds
  readonly #ticker: Ticker
  readonly #startedMs: number
  #state: State | undefined
  #shown = ''
  #written = ''
  #forgetAlive: () => void = () => undefined
  /** While one is about to be written. */
  #forgetStatus: (() => void) | undefined

  constructor(needs: StateFollowerNeeds) {
    this.#needs = needs
    this.#ticker = new Ticker(needs.clock, needs.post)
    this.#startedMs = Math.round(needs.clock.wallMs())
  }

  begin(state: State): void {
    this.#state = state
    this.#ticker.follow(state)
    this.picture(state, this.#needs.clock.monoMs())
    this.#stayAlive()
  }

  /** No picture twice in a row. */
  picture(state: State, nowMs: number): void {
    const picture = view(state, nowMs)
    const text = JSON.stringify(picture)
    if (text === this.#shown) return
    this.#shown = text
    this.#needs.screen.show(picture)
  }

  follow(now: State, before: State, nowMs: number): void {
    this.#state = now
    this.#markStages(now, before, nowMs)
    const seated = seatedOf(now.phase)?.sessionId
    // Before the chart is asked for, so that a crash in between is known about.
    if (seated !== seatedOf(before.phase)?.sessionId) {
      this.#attempt('journal', () => {
        this.#needs.journal.note(seated)
      })
    }
    this.#ticker.follow(now)
    this.#writeStatusSoon()
  }

  stop(): void {
    this.#ticker.stop()
    this.#forgetAlive()
    this.#forgetStatus?.()
    this.#attempt('status', () => {
      this.#needs.statusFile.remove()
    })
  }

  #markStages({ phase }: State, before: State, nowMs: number): void {
    if (phase.kind === before.phase.kind) return
    if (phase.kind === 'entering-pin') this.#needs.stages.mark('pin-asked', nowMs)
    if (phase.kind === 'opening') this.#needs.stages.mark('broker', nowMs)
  }

  #stayAlive(): void {
    this.#written = ''
    if (this.#state) this.#writeStatus(this.#state)
    this.#forgetAlive = this.#needs.clock.after(aliveEveryMs, () => {
      this.#stayAlive()
    })
  }

  /** A disk that is slow must not keep a chart waiting; nobody looks at the status so soon. */
  #writeStatusSoon(): void {
    this.#forgetStatus ??= this.#needs.clock.after(statusSoonMs, () => {
      this.#forgetStatus = undefined
      if (this.#state) this.#writeStatus(this.#state)
    })
  }

  #writeStatus({ phase, surroundings }: State): void {
    const { agentVersion, clock, statusFile } = this.#needs
    const alone = this.#needs.alone()
    const sensors = this.#needs.sensors()
    const { place, reader, link, browser, linkDownSinceMs: since } = surroundings
    const status = {
      version: 1,
      agentVersion,
      startedMs: this.#startedMs,
      isLocked: seatedOf(phase) === undefined,
      place,
      reader,
      link,
      browser,
      ...(since === undefined ? {} : { linkDownSinceMs: Math.round(since) }),
      ...(sensors ? { sensors } : {}),
      ...(alone ? { alone } : {}),
    } as const
    const text = JSON.stringify(status)
    if (text === this.#written) return
    this.#written = text
    this.#attempt('status', () => {
      statusFile.write({ ...status, atMs: Math.round(clock.wallMs()) })
    })
  }

  /** A disk that is full must not keep a screen from locking. */
  #attempt(what: string, act: () => void): void {
    try {
      act()
    } catch (thrown) {
      const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
      this.#needs.log.error('agent.not-written', { kind: what, reason })
    }
  }
}
