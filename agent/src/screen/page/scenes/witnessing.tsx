// A colleague is asked for: whose badge says that it is she who asks for emergency access.

import { BadgeMark } from '../badge-mark.tsx'
import { secondsOf, useLeftMs } from '../page-time.ts'
import { useKeys } from '../use-keys.ts'
import type { SceneOf, SceneProps } from './scene-props.ts'

export function Witnessing({ catalogue, scene, act }: SceneProps<SceneOf<'witnessing'>>) {
  const leftMs = useLeftMs(scene.leftMs)
  const cancel = (): void => {
    act({ kind: 'cancelled', tapId: scene.tapId })
  }
  useKeys({ Escape: cancel })
  return (
    <div>
      <div role="status">
        <p class="emergency-tag">{catalogue.emergencyAccess}</p>
        <BadgeMark isSeen={scene.isAsking} />
        <h1>{scene.isAsking ? catalogue.reading : catalogue.witnessTitle}</h1>
        <p class={scene.again ? 'lead wrong' : 'lead'}>
          {scene.again ? catalogue.witnessAgain : catalogue.witnessFor(scene.name)}.
        </p>
      </div>
      <p class="choices">
        <button type="button" onClick={cancel}>
          {catalogue.back}
        </button>
      </p>
      <p class="quiet">{catalogue.closesIn(secondsOf(leftMs))}.</p>
    </div>
  )
}
