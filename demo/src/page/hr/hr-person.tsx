// One person on HR's list: how things stand, her badge to take along, and what can be done.

import { useState } from 'preact/hooks'
import type { HrAct, HrPersonShown, HrShown } from '../../demo-messages.ts'
import { pinTextOf } from '../badge-rack.tsx'
import { PositionChoice } from './hire-form.tsx'

interface HrPersonProps extends Pick<HrShown, 'positions'> {
  readonly person: HrPersonShown
  readonly isInHand: boolean
  /** She changed it at a workstation. */
  readonly isPinOwn: boolean
  readonly isLost: boolean
  readonly onTake: () => void
  readonly onAct: (act: HrAct, position?: HrPersonShown['position']) => void
}

const standing: Readonly<Record<HrPersonShown['employment'], string>> = {
  active: 'At work',
  'on-leave': 'On leave',
  suspended: 'Suspended',
  terminated: 'Dismissed',
}

const labels: Readonly<Partial<Record<HrAct, string>>> = {
  'give-pin': 'Give a PIN',
  leave: 'Send on leave',
  return: 'Bring back',
  suspend: 'Suspend',
  dismiss: 'Dismiss …',
  'hire-again': 'Hire again',
  undo: 'Undo last change',
}

export function HrPerson(props: HrPersonProps) {
  const { person, positions, isInHand, isPinOwn, isLost, onTake, onAct } = props
  const { key, name, title, employment, acts, staffNumber } = person
  const [isMoving, setIsMoving] = useState(false)
  return (
    <li class="hr-person" data-testid={`hr-${key}`}>
      <div>
        <strong>{name}</strong>
        <span class={`hr-standing hr-${employment}`} data-testid="hr-standing">
          {standing[employment]}
        </span>
        <p>{title}</p>
        <p class="hr-badge">
          {pinTextOf(person, isPinOwn)} · {staffNumber}
          {isLost && ' · badge reported lost'}
        </p>
      </div>
      <div class="hr-acts">
        <button
          type="button"
          class="hr-act"
          aria-pressed={isInHand}
          data-testid="hr-take"
          onClick={onTake}
        >
          {isInHand ? 'Badge in hand' : 'Take badge'}
        </button>
        {acts.includes('move') && (
          <button
            type="button"
            class="hr-act"
            aria-expanded={isMoving}
            data-testid="hr-move"
            onClick={() => {
              setIsMoving(!isMoving)
            }}
          >
            Move …
          </button>
        )}
        {acts.map((act) =>
          labels[act] === undefined ? null : (
            <button
              key={act}
              type="button"
              class={act === 'dismiss' ? 'hr-act hr-grave' : 'hr-act'}
              aria-label={`${labels[act]} ${name}`}
              data-testid={`hr-${act}`}
              onClick={() => {
                onAct(act)
              }}
            >
              {labels[act]}
            </button>
          ),
        )}
      </div>
      {isMoving && acts.includes('move') && (
        <Move
          person={person}
          positions={positions}
          onMove={(position) => {
            setIsMoving(false)
            onAct('move', position)
          }}
        />
      )}
    </li>
  )
}

/** Chosen first, and then moved: an arrow key in a list moves nobody. */
function Move({
  person: { name, position },
  positions,
  onMove,
}: Pick<HrPersonProps, 'person' | 'positions'> & {
  readonly onMove: (position: HrPersonShown['position']) => void
}) {
  const others = positions.filter(({ key }) => key !== position)
  const [wanted, setWanted] = useState(others[0]?.key ?? position)
  return (
    <div class="hr-move">
      <PositionChoice
        label={`${name} moves to`}
        testId="hr-move-to"
        positions={others}
        chosen={wanted}
        onChoose={setWanted}
      />
      <button
        type="button"
        class="hr-act hr-main"
        data-testid="hr-move-now"
        onClick={() => {
          onMove(wanted)
        }}
      >
        Move
      </button>
    </div>
  )
}
