// Who is asked, and the pad. Says in words what went wrong and how many tries are left.

import { useState } from 'preact/hooks'
import { PinPad } from '../pin-pad.tsx'
import type { SceneOf, SceneProps } from './scene-props.ts'

export function PinScene({ catalogue, scene, surroundings, act }: SceneProps<SceneOf<'pin'>>) {
  const [hasForgotten, setHasForgotten] = useState(false)
  const cancel = (): void => {
    act({ kind: 'cancelled', tapId: scene.tapId })
  }
  if (hasForgotten) {
    const about = { catalogue, scene, surroundings, act }
    return <Forgotten {...about} onBack={cancel} />
  }
  return (
    <div class="pin">
      <div class="pin-words" role="status">
        {scene.isEmergency && <p class="emergency-tag">{catalogue.emergencyAccess}</p>}
        <h1>{catalogue.greeting(scene.name, new Date().getHours())}</h1>
        <p class={scene.again ? 'lead wrong' : 'lead'}>
          {scene.again ? catalogue.pinAgain : catalogue.enterPin}.
        </p>
        {scene.triesLeft !== undefined && <p>{catalogue.triesLeft(scene.triesLeft)}.</p>}
      </div>
      <PinPad
        catalogue={catalogue}
        // A second question is a new pad: no digit of the first is left in it.
        key={`${String(scene.again)}${String(scene.triesLeft)}`}
        digitsMin={scene.digitsMin}
        digitsMax={scene.digitsMax}
        onPin={(pin) => {
          act({ kind: 'pin-entered', tapId: scene.tapId, pin })
        }}
        onCancel={cancel}
      />
      <p class="choices">
        <button type="button" onClick={cancel}>
          {catalogue.notMe}
        </button>
        <button
          type="button"
          onClick={() => {
            setHasForgotten(true)
          }}
        >
          {catalogue.forgotPin}
        </button>
      </p>
    </div>
  )
}

function Forgotten({
  catalogue,
  scene,
  surroundings,
  act,
  onBack,
}: SceneProps<SceneOf<'pin'>> & { readonly onBack: () => void }) {
  const isHere = scene.errands.includes('new-pin')
  return (
    <div>
      <h1>{catalogue.forgotPin}</h1>
      <p class="lead">{catalogue.forgotPinAdvice(isHere)}.</p>
      {!isHere && surroundings.serviceDesk !== '' && (
        <p class="lead">{catalogue.callServiceDesk(surroundings.serviceDesk)}</p>
      )}
      <p class="choices">
        {isHere && (
          <button
            type="button"
            class="main-choice"
            data-testid="errand-new-pin"
            onClick={() => {
              act({ kind: 'errand-chosen', errand: 'new-pin' })
            }}
          >
            {catalogue.errands.withColleague}
          </button>
        )}
        <button type="button" onClick={onBack}>
          {catalogue.back}
        </button>
      </p>
    </div>
  )
}
