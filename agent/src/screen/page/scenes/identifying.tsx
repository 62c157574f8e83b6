// Who it is that asks for emergency access: by badge, or by the number HR knows her by where the
// badge is forgotten.

import { NumberEntry } from '../number-entry.tsx'
import type { SceneOf, SceneProps } from './scene-props.ts'

export function Identifying({ catalogue, scene, act }: SceneProps<SceneOf<'identifying'>>) {
  return (
    <NumberEntry
      catalogue={catalogue}
      tag={<p class="emergency-tag">{catalogue.emergencyAccess}</p>}
      title={catalogue.tapYourBadge}
      lead={catalogue.orStaffNumber}
      leftMs={scene.leftMs}
      onNumber={(staffNumber) => {
        act({ kind: 'staff-number-entered', staffNumber })
      }}
      onCancel={() => {
        act({ kind: 'emergency-cancelled' })
      }}
    />
  )
}
