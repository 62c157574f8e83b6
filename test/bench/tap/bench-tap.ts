// npm run bench -- tap: what a tap costs beside the least that does the same on the wire, and
// whether PINs get in its way. Floors and product take turns in one run.

import { loadavg } from 'node:os'
import { badgeBesidePins } from './badge-beside-pins.ts'
import type { BesidePins } from './badge-beside-pins.ts'
import { idleCostKb, startFloor, startProduct } from './broker-process.ts'
import { argonMs, flushesMs, groupCommitRate, inScratch, quantile } from './floors.ts'
import type { LoadResult } from './open-loop.ts'
import { recordRate } from './record-rate.ts'
import { measureTaps } from './tap-load.ts'
import type { Measured } from './tap-load.ts'

interface Plan {
  readonly stations: number
  readonly perSecond: number
  readonly seconds: number
  readonly pairs: number
  readonly pinQueueMax: number
  readonly pinTurns: number
  readonly recordTurns: number
  readonly idle: number
}

const whole: Plan = {
  stations: 200,
  perSecond: 1000,
  seconds: 5,
  pairs: 5,
  pinQueueMax: 100,
  pinTurns: 5,
  recordTurns: 5,
  idle: 600,
}
const short: Plan = {
  stations: 40,
  perSecond: 200,
  seconds: 1,
  pairs: 2,
  pinQueueMax: 12,
  pinTurns: 2,
  recordTurns: 1,
  idle: 40,
}

/** The product's default. */
const pinThreads = 1
/** Beside PINs a badge tap must be alone in most of its milliseconds, or it waits for its like. */
const badgePerSecond = 200
/** What the hashing threads can do, taken so many times, keeps their queue full. */
const pinsOverCapacity = 2
const outstanding = 256

export async function benchTap(args: readonly string[]): Promise<object> {
  const plan = args.includes('--short') ? short : whole
  say(`load average ${loadavg().map(twoPlaces).join(' ')}`)
  const argon2idCpuMs = argonMs(10)
  const taps = await besideFloors(plan, argon2idCpuMs)
  const idleAgentKb = await idleCostKb(plan.idle)
  const record = await recordBesideGroupCommit(plan.recordTurns)
  say(`load average ${loadavg().map(twoPlaces).join(' ')}`)
  return {
    figures: { ...taps.figures, recordPerSecond: record.product },
    floors: { ...taps.floors, groupCommitPerSecond: record.floor, argon2idCpuMs },
    ratios: { ...taps.ratios, recordRate: record.product / record.floor },
    idleAgentKb,
  }
}

async function besideFloors(plan: Plan, argon2idCpuMs: number) {
  const { stations, perSecond, seconds } = plan
  const echo = await startFloor('echo', stations)
  const floor = await startFloor('floor', stations)
  const pinStations = 2 * plan.pinQueueMax + 20
  const { pinQueueMax } = plan
  const product = await startProduct({ stations, pinStations, pinThreads, pinQueueMax })
  const windows = { echo: [] as Measured[], floor: [] as Measured[], product: [] as Measured[] }
  const flushes: number[] = []
  // The first round warms all three up and is not counted.
  for (let pair = 0; pair <= plan.pairs; pair++) {
    const e = await measureTaps(echo, perSecond, seconds, pair + 1, 'tap')
    const f = await measureTaps(floor, perSecond, seconds, pair + 1)
    const p = await measureTaps(product, perSecond, seconds, pair + 1)
    const flushed = inScratch((folder) => flushesMs(folder, 0.3))
    if (pair === 0) continue
    flushes.push(...flushed)
    windows.echo.push(e)
    windows.floor.push(f)
    windows.product.push(p)
    say(`echo    ${tell(e)}`)
    say(`floor   ${tell(f)}`)
    say(`product ${tell(p)}`)
  }
  await echo.stop()
  await floor.stop()
  const capacity = (pinThreads * 1000) / argon2idCpuMs
  const pins = await badgeBesidePins(product, {
    perSecond: badgePerSecond,
    seconds: seconds * 1.5,
    turns: plan.pinTurns,
    pinsPerSecond: Math.round(pinsOverCapacity * capacity),
    pinThreads,
    pinQueueMax,
  })
  tellPins(pins)
  await product.stop()
  return summary(plan, windows, flushes, pins)
}

