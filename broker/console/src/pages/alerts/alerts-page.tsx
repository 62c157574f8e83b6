// What should somebody look at? Alerts that stand, those that are mine, and those that were
// closed.

import { useQuery } from '@tanstack/react-query'
import { alertQueries } from '../../api/alert-queries.ts'
import { Allowed } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { counted } from '../../parts/names.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { AlertPanel } from './alert-panel.tsx'
import { AlertTable } from './alert-table.tsx'
import './alerts.css'

const shows = ['standing', 'mine', 'closed'] as const
type Show = (typeof shows)[number]

export function AlertsPage() {
  return (
    <Allowed page="/alerts">
      <Alerts />
    </Allowed>
  )
}

function Alerts() {
  const { who } = useSession()
  const [address] = useAddress()
  const show: Show = shows.find((one) => one === address['show']) ?? 'standing'
  const standing = useQuery(alertQueries.standing)
  const alerts = standing.data?.alerts
  const fresh = alerts?.filter(({ state }) => state === 'open').length
  const mine = alerts?.filter(({ assignee }) => assignee?.personId === who.personId)
  const { open } = address
  return (
    <>
      <PageTitle question="What should somebody look at?">
        {alerts && (
          <p>
            {counted(alerts.length, 'alert')},{' '}
            {fresh === 0 ? 'each read by somebody.' : <strong>{fresh} open.</strong>}
          </p>
        )}
      </PageTitle>
      <div className="wk-bar">
        <Tabs<Show>
          label="Which alerts"
          value={show}
          tabs={[
            ['standing', 'Standing', alerts?.length],
            ['mine', 'Mine', mine?.length],
            ['closed', 'Closed'],
          ]}
        />
      </div>
      {show === 'closed' ? (
        <Closed />
      ) : (
        <Answer query={standing}>
          {({ alerts: all }) => (
            <AlertTable name={show} alerts={show === 'mine' ? (mine ?? []) : all} />
          )}
        </Answer>
      )}
      {open !== undefined && <AlertPanel key={open} alertId={open} />}
    </>
  )
}

function Closed() {
  const closed = useQuery(alertQueries.closed)
  return (
    <Answer query={closed}>{({ alerts }) => <AlertTable name="closed" alerts={alerts} />}</Answer>
  )
}
