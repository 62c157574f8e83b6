// Who still needs what she may? Access reviews, what is up in each, and what is held back until
// others have taken it away, too.

import { useQuery } from '@tanstack/react-query'
import type { CampaignShown } from '@wardkey/protocol/admin/access-reviews/campaigns'
import { campaignsQuery } from '../../api/access-review-queries.ts'
import { Allowed } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { counted } from '../../parts/names.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { Campaign } from './campaign.tsx'
import { OpenReview } from './open-review.tsx'
import { kindText, stateText } from './review-words.ts'
import { Tasks } from './tasks.tsx'
import './access-reviews.css'

export function AccessReviewsPage() {
  return (
    <Allowed page="/access-reviews">
      <Page />
    </Allowed>
  )
}

function Page() {
  const [{ show }] = useAddress()
  const { can } = useSession()
  const query = useQuery(campaignsQuery)
  const isTasks = show === 'tasks' && can('reviews:read')
  const undecided = query.data?.campaigns
    .filter(({ state }) => state !== 'closed')
    .reduce((sum, { items, decided }) => sum + items - decided, 0)
  return (
    <>
      <PageTitle question="Who still needs what she may?">
        {undecided !== undefined && <p>{counted(undecided, 'entry', 'entries')} undecided.</p>}
      </PageTitle>
      <div className="wk-bar">
        {can('reviews:read') && (
          <Tabs
            label="What of them"
            value={isTasks ? 'tasks' : 'reviews'}
            tabs={[
              ['reviews', 'Reviews', query.data?.campaigns.length],
              ['tasks', 'Tasks for others'],
            ]}
          />
        )}
        {can('reviews:write') && <OpenReview />}
      </div>
      {isTasks ? (
        <Tasks />
      ) : (
        <Answer query={query}>{({ campaigns }) => <Reviews campaigns={campaigns} />}</Answer>
      )}
    </>
  )
}

function Reviews({ campaigns }: { readonly campaigns: readonly CampaignShown[] }) {
  const [address, setAddress] = useAddress()
  const chosen = campaigns.find(({ id }) => id === address['review']) ?? campaigns[0]
  if (!chosen) {
    return (
      <p className="wk-empty">
        No access review asks you anything. They are opened each quarter where settings say so, or
        by hand, and appear here with a due date.
      </p>
    )
  }
  return (
    <>
      <div className="wk-bar">
        <label className="wk-field">
          <span>Review</span>
          <select
            value={chosen.id}
            onChange={({ target }) => {
              setAddress({ review: target.value, open: undefined })
            }}
          >
            {campaigns.map((one) => (
              <option key={one.id} value={one.id}>
                {new Date(one.opened.atMs).toISOString().slice(0, 10)}, {kindText(one.kind)},{' '}
                {stateText(one.state)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Campaign key={chosen.id} id={chosen.id} />
    </>
  )
}
