// The badges on the rack: one is in the visitor's hand.

import type { DemoBadge } from '../demo-messages.ts'

interface BadgeRackProps {
  readonly badges: readonly DemoBadge[]
  readonly chosen: number
  readonly onChoose: (index: number) => void
}

export function BadgeRack({ badges, chosen, onChoose }: BadgeRackProps) {
  return (
    <section class="rack" aria-label="Badges">
      {badges.map((badge, index) => (
        <button
          key={badge.uid}
          type="button"
          class="badge"
          aria-pressed={index === chosen}
          data-testid={`badge-${badge.uid}`}
          onClick={() => {
            onChoose(index)
          }}
        >
          <span class="badge-slot" aria-hidden="true" />
          <strong>{badge.name}</strong>
          <span>{badge.title}</span>
          <span class="badge-pin">
            {badge.pin === undefined ? 'not enrolled' : `PIN ${badge.pin}`}
          </span>
          {badge.staffNumber !== undefined && <span>Staff number {badge.staffNumber}</span>}
        </button>
      ))}
    </section>
  )
}
