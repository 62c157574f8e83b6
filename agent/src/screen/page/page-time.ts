// Time as the page counts it, between one picture and the next: what runs out, of which the agent
// says how much is left and never when, and the beat of what moves. It only shows.

import { useEffect, useRef, useState } from 'preact/hooks'

const stepMs = 200
/** The same minute, as the page shows it. */
const pastSlackMs = 1000

/** How much is left now, from the newest word about it. */
export function useLeftMs(saidMs: number): number {
  const said = useRef({ ms: saidMs, atMs: performance.now() })
  if (said.current.ms !== saidMs) said.current = { ms: saidMs, atMs: performance.now() }
  const [, draw] = useState(0)
  // One timer for as long as it is drawn: pictures come more often than it strikes.
  useEffect(() => {
    const timer = setInterval(() => {
      draw((count) => count + 1)
    }, stepMs)
    return () => {
      clearInterval(timer)
    }
  }, [])
  return Math.max(0, said.current.ms - (performance.now() - said.current.atMs))
}

/** In whole seconds, as people count them: the last one is still one. */
export function secondsOf(leftMs: number): number {
  return Math.ceil(leftMs / 1000)
}

/** By a clock that was set back since, it is yet to come: nobody knows then since when. */
export function pastOrNone(sinceMs: number | undefined, nowMs: number): number | undefined {
  return sinceMs === undefined || sinceMs > nowMs + pastSlackMs ? undefined : sinceMs
}

/**
 * How many times it has struck since it was drawn; never where a person wants no movement. What
 * moves by a stylesheet is drawn sixty times a second: where a browser draws without a graphics
 * card, a waiting lock screen took half a core so, and a chart that opened took its time from it.
 */
export function useBeat(everyMs: number): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const timer = setInterval(() => {
      setCount((before) => before + 1)
    }, everyMs)
    return () => {
      clearInterval(timer)
    }
  }, [everyMs])
  return count
}
