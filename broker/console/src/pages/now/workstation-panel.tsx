// One workstation as it is now: everybody there with the evidence for it, its health, and its lock.

import { Link } from '@tanstack/react-router'
import type { HouseNow, WorkstationNow } from '@wardkey/protocol/console/house'
import { lockScreens } from '../../api/acts.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { acrText, evidenceText, nameText } from '../../parts/names.ts'
import { Facts, Panel } from '../../parts/panel.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { lengthText } from '../../parts/time/time-text.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'

interface Props {
  readonly workstation: WorkstationNow
  readonly zone: HouseNow['zones'][number]
  readonly atMs: number
}

export function WorkstationPanel({ workstation, zone, atMs }: Props) {
  const { can } = useSession()
  const { workstationId, place, state, sinceMs, sessions } = workstation
  return (
    <Panel title={place}>
      <Facts
        of={[
          ['State', <StateMark key="state" state={state} />],
          ...(sinceMs === undefined
            ? []
            : ([['Since', <Since key="since" ms={sinceMs} atMs={atMs} />]] as const)),
          ['Zone', `${zone.label} (${zone.kind})`],
        ]}
      />
      {can('house:lock') && state === 'open' && (
        <ActButton
          label="Lock this workstation"
          question={`Lock ${place}?`}
          act={(pass) => lockScreens({ what: 'workstation', workstationId }, pass)}
          said={({ screens }) => (screens === 1 ? 'Told to lock' : 'It was not open any more')}
        >
          <p>Its screen locks at once. The session stays, and opens again by a tap.</p>
        </ActButton>
      )}
      {sessions.length === 0 && <p className="wk-quiet">Nobody has a session here.</p>}
      {sessions.map((session) => (
        <Session key={session.sessionId} session={session} atMs={atMs} />
      ))}
      <Health workstation={workstation} />
      {can('presence:read') && (
        <Link to="/timeline" search={{ workstationId, from: '-8h' }}>
          What happened here in the last 8 hours
        </Link>
      )}
    </Panel>
  )
}

function Since({ ms, atMs }: { readonly ms: number; readonly atMs: number }) {
  return (
    <>
      <Stamp ms={ms} /> <span className="wk-quiet">({lengthText(Math.max(0, atMs - ms))})</span>
    </>
  )
}

interface SessionProps {
  readonly session: WorkstationNow['sessions'][number]
  readonly atMs: number
}

function Session({ session, atMs }: SessionProps) {
  const { can } = useSession()
  const { emergency, presence } = session
  return (
    <section className="wk-here" data-emergency={emergency ? true : undefined}>
      <h3>{can('presence:read') ? nameText(session) : 'Somebody'}</h3>
      {emergency && (
        <p className="wk-emergency">
          Emergency access until <Stamp ms={emergency.untilMs} form="clock" />.{' '}
          {can('emergency:read') && (
            <Link to="/reviews" search={{ open: emergency.grantId }}>
              Its review
            </Link>
          )}
        </p>
      )}
      <Facts
        of={[
          ['Session', session.state],
          ['Opened', <Since key="opened" ms={session.openedMs} atMs={atMs} />],
          ['Proved by', acrText(session.acr)],
        ]}
      />
      {can('presence:read') && <Evidence presence={presence} />}
      <PersonLink personId={session.personId} />
    </section>
  )
}

function Evidence({ presence }: Pick<SessionProps['session'], 'presence'>) {
  return (
    <>
      <h4>How it is known that she is there</h4>
      {presence.length === 0 && <p className="wk-quiet">Nothing speaks for it at the moment.</p>}
      <ul className="wk-evidence">
        {presence.map(({ kind, confidence, fromMs, untilMs }) => (
          <li key={`${kind} ${String(fromMs)}`}>
            <meter
              min={0}
              max={100}
              value={confidence}
              aria-label={`Confidence of ${evidenceText(kind)}`}
            />
            <span>
              {evidenceText(kind)}, {confidence} %
            </span>
            <span className="wk-quiet">
              since <Stamp ms={fromMs} form="clock" />
              {untilMs !== undefined && (
                <>
                  {' '}
                  until <Stamp ms={untilMs} form="clock" />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function PersonLink({ personId }: { readonly personId?: string | undefined }) {
  const { can } = useSession()
  if (personId === undefined || !can('people:read')) return null
  return (
    <Link to="/people" search={{ open: personId }}>
      This person
    </Link>
  )
}

const links = {
  here: 'connected to this broker',
  elsewhere: 'connected to another broker',
  away: 'connected to no broker',
} as const

function Health({ workstation }: Pick<Props, 'workstation'>) {
  const { link, reachedMs, reader, agentVersion, browser } = workstation
  return (
    <Facts
      of={[
        ['Link', links[link]],
        [
          'Last known at',
          reachedMs === undefined ? 'never' : <Stamp key="reached" ms={reachedMs} />,
        ],
        ['Reader', reader ?? 'none that it knows of'],
        ['Agent', agentVersion ?? 'not known'],
        ['Browser', browser ?? 'not known'],
      ]}
    />
  )
}
