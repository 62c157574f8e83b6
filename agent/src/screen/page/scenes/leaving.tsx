// Fading: a shrinking ring and what brings the screen back. Any input of hers stops it.

import { useEffect, useState } from 'preact/hooks'
import type { SceneOf, SceneProps } from './scene-props.ts'

const stepMs = 200
const radius = 54
const around = 2 * Math.PI * radius

export function Leaving({ catalogue, scene, act }: SceneProps<SceneOf<'leaving'>>) {
  const [leftMs, setLeftMs] = useState(scene.leftMs)
  useEffect(() => {
    const began = performance.now()
    const timer = setInterval(() => {
      setLeftMs(Math.max(0, scene.leftMs - (performance.now() - began)))
    }, stepMs)
    return () => {
      clearInterval(timer)
    }
  }, [scene.leftMs])
  useEffect(() => {
    const stay = (): void => {
      act({ kind: 'stayed' })
    }
    addEventListener('keydown', stay)
    addEventListener('pointerdown', stay)
    return () => {
      removeEventListener('keydown', stay)
      removeEventListener('pointerdown', stay)
    }
  }, [])
  const share = scene.leftMs === 0 ? 0 : leftMs / scene.leftMs
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
          {Math.ceil(leftMs / 1000)}
        </text>
      </svg>
      <h1>{catalogue.stillThere}</h1>
      <p class="lead">{catalogue.stayHint}.</p>
      <p class="sr-only">{catalogue.secondsLeft(Math.ceil(scene.leftMs / 1000))}</p>
    </div>
  )
}
