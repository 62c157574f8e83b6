// A signature: what is signed stays in sight while badge and PIN are asked for (21 CFR 1311.140).

import { BadgeMark } from '../badge-mark.tsx'
import { PinPad } from '../pin-pad.tsx'
import type { SceneOf, SceneProps } from './scene-props.ts'

export function Signing({ catalogue, scene, act }: SceneProps<SceneOf<'signing'>>) {
  const cancel = (): void => {
    act({ kind: 'signature-cancelled', ceremonyId: scene.ceremonyId })
  }
  return (
    <div class={scene.step === 'pin' ? 'pin' : ''}>
      <div class="pin-words" role="status">
        <p class="quiet">{catalogue.signTitle}</p>
        <h1 class="signed-text">{scene.description}</h1>
        <p class="quiet">{catalogue.signIn(scene.application)}</p>
        <p class={scene.again || scene.wrongBadge ? 'lead wrong' : 'lead'}>{wordsFor()}.</p>
        {scene.triesLeft !== undefined && <p>{catalogue.triesLeft(scene.triesLeft)}.</p>}
      </div>
      {scene.step === 'pin' ? (
        <PinPad
          catalogue={catalogue}
          key={`${String(scene.again)}${String(scene.triesLeft)}`}
          digitsMin={scene.digitsMin}
          digitsMax={scene.digitsMax}
          onPin={(pin) => {
            act({ kind: 'signature-pin-entered', ceremonyId: scene.ceremonyId, pin })
          }}
          onCancel={cancel}
        />
      ) : (
        <BadgeMark isSeen={scene.step === 'checking'} />
      )}
      <p class="choices">
        <button type="button" onClick={cancel}>
          {catalogue.cancel}
        </button>
      </p>
    </div>
  )

  function wordsFor(): string {
    if (scene.step === 'checking') return catalogue.stillChecking
    if (scene.step === 'pin') return scene.again ? catalogue.pinAgain : catalogue.enterPin
    return scene.wrongBadge ? catalogue.signWrongBadge(scene.name) : catalogue.signTap(scene.name)
  }
}
