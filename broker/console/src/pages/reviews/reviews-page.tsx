// What waits for me? Emergency accesses whose review is open or overdue, those that were closed,
// and what they show together.

import { useQuery } from '@tanstack/react-query'
import { grantQueries } from '../../api/queries.ts'
import { Allowed } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { counted } from '../../parts/names.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { GrantPanel } from './grant-panel.tsx'
import { GrantTable } from './grant-table.tsx'
import { Patterns } from './patterns.tsx'
import './reviews.css'

const shows = ['waiting', 'overdue', 'closed', 'patterns'] as const
type Show = (typeof shows)[number]

export function ReviewsPage() {
  return (
    <Allowed page="/reviews">
      <Reviews />
    </Allowed>
  )
}

function Reviews() {
  const [address] = useAddress()
  const show: Show = shows.find((one) => one === address['show']) ?? 'waiting'
  const open = useQuery(grantQueries.open)
  const waiting = open.data?.grants
  const overdue = waiting?.filter(({ isOverdue }) => isOverdue)
  const { open: openId } = address
  return (
    <>
      <PageTitle question="What waits for me?">
        {waiting && overdue && (
          <p>
            {counted(waiting.length, 'emergency access', 'emergency accesses')} to review,{' '}
            {overdue.length === 0 ? (
              'none of them overdue.'
            ) : (
              <strong className="wk-bad">{overdue.length} overdue.</strong>
            )}
          </p>
        )}
      </PageTitle>
      <div className="wk-bar">
        <Tabs<Show>
          label="Which reviews"
          value={show}
          tabs={[
            ['waiting', 'Open', waiting?.length],
            ['overdue', 'Overdue', overdue?.length],
            ['closed', 'Closed'],
            ['patterns', 'Patterns'],
          ]}
        />
      </div>
      {show === 'patterns' && <Patterns />}
      {show === 'closed' && <Closed />}
      {(show === 'waiting' || show === 'overdue') && (
        <Answer query={open}>
          {({ grants }) => (
            <GrantTable
              name={show}
              grants={show === 'overdue' ? grants.filter(({ isOverdue }) => isOverdue) : grants}
            />
          )}
        </Answer>
      )}
      {openId !== undefined && <GrantPanel key={openId} grantId={openId} />}
    </>
  )
}

function Closed() {
  const all = useQuery(grantQueries.all)
  return (
    <Answer query={all}>
      {({ grants }) => (
        <GrantTable name="closed" grants={grants.filter(({ outcome }) => outcome !== undefined)} />
      )}
    </Answer>
  )
}
