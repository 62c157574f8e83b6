// Who still needs what she may? Access reviews, what is up in each, and what is held back until
// others have taken it away, too.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { CampaignShown } from '@wardkey/protocol/admin/access-reviews/campaigns'
import { campaignsQuery } from '../../api/access-review-queries.ts'
import { waitingQuery } from '../../api/queries.ts'
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
  const query = useInfiniteQuery(campaignsQuery)
  const [first] = query.data?.pages ?? []
  const campaigns = query.data?.pages.flatMap((page) => page.campaigns)
  const isTasks = show === 'tasks' && can('reviews:read')
  const undecided = useQuery(waitingQuery).data?.entries
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
              ['reviews', 'Reviews', first?.count],
              ['tasks', 'Tasks for others'],
            ]}
          />
        )}
        {can('reviews:write') && <OpenReview />}
      </div>
      {isTasks ? (
        <Tasks />
      ) : (
        <Answer query={query}>
          {() => (
            <Reviews
              campaigns={campaigns ?? []}
              older={(first?.count ?? 0) - (campaigns?.length ?? 0)}
              onOlder={() => void query.fetchNextPage()}
            />
          )}
        </Answer>
      )}
    </>
  )
}

/** What an address says of one review means nothing of another. */
const ofOne = { open: undefined, state: undefined, person: undefined }

interface ReviewsProps {
  readonly campaigns: readonly CampaignShown[]
  /** How many of them are not here yet. */
  readonly older: number
  readonly onOlder: () => void
}

function Reviews({ campaigns, older, onOlder }: ReviewsProps) {
  const [address, setAddress] = useAddress()
  const isHere = campaigns.some(({ id }) => id === address['review'])
  const linked = !isHere && older > 0 ? address['review'] : undefined
  const chosen = isHere ? address['review'] : (linked ?? campaigns[0]?.id)
  if (chosen === undefined) {
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
            value={chosen}
            onChange={({ target }) => {
              setAddress({ ...ofOne, review: target.value })
            }}
          >
            {campaigns.map((one) => (
              <option key={one.id} value={one.id}>
                {new Date(one.opened.atMs).toISOString().slice(0, 10)}, {kindText(one.kind)},{' '}
                {stateText(one.state)}
              </option>
            ))}
            {linked !== undefined && <option value={linked}>an older one</option>}
          </select>
        </label>
        {older > 0 && (
          <button type="button" className="wk-link" onClick={onOlder}>
            List older reviews, {older} more
          </button>
        )}
      </div>
      <Campaign key={chosen} id={chosen} />
    </>
  )
}
