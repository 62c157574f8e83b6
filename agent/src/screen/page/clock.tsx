// The time of day, quiet, in the person's own way of writing it.

import { useEffect, useState } from 'preact/hooks'

const stepMs = 1000

export function Clock() {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(new Date())
    }, stepMs)
    return () => {
      clearInterval(timer)
    }
  }, [])
  return (
    <time class="clock" dateTime={now.toISOString()}>
      {timeOfDay(now)}
    </time>
  )
}

export function timeOfDay(at: Date): string {
  return at.toLocaleTimeString(document.documentElement.lang, {
    hour: '2-digit',
    minute: '2-digit',
  })
}
