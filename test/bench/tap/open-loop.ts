// Load that does not wait for answers: a drawn schedule, and latency counted from when a tap should
// have been sent. Late sending counts against the result, and an answer that never comes counts
// most.

import { build } from 'hdr-histogram-js'
import type { Histogram } from 'hdr-histogram-js'

export interface LoadTarget {
  /** Sends one tap and calls back when its answer is here. */
  send(onAnswer: () => void): void
}

export interface LoadResult {
  readonly sent: number
  readonly answered: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** How late the generator itself was; a window with much of it says nothing. */
  readonly lateP99Ms: number
}

/** A small generator with a seed: the same schedule for every target (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const drainMs = 5000
/** A timer may come so late; what is left of a wait is spun away. */
const timerLateMs = 1.2

/** A generator that spins all the time takes a core away from what it measures. */
function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms > timerLateMs + 1) setTimeout(resolve, ms - timerLateMs)
    else setImmediate(resolve)
  })
}

/** Poisson arrivals at `perSecond` for `seconds`. */
export async function openLoop(
  target: LoadTarget,
  perSecond: number,
  seconds: number,
  seed: number,
): Promise<LoadResult> {
  const random = seeded(seed)
  const latency = build({ numberOfSignificantValueDigits: 3 })
  const late = build({ numberOfSignificantValueDigits: 3 })
  const beganMs = performance.now()
  let nextMs = 0
  let sent = 0
  let answered = 0
  while (nextMs < seconds * 1000) {
    const nowMs = performance.now() - beganMs
    if (nowMs < nextMs) {
      await wait(nextMs - nowMs)
      continue
    }
    const intendedMs = beganMs + nextMs
    late.recordValue(micros(performance.now() - intendedMs))
    target.send(() => {
      answered += 1
      latency.recordValue(micros(performance.now() - intendedMs))
    })
    sent += 1
    nextMs += (-Math.log(1 - random()) * 1000) / perSecond
  }
  const untilMs = performance.now() + drainMs
  while (answered < sent && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  // What was never answered is as slow as the whole wait, and is not left out.
  for (let n = answered; n < sent; n++) latency.recordValue(micros(drainMs + seconds * 1000))
  return {
    sent,
    answered,
    p50Ms: at(latency, 50),
    p90Ms: at(latency, 90),
    p99Ms: at(latency, 99),
    maxMs: latency.maxValue / 1000,
    lateP99Ms: at(late, 99),
  }
}

const micros = (ms: number): number => Math.max(1, Math.round(ms * 1000))
const at = (histogram: Histogram, percentile: number): number =>
  histogram.getValueAtPercentile(percentile) / 1000
