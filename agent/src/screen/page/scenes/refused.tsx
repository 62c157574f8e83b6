// Refused: what happened, what to do next, and a code to quote. Never which half was wrong.

import { useEffect, useState } from 'preact/hooks'
import type { SceneOf, SceneProps } from './scene-props.ts'

export function Refused({ catalogue, scene, act }: SceneProps<SceneOf<'refused'>>) {
  const [leftMs, setLeftMs] = useState(scene.retryAfterMs ?? 0)
  useEffect(() => {
    const timer = setInterval(() => {
      setLeftMs((ms) => Math.max(0, ms - 1000))
    }, 1000)
    return () => {
      clearInterval(timer)
    }
  }, [])
  const advice = catalogue.refusals[scene.code]
  return (
    <div role="alert">
      <h1>{advice.what}</h1>
      <p class="lead">{advice.next}.</p>
      {leftMs > 0 && <p class="quiet">{catalogue.tryAgainIn(Math.ceil(leftMs / 1000))}.</p>}
      {scene.quote !== undefined && <p class="quiet">{catalogue.quote(scene.quote)}</p>}
      <p class="choices">
        {scene.errands.map((errand) => (
          <button
            key={errand}
            type="button"
            class="main-choice"
            data-testid={`errand-${errand}`}
            onClick={() => {
              act({ kind: 'errand-chosen', errand })
            }}
          >
            {catalogue.errands.titles[errand]}
          </button>
        ))}
        <button
          type="button"
          onClick={() => {
            act({ kind: 'dismissed' })
          }}
        >
          {catalogue.ok}
        </button>
      </p>
    </div>
  )
}
