// Picks what is drawn for each scene. One heading each: the one large thing.

import { useBeat } from '../page-time.ts'
import { Checking } from './checking.tsx'
import { ChoosingErrand } from './choosing-errand.tsx'
import { ChoosingReason } from './choosing-reason.tsx'
import { ErrandScene } from './errand-scene.tsx'
import { HandingOver } from './handing-over.tsx'
import { Identifying } from './identifying.tsx'
import { Leaving } from './leaving.tsx'
import { Locked } from './locked.tsx'
import { PinScene } from './pin-scene.tsx'
import { Refused } from './refused.tsx'
import type { SceneProps } from './scene-props.ts'
import { Signing } from './signing.tsx'
import { Witnessing } from './witnessing.tsx'

export function SceneView({ scene, ...rest }: SceneProps) {
  switch (scene.kind) {
    case 'locked':
      return <Locked scene={scene} {...rest} />
    case 'checking':
      return <Checking key={scene.tapId + scene.what} scene={scene} {...rest} />
    case 'pin':
      return <PinScene key={scene.tapId} scene={scene} {...rest} />
    case 'choosing-reason':
      return <ChoosingReason scene={scene} {...rest} />
    case 'identifying':
      return <Identifying scene={scene} {...rest} />
    case 'witnessing':
      return <Witnessing key={scene.tapId} scene={scene} {...rest} />
    case 'choosing-errand':
      return <ChoosingErrand scene={scene} {...rest} />
    case 'errand':
      return <ErrandScene key={scene.tapId} scene={scene} {...rest} />
    case 'errand-done':
      return (
        <div role="status">
          <h1>{rest.catalogue.errands.done[scene.errand].what}</h1>
          <p class="lead">{rest.catalogue.errands.done[scene.errand].next}.</p>
          {scene.lastsMs !== undefined && (
            <p class="quiet">{rest.catalogue.errands.lasts(scene.lastsMs)}.</p>
          )}
          <p class="choices">
            <button
              type="button"
              onClick={() => {
                rest.act({ kind: 'errand-cancelled' })
              }}
            >
              {rest.catalogue.ok}
            </button>
          </p>
        </div>
      )
    case 'opening':
      return (
        <div role="status">
          <h1>{rest.catalogue.opening(scene.name)}</h1>
          <p class="quiet">{rest.catalogue.openingStage}</p>
          <Bar />
        </div>
      )
    case 'open':
      return (
        <div role="status">
          <h1>{rest.catalogue.inUse(scene.name)}</h1>
          {scene.movedFrom !== undefined && (
            <p class="quiet">{rest.catalogue.movedFrom(scene.movedFrom)}</p>
          )}
        </div>
      )
    case 'leaving':
      return <Leaving key={scene.because} scene={scene} {...rest} />
    case 'handing-over':
      return <HandingOver scene={scene} {...rest} />
    case 'refused':
      return <Refused key={`${scene.code} ${scene.quote ?? ''}`} scene={scene} {...rest} />
    case 'signing':
      return <Signing key={scene.ceremonyId} scene={scene} {...rest} />
  }
}

/** Something goes on: it moves to and fro, and says nothing of how much is left. */
function Bar() {
  const at = [0, 1, 2, 3, 2, 1][useBeat(barMs) % 6] ?? 0
  return <div class={`bar bar-${String(at)}`} aria-hidden="true" />
}

const barMs = 350
