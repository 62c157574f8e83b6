// Another's badge on a screen in use: who works here says whether it goes. Neither answer has the
// focus, so that somebody who types on answers nothing by it.

import { secondsOf, useLeftMs } from '../page-time.ts'
import type { SceneOf, SceneProps } from './scene-props.ts'

type Props = SceneProps<SceneOf<'handing-over'>>

export function HandingOver({ catalogue, scene, surroundings, act }: Props) {
  const leftMs = useLeftMs(scene.leftMs)
  const name = surroundings.publicView ? undefined : scene.name
  return (
    <div>
      <div role="alert">
        <h1>{catalogue.otherBadge}</h1>
        <p class="lead">{catalogue.stillSignedIn(name)}.</p>
      </div>
      <p class="choices choices-large">
        <button
          type="button"
          class="main-choice"
          onClick={() => {
            act({ kind: 'kept' })
          }}
        >
          {catalogue.keepWorking}
        </button>
        <button
          type="button"
          onClick={() => {
            act({ kind: 'let-go' })
          }}
        >
          {catalogue.letGo}
        </button>
      </p>
      <p class="quiet">{catalogue.handsOverIn(secondsOf(leftMs))}.</p>
    </div>
  )
}
