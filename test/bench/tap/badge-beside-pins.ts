// Badge taps alone, and beside more PINs than the hashing threads can ever check, in turns: what
// those who need no PIN lose by those who do.

import { cpus } from 'node:os'
import { askQueue } from './broker-process.ts'
import type { Running } from './broker-process.ts'
import { quantile } from './floors.ts'
import { measureTaps, PinLoad } from './tap-load.ts'
import type { Measured } from './tap-load.ts'
import { politeThreadsCpuMs } from './thread-cpu.ts'

export interface BesidePins {
  /** Of each turn, in order. */
  readonly idle: readonly Measured[]
  readonly full: readonly Measured[]
  readonly figures: {
    readonly badgePerSecond: number
    readonly pinsPerSecondOffered: number
    readonly pinsOffered: number
    readonly pinsChecked: number
    readonly pinsShed: number
    readonly pinsOtherwise: number
    readonly pinsSkipped: number
    readonly pinQueueMax: number
    readonly pinQueueMean: number
    /** Of what the broker used; nothing where the system does not tell of threads. */
    readonly pinShareOfBrokerCpu: number | null
    /** Of what the machine has. */
    readonly pinShareOfMachine: number | null
  }
}

export interface BesidePinsPlan {
  readonly perSecond: number
  readonly seconds: number
  readonly turns: number
  readonly pinsPerSecond: number
  readonly pinThreads: number
  readonly pinQueueMax: number
}

const fillMaxMs = 5000

export async function badgeBesidePins(at: Running, plan: BesidePinsPlan): Promise<BesidePins> {
  const { perSecond, seconds, pinThreads, pinQueueMax } = plan
  const idle: Measured[] = []
  const full: Measured[] = []
  const means: number[] = []
  const sum = { offered: 0, checked: 0, shed: 0, otherwise: 0, skipped: 0 }
  const pinCpuMs: number[] = []
  for (let turn = 0; turn < plan.turns; turn++) {
    idle.push(await measureTaps(at, perSecond, seconds, turn + 11))
    const pins = new PinLoad(at, plan.pinsPerSecond, pinQueueMax + pinThreads)
    await untilFull(at, pinQueueMax)
    const before = { ...pins.counts }
    const cpuBefore = politeThreadsCpuMs(at.child.pid ?? 0)
    full.push(await measureTaps(at, perSecond, seconds, turn + 11))
    const cpuAfter = politeThreadsCpuMs(at.child.pid ?? 0)
    if (cpuBefore !== undefined && cpuAfter !== undefined) pinCpuMs.push(cpuAfter - cpuBefore)
    means.push((await askQueue(at.child)).mean)
    // Those of the window: what fills the queue before it and drains it after is not counted.
    for (const key of Object.keys(sum) as (keyof typeof sum)[])
      sum[key] += pins.counts[key] - before[key]
    await pins.stop()
  }
  const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
  const isKnown = pinCpuMs.length > 0
  const wallMs = total(full.map((window) => window.seconds)) * 1000
  return {
    idle,
    full,
    figures: {
      badgePerSecond: perSecond,
      pinsPerSecondOffered: plan.pinsPerSecond,
      pinsOffered: sum.offered,
      pinsChecked: sum.checked,
      pinsShed: sum.shed,
      pinsOtherwise: sum.otherwise,
      pinsSkipped: sum.skipped,
      pinQueueMax,
      pinQueueMean: quantile(means, 0.5),
      pinShareOfBrokerCpu: isKnown ? total(pinCpuMs) / total(full.map(({ cpuMs }) => cpuMs)) : null,
      pinShareOfMachine: isKnown ? total(pinCpuMs) / wallMs / cpus().length : null,
    },
  }
}

/**
 * The mean depth is counted from here. Where it does not fill in time, the broker is too slow even to
 * ask for PINs, and the mean says so.
 */
async function untilFull(at: Running, pinQueueMax: number): Promise<void> {
  const untilMs = performance.now() + fillMaxMs
  while ((await askQueue(at.child)).now < pinQueueMax && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
