// What is to be done about a badge or a PIN: few, large, none chosen before a person chooses.

import { secondsOf, useLeftMs } from '../page-time.ts'
import { useKeys } from '../use-keys.ts'
import type { SceneOf, SceneProps } from './scene-props.ts'

type Props = SceneProps<SceneOf<'choosing-errand'>>

export function ChoosingErrand({ catalogue, scene, act }: Props) {
  const leftMs = useLeftMs(scene.leftMs)
  const back = (): void => {
    act({ kind: 'errand-cancelled' })
  }
  useKeys({ Escape: back })
  return (
    <div class="asking">
      <div role="status">
        <h1>{catalogue.errands.help}</h1>
      </div>
      <div class="reasons">
        {scene.errands.map((errand) => (
          <button
            key={errand}
            type="button"
            class="reason"
            data-testid={`errand-${errand}`}
            onClick={() => {
              act({ kind: 'errand-chosen', errand })
            }}
          >
            {catalogue.errands.titles[errand]}
          </button>
        ))}
      </div>
      <p class="foot-line">
        <button type="button" onClick={back}>
          {catalogue.back}
        </button>
        <span class="quiet">{catalogue.closesIn(secondsOf(leftMs))}.</span>
      </p>
    </div>
  )
}