function summary(
  { perSecond, stations }: Plan,
  windows: Record<'echo' | 'floor' | 'product', readonly Measured[]>,
  flushes: readonly number[],
  pins: BesidePins,
) {
  const echo = midst(windows.echo)
  const floor = midst(windows.floor)
  const product = midst(windows.product)
  const idle = midst(pins.idle)
  const full = midst(pins.full)
  const flushP50Ms = quantile(flushes, 0.5)
  const flushP99Ms = quantile(flushes, 0.99)
  const all = [...windows.product, ...pins.idle, ...pins.full]
  return {
    figures: {
      perSecond,
      stations,
      cpuMsPerTap: product.cpuMsPerTap,
      tapP50Ms: product.p50Ms,
      tapP99Ms: product.p99Ms,
      unanswered: sumOf(all.map(({ load }) => load.sent - load.answered)),
      notAdmitted: sumOf(all.map(({ wrong }) => wrong)),
      generatorLateP99Ms: product.lateP99Ms,
      badgeP99IdleMs: idle.p99Ms,
      badgeP99WhilePinQueueFullMs: full.p99Ms,
      badgeP50IdleMs: idle.p50Ms,
      badgeP50WhilePinQueueFullMs: full.p50Ms,
      ...pins.figures,
    },
    floors: {
      cpuMsPerTap: floor.cpuMsPerTap,
      floorBrokerP50Ms: floor.p50Ms,
      floorBrokerP99Ms: floor.p99Ms,
      echoP50Ms: echo.p50Ms,
      echoP99Ms: echo.p99Ms,
      flushP50Ms,
      flushP99Ms,
    },
    ratios: {
      cpuPerTap: product.cpuMsPerTap / floor.cpuMsPerTap,
      tapP50: product.p50Ms / (echo.p50Ms + flushP50Ms),
      tapP99: product.p99Ms / (echo.p99Ms + flushP99Ms),
      badgeP99WhilePinQueueFull: median(
        pins.full.map(({ load }, turn) => load.p99Ms / (pins.idle[turn]?.load.p99Ms ?? Number.NaN)),
      ),
    },
  }
}

/** In turns, so that both meet the same machine. */
async function recordBesideGroupCommit(turns: number): Promise<{ floor: number; product: number }> {
  const seconds = 1
  const floor: number[] = []
  const product: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    floor.push(inScratch((folder) => groupCommitRate(folder, seconds, outstanding)))
    product.push(await recordRate(seconds, outstanding))
    say(`record  ${product.at(-1)?.toFixed(0) ?? ''} of ${floor.at(-1)?.toFixed(0) ?? ''} a second`)
  }
  return { floor: median(floor), product: median(product) }
}

type Midst = Pick<LoadResult, 'p50Ms' | 'p99Ms' | 'lateP99Ms'> & { readonly cpuMsPerTap: number }

/** The median of each figure over the windows. */
function midst(windows: readonly Measured[]): Midst {
  return {
    p50Ms: median(windows.map(({ load }) => load.p50Ms)),
    p99Ms: median(windows.map(({ load }) => load.p99Ms)),
    lateP99Ms: median(windows.map(({ load }) => load.lateP99Ms)),
    cpuMsPerTap: median(windows.map(({ cpuMs, load }) => cpuMs / load.answered)),
  }
}

function tellPins({ idle, full, figures }: BesidePins): void {
  for (const window of idle) say(`alone   ${tell(window)}`)
  for (const window of full) say(`pins    ${tell(window)}`)
  const { pinsOffered, pinsChecked, pinsShed, pinQueueMean, pinQueueMax } = figures
  const known = figures.pinShareOfBrokerCpu
  const share = known === null ? 'an unknown share' : `${(known * 100).toFixed(0)} %`
  say(
    `PINs: ${String(pinsOffered)} offered, ${String(pinsChecked)} checked, ${String(pinsShed)} ` +
      `shed; ${pinQueueMean.toFixed(0)} in a queue of ${String(pinQueueMax)}; ` +
      `${share} of the broker's CPU`,
  )
}

const median = (values: readonly number[]): number => quantile(values, 0.5)
const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const twoPlaces = (value: number): string => value.toFixed(2)
const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
const tell = ({ load, cpuMs }: Measured): string =>
  `p50 ${twoPlaces(load.p50Ms)} p99 ${twoPlaces(load.p99Ms)} max ${twoPlaces(load.maxMs)} ms, ` +
  `${String(load.answered)} of ${String(load.sent)} answered, ` +
  `${(cpuMs / load.answered).toFixed(3)} ms CPU a tap, late p99 ${twoPlaces(load.lateP99Ms)} ms`
