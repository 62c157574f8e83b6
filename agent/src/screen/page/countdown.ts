// Time that runs out, counted in the page between one picture and the next: the agent says how much
// is left, and never when. It only shows; what happens at the end is the agent's.

import { useEffect, useRef, useState } from 'preact/hooks'

const stepMs = 200

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
