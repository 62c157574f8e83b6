// The hard moments of one demo workstation, done to the agent from outside as life does them: a
// sensor that sees her go, a reader that is pulled out, a clock that is set, minutes that pass.

import { setTimeout as pause } from 'node:timers/promises'
import type { State } from '@wardkey/agent/machine/state'
import type { RunningAgent } from '@wardkey/agent/start-agent'
import type { SimulatedHand } from '@wardkey/agent/readers/simulated/simulated-source'
import type { DemoClock } from './demo-clock.ts'
import type { StationAround } from '../demo-messages.ts'
import type { DemoSensor } from './demo-sensor.ts'
import type { Screencast } from '../screencast.ts'
import type { WorkstationMoment } from '../workstation-messages.ts'

type Around = Omit<StationAround, 'isCut'>

export interface HardMomentsNeeds {
  readonly agent: Pick<RunningAgent, 'state'>
  readonly hand: Pick<SimulatedHand, 'do'>
  readonly clock: DemoClock
  readonly sensor: Pick<DemoSensor, 'isNear' | 'sense' | 'stop'>
  readonly screencast: Pick<Screencast, 'touch' | 'press'>
  readonly onAround: (around: Around) => void
}

const tenMinutesMs = 600_000
const hourMs = 3_600_000
const lookEveryMs = 200

/** The machine gives each of these up by itself before long. */
function isUnderWay({ kind }: State['phase']): boolean {
  return kind === 'asking' || kind === 'checking-pin' || kind === 'opening'
}

export class HardMoments {
  readonly #needs: HardMomentsNeeds
  readonly #looking: NodeJS.Timeout
  #told = ''
  #isUnplugged = false
  #isHurried = false
  #isStopped = false

  constructor(needs: HardMomentsNeeds) {
    this.#needs = needs
    this.#looking = setInterval(() => {
      this.#tell()
    }, lookEveryMs)
  }

  get around(): Around {
    const { agent, clock, sensor } = this.#needs
    const { phase, surroundings } = agent.state
    const isAsked = ['locked', 'refused', 'entering-pin'].includes(phase.kind)
    return {
      isAway: !sensor.isNear,
      isUnplugged: this.#isUnplugged,
      isClockForward: clock.aheadMs > 0,
      isHurried: this.#isHurried,
      mayForgetBadge: surroundings.hasEmergency && isAsked,
      phase: phase.kind,
    }
  }

  happen(moment: WorkstationMoment): void {
    const { clock, hand, screencast, sensor } = this.#needs
    switch (moment) {
      case 'walk-away':
        sensor.sense(false)
        break
      case 'come-back':
        sensor.sense(true)
        // A sensor could see anybody: it is her hand that takes a fading screen back.
        void screencast.touch().catch(() => undefined)
        break
      case 'unplug-reader':
      case 'plug-reader':
        this.#isUnplugged = moment === 'unplug-reader'
        hand.do({ kind: this.#isUnplugged ? 'unplug' : 'plug' })
        break
      case 'clock-forward':
      case 'clock-back':
        clock.aheadMs = moment === 'clock-forward' ? hourMs : 0
        break
      case 'ten-minutes':
        void this.#hurry()
        break
      case 'forgot-badge':
        if (this.around.mayForgetBadge) void screencast.press('emergency').catch(() => undefined)
    }
    this.#tell()
  }

  /** Whoever taps or types is there, and the sensor sees it. */
  noteSomebody(): void {
    const { sensor } = this.#needs
    if (sensor.isNear) return
    sensor.sense(true)
    this.#tell()
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#looking)
    this.#needs.sensor.stop()
  }

  /**
   * Until something begins that a person is to see: that goes at its own pace. So does what a
   * broker or a browser is about now: in minutes that pass at once it would never have come.
   */
  async #hurry(): Promise<void> {
    if (this.#isHurried) return
    const { agent, clock } = this.#needs
    this.#isHurried = true
    while (!this.#isStopped && isUnderWay(agent.state.phase)) await pause(lookEveryMs)
    const began = agent.state.phase.kind
    await clock.pass(tenMinutesMs, () => this.#isStopped || agent.state.phase.kind !== began)
    this.#isHurried = false
    this.#tell()
  }

  #tell(): void {
    const { around } = this
    const text = JSON.stringify(around)
    if (text === this.#told) return
    this.#told = text
    this.#needs.onAround(around)
  }
}
