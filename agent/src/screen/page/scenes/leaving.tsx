// Fading: a shrinking ring and what brings the screen back. Where nobody was there any input of
// hers stops it; where her badge signed out, only her badge does.

import { useEffect, useState } from 'preact/hooks'
import { secondsOf, useLeftMs } from '../page-time.ts'
import type { SceneOf, SceneProps } from './scene-props.ts'

const radius = 54
const around = 2 * Math.PI * radius

export function Leaving({ catalogue, scene, act }: SceneProps<SceneOf<'leaving'>>) {
  const isTapOut = scene.because === 'tap-out'
  const leftMs = useLeftMs(scene.leftMs)
  // The whole of it is what was left when it began.
  const [wholeMs] = useState(scene.leftMs)
  useEffect(() => {
    if (isTapOut) return
    const stay = (): void => {
      act({ kind: 'stayed' })
    }
    addEventListener('keydown', stay)
    addEventListener('pointerdown', stay)
    return () => {
      removeEventListener('keydown', stay)
      removeEventListener('pointerdown', stay)
    }
  }, [isTapOut])
  const share = wholeMs === 0 ? 0 : Math.min(1, leftMs / wholeMs)
  const { name } = scene
  return (
    <div role="alert">
      <svg class="ring" viewBox="0 0 120 120" aria-hidden="true">
        <circle class="ring-bed" cx="60" cy="60" r={radius} />
        <circle
          class="ring-left"
          cx="60"
          cy="60"
          r={radius}
          stroke-dasharray={`${String(around * share)} ${String(around)}`}
        />
        <text x="60" y="72">
          {secondsOf(leftMs)}
        </text>
      </svg>
      <h1>{isTapOut ? catalogue.signingOut(name) : catalogue.stillThere(name)}</h1>
      <p class="lead">{isTapOut ? catalogue.tapToStay : catalogue.stayHint}.</p>
      <p class="sr-only">{catalogue.secondsLeft(secondsOf(wholeMs))}</p>
    </div>
  )
}
