// How long a broker may say nothing before it counts as gone, and how often it is asked for a sign
// of life: soon enough that a zone's own limit is kept. Pure.

export interface Silence {
  readonly pingEveryMs: number
  /** A broker that says nothing for longer is gone, whatever TCP believes. */
  readonly maxMs: number
}

const usual: Silence = { pingEveryMs: 10_000, maxMs: 25_000 }
/** Oftener would be more pings than taps; a broker that is busy may answer this late. */
const least: Silence = { pingEveryMs: 1000, maxMs: 3000 }

/**
 * A wire that is cut without a word shows at the first look after `maxMs`: before `staleMs` is over,
 * so that a screen in a zone with a short limit locks at its limit, and not when somebody notices.
 */
export function silenceFor(staleMs = Infinity): Silence {
  return {
    pingEveryMs: Math.max(least.pingEveryMs, Math.min(usual.pingEveryMs, staleMs / 4)),
    maxMs: Math.max(least.maxMs, Math.min(usual.maxMs, staleMs / 2)),
  }
}
