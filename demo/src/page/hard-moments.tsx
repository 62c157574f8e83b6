// The hard moments of a workstation's day, in one quiet row: each can be taken back where life can
// take it back.

import type { Moment, StationAround } from '../demo-messages.ts'

interface HardMomentsProps {
  readonly around: StationAround | undefined
  readonly onMoment: (moment: Moment) => void
}

interface Choice {
  readonly moment: Moment
  readonly label: string
  readonly title: string
  readonly isOn?: boolean
  readonly isOff?: boolean
}

export function HardMoments({ around, onMoment }: HardMomentsProps) {
  return (
    <p class="moments" role="group" aria-label="Hard moments">
      {choicesFor(around).map(({ moment, label, title, isOn = false, isOff = false }) => (
        <button
          key={label}
          type="button"
          class={isOn ? 'moment moment-on' : 'moment'}
          title={title}
          disabled={isOff}
          data-testid={moment}
          onClick={() => {
            onMoment(moment)
          }}
        >
          {label}
        </button>
      ))}
    </p>
  )
}

function choicesFor(around: StationAround | undefined): readonly Choice[] {
  return [
    around?.isAway === true
      ? {
          moment: 'come-back',
          label: 'Come back',
          title: 'The sensor sees somebody again; so does a tap or a key',
          isOn: true,
        }
      : {
          moment: 'walk-away',
          label: 'Walk away',
          title: 'The sensor before the screen sees nobody: it fades after 5 seconds, then locks',
        },
    {
      moment: 'ten-minutes',
      label: around?.isHurried === true ? 'Time passes …' : '10 min later',
      title: 'Ten minutes pass in which nobody touches anything, until something happens',
      isOff: around?.isHurried === true,
    },
    around?.isUnplugged === true
      ? { moment: 'plug-reader', label: 'Plug reader in', title: 'The reader is back', isOn: true }
      : {
          moment: 'unplug-reader',
          label: 'Unplug reader',
          title: 'The badge reader is pulled out; after 10 seconds an open screen locks',
        },
    around?.isCut === true
      ? {
          moment: 'join-network',
          label: 'Join network',
          title:
            'The line to the broker is whole again; the workstation finds it within 20 seconds',
          isOn: true,
        }
      : {
          moment: 'cut-network',
          label: 'Cut network',
          title: 'Cuts the line between this workstation and the broker',
        },
    around?.isClockForward === true
      ? {
          moment: 'clock-back',
          label: 'Clock back',
          title: 'The computer’s clock is set right again, which locks as well',
          isOn: true,
        }
      : {
          moment: 'clock-forward',
          label: 'Clock +1 h',
          title: 'The computer’s clock is put forward by an hour: an open screen locks',
        },
    {
      moment: 'forgot-badge',
      label: 'Forgot badge',
      title: 'Presses “Emergency access” on the screen, where it is offered',
      isOff: around?.mayForgetBadge !== true,
    },
  ]
}
