// The badges on the rack: one is in the visitor's hand.

import type { HrShown } from '../demo-messages.ts'
import { strangerUid } from '../hospital.ts'

interface DemoBadge {
  readonly name: string
  readonly title: string
  readonly uid: string
  /** Nothing for the badge that nobody has enrolled. */
  readonly pin: string
  readonly staffNumber: string
}

interface BadgeRackProps {
  readonly badges: readonly DemoBadge[]
  readonly chosen: string
  readonly onChoose: (uid: string) => void
}

/** Everybody's whom HR has, also of those who are gone, and one that is nobody's. */
export function badgesOf({ people }: HrShown): readonly DemoBadge[] {
  const stranger = { name: 'A stranger', title: 'Nobody here', uid: strangerUid }
  return [...people, { ...stranger, pin: '', staffNumber: '' }]
}

export function BadgeRack({ badges, chosen, onChoose }: BadgeRackProps) {
  return (
    <section class="rack" aria-label="Badges">
      {badges.map((badge) => (
        <button
          key={badge.uid}
          type="button"
          class="badge"
          aria-pressed={badge.uid === chosen}
          data-testid={`badge-${badge.uid}`}
          onClick={() => {
            onChoose(badge.uid)
          }}
        >
          <span class="badge-slot" aria-hidden="true" />
          <strong>{badge.name}</strong>
          <span>{badge.title}</span>
          <span class="badge-pin">{badge.pin === '' ? 'not enrolled' : `PIN ${badge.pin}`}</span>
          {badge.staffNumber !== '' && <span>Staff number {badge.staffNumber}</span>}
        </button>
      ))}
    </section>
  )
}
