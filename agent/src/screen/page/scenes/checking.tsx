// A card was seen, or a PIN was sent. Answers at once; after a second it says that it still checks,
// after four what else can be done: never a spinner without an end.

import { useEffect, useState } from 'preact/hooks'
import { BadgeMark } from '../badge-mark.tsx'
import type { SceneOf, SceneProps } from './scene-props.ts'

const stillMs = 1000
const elseMs = 4000

export function Checking({ catalogue, scene }: SceneProps<SceneOf<'checking'>>) {
  const [phase, setPhase] = useState<'at-once' | 'still' | 'else'>('at-once')
  useEffect(() => {
    const timers = [
      setTimeout(() => {
        setPhase('still')
      }, stillMs),
      setTimeout(() => {
        setPhase('else')
      }, elseMs),
    ]
    return () => {
      timers.forEach(clearTimeout)
    }
  }, [])
  const first = scene.what === 'badge' ? catalogue.reading : catalogue.checkingPin
  return (
    <div role="status">
      <BadgeMark isSeen />
      <h1>{phase === 'at-once' ? first : catalogue.stillChecking}</h1>
      <p class="quiet">{phase === 'else' ? catalogue.stillCheckingNext : '\u00a0'}</p>
    </div>
  )
}
