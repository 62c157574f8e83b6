// The badges on the rack: one is in the visitor's hand.

import type { HrPersonShown, HrShown } from '../demo-messages.ts'
import { strangerUid } from '../hospital.ts'
import type { rackMarks } from './rack-marks.ts'

interface DemoBadge {
  readonly name: string
  readonly title: string
  readonly uid: string
  /** What is printed on it beside the name. */
  readonly pinText: string
  readonly staffNumber: string
  /** Why it opens nothing; empty where it does. */
  readonly mark: string
}

interface BadgeRackProps {
  readonly badges: readonly DemoBadge[]
  readonly chosen: string
  readonly onChoose: (uid: string) => void
}

/** Everybody's whom HR has, also of those who are gone, and one that is nobody's. */
export function badgesOf(
  { people }: HrShown,
  marks: ReturnType<typeof rackMarks>,
): readonly DemoBadge[] {
  const stranger = { name: 'A stranger', title: 'Nobody here', uid: strangerUid }
  return [
    ...people.map((person) => {
      const { name, title, uid, staffNumber, personId } = person
      const mark = marks.get(personId)
      const pinText = pinTextOf(person, mark?.isPinOwn === true)
      return { name, title, uid, staffNumber, pinText, mark: markText(person, mark?.badge) }
    }),
    { ...stranger, pinText: 'not enrolled', staffNumber: '', mark: '' },
  ]
}

/** The demo never knows a PIN that somebody chose herself. */
export function pinTextOf(
  { pin, employment }: Pick<HrPersonShown, 'pin' | 'employment'>,
  isOwn: boolean,
): string {
  if (employment === 'terminated') return 'PIN ended'
  if (isOwn) return 'PIN as chosen at the workstation'
  return pin === '' ? 'no PIN yet' : `PIN ${pin}`
}

function markText({ employment }: HrPersonShown, badge: string | undefined): string {
  if (employment === 'terminated') return 'Dismissed'
  if (badge === 'lost') return 'Reported lost'
  if (employment === 'on-leave') return 'On leave'
  if (employment === 'suspended') return 'Suspended'
  if (badge === 'suspended') return 'Badge suspended'
  if (badge === 'resting') return 'Badge rests'
  return badge === undefined || badge === 'active' ? '' : 'Not in use any more'
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
          <span class="badge-pin">{badge.pinText}</span>
          {badge.staffNumber !== '' && (
            <span>
              Staff number <span class="badge-number">{badge.staffNumber}</span>
            </span>
          )}
          {badge.mark !== '' && <span class="badge-mark">{badge.mark}</span>}
        </button>
      ))}
    </section>
  )
}
