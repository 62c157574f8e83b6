// The figures of the house, each with what it means in words and how a month's value is written.
// Held to docs/figures.md by a test of the kit. Pure.

import type { FiguresOf } from '@wardkey/protocol/admin/figures/figures'
import { lengthText } from '../../parts/time/time-text.ts'

export interface Figure {
  readonly name: string
  readonly means: string
  /** Of one month; a dash where nothing happened that it could be of. */
  readonly text: (month: FiguresOf) => string
}

const none = '–'
const share = (part: number, all: number): string =>
  all === 0
    ? none
    : `${String(Math.round((100 * part) / all))} % (${String(part)} of ${String(all)})`
const length = (ms: number | undefined): string => {
  if (ms === undefined) return none
  // Below a minute tenths are what one looks for.
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : lengthText(ms)
}

export const figures: readonly Figure[] = [
  {
    name: 'Access right on day one',
    means:
      'Of people added in the month who tapped within seven days: those with no tap in the 24 ' +
      'hours from the first one that was refused for a right (role, zone, training, policy, not ' +
      'begun yet, not active).',
    text: ({ dayOne: { people, right } }) => share(right, people),
  },
  {
    name: 'Median time to revoke',
    means:
      'From the fact that ended somebody’s access to the last of her sessions being locked or ' +
      'ended, within the hour. People with nothing open are not counted.',
    text: ({ revoked: { medianMs } }) => length(medianMs),
  },
  {
    name: 'Exceptions approved',
    means: 'Exceptions that were approved in the month.',
    text: ({ exceptions: { approved } }) => String(approved),
  },
  {
    name: 'Length of exceptions',
    means: 'Of exceptions that ended in the month: the median of how long they had held.',
    text: ({ exceptions: { medianHeldMs } }) => length(medianHeldMs),
  },
  {
    name: 'Review completion',
    means:
      'Of reviews of emergency access that fell due in the month: those that were closed by then.',
    text: ({ reviews: { due, inTime } }) => share(inTime, due),
  },
  {
    name: 'Time to detect',
    means:
      'Of alerts raised in the month and closed as confirmed: from the first fact behind it to ' +
      'the alert, median.',
    text: ({ incidents: { medianDetectMs } }) => length(medianDetectMs),
  },
  {
    name: 'Time to contain',
    means:
      'Of the same: from the alert to the first end of access, marked badge or revoked ' +
      'workstation that it was about, or else to its closing, median.',
    text: ({ incidents: { medianContainMs } }) => length(medianContainMs),
  },
  {
    name: 'Badge sharing',
    means: 'Alerts of the rule badge-sharing that were raised in the month.',
    text: ({ sharing }) => String(sharing),
  },
  {
    name: 'Lost badges',
    means: 'Badges that were reported lost in the month.',
    text: ({ lostBadges }) => String(lostBadges),
  },
]
