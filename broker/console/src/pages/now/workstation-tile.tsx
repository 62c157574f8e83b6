// One workstation in a few lines: its state, who is there and how that is known, what is wrong.

import { Link } from '@tanstack/react-router'
import type { WorkstationNow } from '@wardkey/protocol/console/house'
import { evidenceText, nameText } from '../../parts/names.ts'
import { useSession } from '../../parts/shell/session.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { lengthText } from '../../parts/time/time-text.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'

interface Props {
  readonly workstation: WorkstationNow
  readonly atMs: number
  readonly isOpen: boolean
}

export function WorkstationTile({ workstation, atMs, isOpen }: Props) {
  const { place, state, sinceMs, sessions, workstationId } = workstation
  const emergency = sessions.find((one) => one.emergency !== undefined)?.emergency
  return (
    <Link
      to="/"
      search={(old) => ({ ...old, open: workstationId })}
      resetScroll={false}
      className="wk-tile"
      data-state={state}
      data-emergency={emergency ? true : undefined}
      data-open={isOpen || undefined}
    >
      <span className="wk-tile-head">
        <strong>{place}</strong>
        <StateMark state={state} />
      </span>
      <People workstation={workstation} />
      <span className="wk-tile-foot">
        {emergency ? (
          <strong className="wk-emergency">
            Emergency until <Stamp ms={emergency.untilMs} form="minute" />
          </strong>
        ) : (
          <Health workstation={workstation} />
        )}
        {sinceMs !== undefined && (
          <span className="wk-quiet">for {lengthText(Math.max(0, atMs - sinceMs))}</span>
        )}
      </span>
    </Link>
  )
}

function People({ workstation: { sessions } }: Pick<Props, 'workstation'>) {
  const { can } = useSession()
  const [first, ...others] = sessions
  if (!first) return <span className="wk-quiet wk-tile-who">Nobody</span>
  const [best, ...more] = [...first.presence].sort((a, b) => b.confidence - a.confidence)
  return (
    <span className="wk-tile-who">
      <span>
        {nameText(first)}
        {others.length > 0 && <span className="wk-quiet"> and {others.length} waiting</span>}
      </span>
      {can('presence:read') && (
        <span className="wk-quiet">
          {best
            ? `${evidenceText(best.kind)}, ${String(best.confidence)} %${more.length > 0 ? ` (+${String(more.length)})` : ''}`
            : 'no sign of presence'}
        </span>
      )}
    </span>
  )
}

/** What is well is not said: eyes go to what is not. */
function Health({ workstation: { state, link, reader, reachedMs } }: Pick<Props, 'workstation'>) {
  if (state === 'never') return <span className="wk-quiet">enrolled, has not come yet</span>
  if (link === 'away') {
    return (
      <span className="wk-bad">
        no link
        {reachedMs !== undefined && (
          <>
            {' '}
            since <Stamp ms={reachedMs} form="minute" />
          </>
        )}
      </span>
    )
  }
  if (reader === undefined) return <span className="wk-bad">no badge reader</span>
  return (
    <span className="wk-quiet">{link === 'elsewhere' ? 'at another broker' : 'reader ready'}</span>
  )
}
