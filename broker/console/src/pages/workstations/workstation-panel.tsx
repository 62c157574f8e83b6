// One workstation: its health, its certificate, and the end of its identity.

import { Link } from '@tanstack/react-router'
import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'
import { reissueWorkstation, revokeWorkstation } from '../../api/workstation-acts.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { counted } from '../../parts/names.ts'
import { Facts, Panel } from '../../parts/panel.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { lengthText } from '../../parts/time/time-text.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { needOf } from './workstation-needs.ts'

interface Props {
  readonly workstation: WorkstationShown
  readonly nowMs: number
}

export function WorkstationPanel({ workstation, nowMs }: Props) {
  const { can } = useSession()
  const { workstationId, place, zoneId, status, connection, certificateEndsMs } = workstation
  const { weight, says } = needOf(workstation, nowMs)
  const leftMs = certificateEndsMs - nowMs
  return (
    <Panel title={place}>
      <Facts
        of={[
          [
            'Needs',
            <span key="needs" className={weight > 0 ? 'wk-bad' : undefined}>
              {says}
            </span>,
          ],
          ['Zone', zoneId],
          ['Status', status],
          ['Reader', connection?.reader ?? 'not known'],
          ['Agent', connection?.agentVersion ?? 'not known'],
          ['Browser', connection?.browser ?? 'not known'],
          ['Enrolled', <Stamp key="enrolled" ms={workstation.enrolledMs} />],
          [
            'Certificate until',
            <span key="certificate">
              <Stamp ms={certificateEndsMs} form="day" />{' '}
              <span className="wk-quiet">
                {leftMs > 0 ? `(${lengthText(leftMs)} left)` : '(over)'}
              </span>
            </span>,
          ],
          ['Asset tag', workstation.assetTag ?? 'none'],
          ['Id', <code key="id">{workstationId}</code>],
        ]}
      />
      <p>
        {(can('house:read') || can('presence:read')) && (
          <Link to="/" search={{ open: workstationId }}>
            Who is there now
          </Link>
        )}{' '}
        {can('presence:read') && (
          <Link to="/timeline" search={{ workstationId, from: '-8h' }}>
            What happened there
          </Link>
        )}
      </p>
      {can('workstations:write') && <Acts workstation={workstation} />}
    </Panel>
  )
}

/** Its identity ends, or is given anew. */
function Acts({ workstation: { workstationId, place, status } }: Pick<Props, 'workstation'>) {
  return (
    <>
      {status === 'active' && (
        <ActButton
          isGrave
          label="Revoke this workstation"
          question={`Revoke ${place}?`}
          act={(pass) => revokeWorkstation(workstationId, pass)}
          said={({ sessions }) => `Revoked; ${counted(sessions, 'session')} ended`}
        >
          <p>
            What is open there ends, its connection is closed, and it can sign nobody in. It comes
            back only with a token for a new identity.
          </p>
        </ActButton>
      )}
      <ActButton
        label="New identity for this workstation"
        question={`A token for a new identity of ${place}?`}
        act={(pass) => reissueWorkstation(workstationId, pass)}
        said={({ token }) => `Shown this once, good for a day and this workstation: ${token}`}
      >
        <p>
          Whoever enrols with the token is this workstation from then on: what is open there ends,
          and its old identity is good no more. Until then nothing changes.
        </p>
      </ActButton>
    </>
  )
}
