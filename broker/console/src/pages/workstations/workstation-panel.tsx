// One workstation: its health, its certificate, and the end of its identity.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { updateWords } from '@wardkey/protocol/admin/updates/update-words'
import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'
import { reissueWorkstation, revokeWorkstation } from '../../api/workstation-acts.ts'
import { workstationQuery } from '../../api/settings-queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { counted } from '../../parts/names.ts'
import { Facts, Panel } from '../../parts/panel.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { lengthText } from '../../parts/time/time-text.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { SettingsInForce } from './settings-in-force.tsx'
import { systemText } from './system-text.ts'
import { needOf } from './workstation-needs.ts'

interface Props {
  readonly workstation: WorkstationShown
  readonly nowMs: number
}

export function WorkstationPanel({ workstation, nowMs }: Props) {
  const { can } = useSession()
  const { workstationId, place, zoneId, status, connection, madeOf } = workstation
  const { certificateEndsMs } = workstation
  const details = useQuery(workstationQuery(workstationId)).data
  const { weight, says } = needOf(workstation)
  const running = connection?.agentVersion ?? madeOf?.agentVersion
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
          ['Reader', readersText(workstation)],
          ['System', systemText(madeOf) || 'not known'],
          ['Agent', running ?? 'not known'],
          ['Update', updateWords(madeOf?.updates, running) ?? 'none that it told of'],
          ['Browser', connection?.browser ?? 'not known'],
          [
            'Last seen',
            connection ? 'now' : <SeenAt key="seen" ms={workstation.seenMs} none="never" />,
          ],
          ['Last tap', <SeenAt key="tap" ms={details?.lastTapMs} none="none in the record" />],
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
      {details?.settings && <SettingsInForce settings={details.settings} />}
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

function SeenAt({ ms, none }: { readonly ms: number | undefined; readonly none: string }) {
  return ms === undefined ? none : <Stamp ms={ms} />
}

function readersText({ madeOf, connection }: WorkstationShown): string {
  const models = madeOf?.readers.map(({ model, mode, firmware }) =>
    [model, firmware, `by ${mode}`].filter((part) => part !== undefined).join(', '),
  )
  const state = connection?.reader ?? 'not known'
  return models === undefined || models.length === 0 ? state : `${models.join('; ')}: ${state}`
}
