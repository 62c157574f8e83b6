// The way to emergency access: always at the same place, and never what the eye lands on first.

import type { Scene, ScreenInput, Surroundings } from '../../machine/screen-view.ts'
import type { Catalogue } from './catalogue/catalogue.ts'

interface EmergencyButtonProps {
  readonly catalogue: Catalogue
  readonly scene: Scene
  readonly surroundings: Surroundings
  readonly act: (input: ScreenInput) => void
}

export function EmergencyButton({ catalogue, scene, surroundings, act }: EmergencyButtonProps) {
  if (!surroundings.hasEmergency || !isOffered(scene)) return null
  return (
    <button
      type="button"
      class="emergency"
      data-testid="emergency"
      onClick={() => {
        act({ kind: 'emergency-asked' })
      }}
    >
      {catalogue.emergencyAccess}
    </button>
  )
}

/** Where somebody may stand before a door that does not open. */
function isOffered(scene: Scene): boolean {
  switch (scene.kind) {
    case 'locked':
    case 'refused':
    case 'choosing-errand':
    case 'errand':
    case 'errand-done':
      return true
    case 'pin':
      return !scene.isEmergency
    case 'checking':
    case 'choosing-reason':
    case 'identifying':
    case 'witnessing':
    case 'opening':
    case 'open':
    case 'leaving':
    case 'handing-over':
    case 'signing':
      return false
  }
}
