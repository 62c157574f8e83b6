// How old what is shown is: quiet while it is fresh, and plain when it is not.

import { useEffect, useState } from 'react'
import { Stamp } from '../../parts/time/zone-choice.tsx'

const staleMs = 15_000

interface Props {
  readonly atMs: number
  /** When the last try failed; 0 where none did. */
  readonly failedMs: number
  readonly onRetry: () => void
}

export function Freshness({ atMs, failedMs, onRetry }: Props) {
  const [nowMs, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now())
    }, 1000)
    return () => {
      clearInterval(timer)
    }
  }, [])
  const isStale = failedMs > atMs || nowMs - atMs > staleMs
  return (
    <p className={isStale ? 'wk-fresh wk-stale' : 'wk-fresh'} role={isStale ? 'alert' : undefined}>
      {isStale ? (
        <>
          Not refreshed since <Stamp ms={atMs} form="clock" />: what you see may be over.{' '}
          <button type="button" className="wk-link" onClick={onRetry}>
            Try now
          </button>
        </>
      ) : (
        <>
          Refreshed <Stamp ms={atMs} form="clock" />
        </>
      )}
    </p>
  )
}
