// The state of a workstation as a mark and a word: the shape says it where colours do not.

import type { WorkstationNow } from '@wardkey/protocol/console/house'

export type State = WorkstationNow['state']

export const stateWords: Readonly<Record<State, string>> = {
  open: 'open',
  locked: 'locked',
  free: 'free',
  silent: 'silent',
  never: 'not come yet',
}

export function StateMark({ state }: { readonly state: State }) {
  return (
    <span className={`wk-mark wk-state-${state}`}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
        {shapes[state]}
      </svg>
      {stateWords[state]}
    </span>
  )
}

const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 2 } as const
const shapes = {
  open: <circle cx="7" cy="7" r="6" fill="currentColor" />,
  locked: (
    <>
      <rect x="2" y="6" width="10" height="7" rx="1" fill="currentColor" />
      <path d="M4.5 6V4a2.5 2.5 0 0 1 5 0v2" {...line} />
    </>
  ),
  free: <circle cx="7" cy="7" r="5" {...line} />,
  silent: <path d="M2 2l10 10M12 2L2 12" {...line} />,
  never: <circle cx="7" cy="7" r="5" {...line} strokeDasharray="2.2 2.2" />,
}
