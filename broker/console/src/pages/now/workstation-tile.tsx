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
  const alarming = sessions.find((one) => one.emergency !== undefined)
  const emergency = alarming?.emergency
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
      <strong>{place}</strong>
      <span className="wk-tile-state">
        <StateMark state={state} />
        {sinceMs !== undefined && (
          <span className="wk-quiet">for {lengthText(Math.max(0, atMs - sinceMs))}</span>
        )}
      </span>
      <People workstation={workstation} />
      {alarming && emergency ? (
        <strong className="wk-emergency">
          {alarming === sessions[0] ? 'Emergency' : `Emergency of ${nameText(alarming)}, waiting,`}{' '}
          until <Stamp ms={emergency.untilMs} form="minute" />
        </strong>
      ) : (
        <Health workstation={workstation} />
      )}
    </Link>
  )
}

function People({ workstation: { sessions } }: Pick<Props, 'workstation'>) {
  const { can } = useSession()
  const [first, ...others] = sessions
  if (!first) return <span className="wk-quiet wk-tile-who">Nobody</span>
  return (
    <span className="wk-tile-who">
      <span>
        {can('presence:read') ? nameText(first) : 'Somebody'}
        {others.length > 0 && <span className="wk-quiet"> and {others.length} waiting</span>}
      </span>
      {can('presence:read') && <Evidence presence={first.presence} />}
    </span>
  )
}

type Presence = WorkstationNow['sessions'][number]['presence']

function Evidence({ presence }: { readonly presence: Presence }) {
  const [best, ...more] = [...presence].sort((a, b) => b.confidence - a.confidence)
  if (!best) return <span className="wk-quiet">no sign of presence</span>
  const others = more.length > 0 ? ` (+${String(more.length)})` : ''
  return (
    <span className="wk-quiet">
      {evidenceText(best.kind)}, {best.confidence} %{others}
    </span>
  )
}

/** What is well is said in few words: eyes go to what is not. */
function Health({ workstation }: Pick<Props, 'workstation'>) {
  const { state, link, reader, agentVersion } = workstation
  if (state === 'never') return <span className="wk-quiet">enrolled, has not come yet</span>
  if (link === 'away') {
    // Not since when: a broker that is alone knows only when it last said hello.
    return <span className="wk-bad">no link</span>
  }
  if (reader === undefined) return <span className="wk-bad">no badge reader</span>
  const where = link === 'elsewhere' ? 'at another broker' : 'reader ready'
  return (
    <span className="wk-quiet">
      {where}
      {agentVersion !== undefined && `, ${agentVersion}`}
    </span>
  )
}
