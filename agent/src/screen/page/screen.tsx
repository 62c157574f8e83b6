// The whole lock screen: where this is, the one large thing, and how the workstation is.

import type { ScreenInput, ScreenView } from '../../machine/screen-view.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import { Clock } from './clock.tsx'
import { EmergencyButton } from './emergency-button.tsx'
import { SceneView } from './scenes/scene.tsx'
import { Status } from './status.tsx'

export interface ScreenProps {
  readonly catalogue: Catalogue
  readonly view: ScreenView | undefined
  readonly isConnected: boolean
  readonly act: (input: ScreenInput) => void
}

export function Screen({ catalogue, view, isConnected, act }: ScreenProps) {
  if (!view || !isConnected) {
    // Never blank: a screen without its agent says so.
    return (
      <main class="frame">
        <section class="scene" role="status">
          <p class="quiet">{catalogue.noWindow}</p>
        </section>
      </main>
    )
  }
  const { scene, surroundings } = view
  return (
    <div class={`frame frame-${scene.kind}`}>
      <header class="head">
        <span class="place" data-testid="place">
          {surroundings.place}
        </span>
        <Clock />
      </header>
      <main class="scene" data-testid="scene" data-scene={scene.kind}>
        <SceneView catalogue={catalogue} scene={scene} surroundings={surroundings} act={act} />
      </main>
      <footer class="foot">
        <Status
          catalogue={catalogue}
          surroundings={surroundings}
          isObstacleSaid={scene.kind === 'locked'}
        />
        {scene.kind === 'locked' && scene.hasErrands && (
          <button
            type="button"
            class="emergency"
            data-testid="errands"
            onClick={() => {
              act({ kind: 'errands-asked' })
            }}
          >
            {catalogue.errands.help}
          </button>
        )}
        <EmergencyButton
          catalogue={catalogue}
          scene={scene}
          surroundings={surroundings}
          act={act}
        />
      </footer>
    </div>
  )
}
