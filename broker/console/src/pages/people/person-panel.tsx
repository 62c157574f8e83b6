// One person: status, roles, PIN, where she is now, her badges, and what may be done about her.

import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { PersonShown } from '@wardkey/protocol/admin/people'
import { reinstate, suspend } from '../../api/acts.ts'
import { personQuery } from '../../api/queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { acrText, counted, nameText } from '../../parts/names.ts'
import { Facts, Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { BadgeList } from './badge-list.tsx'
import { PersonStatus } from './person-status.tsx'

const pins = { set: 'set', none: 'none', locked: 'locked after wrong ones' } as const

export function PersonPanel({ personId }: { readonly personId: string }) {
  const query = useQuery(personQuery(personId))
  return (
    <Panel title={query.data ? nameText(query.data) : 'Person'}>
      <Answer query={query}>{(person) => <Shown person={person} />}</Answer>
    </Panel>
  )
}

function Shown({ person }: { readonly person: PersonShown }) {
  const { can } = useSession()
  const { personId, status, roles, pin, badges, staffNumber, session } = person
  return (
    <>
      <Facts
        of={[
          ['Status', <PersonStatus key="status" status={status} />],
          ['Roles', roles.join(', ')],
          ['Staff number', staffNumber ?? 'not known'],
          [
            'PIN',
            <span key="pin" className={pin === 'locked' ? 'wk-bad' : undefined}>
              {pins[pin]}
            </span>,
          ],
          ['Badges', String(badges)],
        ]}
      />
      {(can('sessions:read') || can('presence:read')) && (
        <section className="wk-section">
          <h3>Where she is</h3>
          {session === undefined ? (
            <p className="wk-quiet">No session of hers is open or waits anywhere.</p>
          ) : (
            <Facts
              of={[
                ['Session', `${session.state} at ${session.place}`],
                ['Opened', <Stamp key="opened" ms={session.openedMs} />],
                ['Proved by', acrText(session.acr)],
              ]}
            />
          )}
          {can('presence:read') && (
            <Link to="/timeline" search={{ personId, from: '-24h' }}>
              What she did in the last 24 hours
            </Link>
          )}
        </section>
      )}
      {can('badges:read') && <BadgeList personId={personId} />}
      {can('people:write') && <Standing person={person} />}
    </>
  )
}

function Standing({ person }: { readonly person: PersonShown }) {
  const { personId, status } = person
  const name = nameText(person)
  if (status === 'active') {
    return (
      <ActButton
        isGrave
        label="Suspend this person"
        question={`Suspend ${name}?`}
        act={(pass) => suspend(personId, pass)}
        said={({ sessions }) => `Suspended; ${counted(sessions, 'session')} ended`}
      >
        <p>
          Her sessions end and their screens lock, in the same act. Her badge opens nothing until
          she is brought back, which is done here.
        </p>
      </ActButton>
    )
  }
  if (status !== 'suspended' && status !== 'on-leave') return null
  return (
    <ActButton
      label="Bring this person back"
      question={`Let ${name} come in again?`}
      act={(pass) => reinstate(personId, pass)}
      said={() => 'Active again'}
    >
      <p>Her badges and her PIN work again as before. A hold by security stays.</p>
    </ActButton>
  )
}
