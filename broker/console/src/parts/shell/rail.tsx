// The pages that this person has a use for, with a number where something waits for her.

import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { alertQueries } from '../../api/alert-queries.ts'
import { campaignsQuery } from '../../api/access-review-queries.ts'
import { grantQueries } from '../../api/queries.ts'
import { versionsQuery } from '../../api/settings-queries.ts'
import { entriesFor } from './rail-entries.ts'
import type { RailEntry } from './rail-entries.ts'
import { useSession } from './session.tsx'

interface Waiting {
  readonly count: number
  readonly says: string
}

export function Rail() {
  const { can } = useSession()
  const waiting = useWaiting()
  const entries = entriesFor(can)
  if (entries.length === 0) return null
  return (
    <nav className="wk-rail-nav" aria-label="Pages">
      <ul>
        {entries.map((entry) => (
          <li key={entry.to}>
            <Link
              to={entry.to}
              activeOptions={{ exact: true, includeSearch: false }}
              className="wk-rail-link"
            >
              <span>{entry.label}</span>
              <Count waiting={entry.waits && waiting[entry.waits]} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Count({ waiting }: { readonly waiting: Waiting | undefined }) {
  if (!waiting || waiting.count === 0) return null
  return (
    <span className="wk-count" title={waiting.says}>
      {waiting.count}
      <span className="wk-unseen"> {waiting.says}</span>
    </span>
  )
}

function useWaiting(): Readonly<Record<NonNullable<RailEntry['waits']>, Waiting>> {
  const { can, who } = useSession()
  const grants = useQuery({ ...grantQueries.open, enabled: can('emergency:review') })
  const versions = useQuery({ ...versionsQuery, enabled: can('policy:approve') })
  const alerts = useQuery({ ...alertQueries.standing, enabled: can('alerts:handle') })
  const asked = useQuery({ ...campaignsQuery, enabled: can('reviews:decide') })
  const entries = asked.data?.campaigns
    .filter(({ state }) => state !== 'closed')
    .reduce((sum, { items, decided }) => sum + items - decided, 0)
  const own = `person ${who.personId}`
  const proposals = versions.data?.versions.filter(
    ({ proposed, decided }) => proposed && !decided && proposed.by !== own,
  )
  return {
    reviews: { count: grants.data?.grants.length ?? 0, says: 'emergency accesses to review' },
    alerts: {
      count: alerts.data?.alerts.filter(({ state }) => state === 'open').length ?? 0,
      says: 'new alerts',
    },
    entries: { count: entries ?? 0, says: 'entries of access reviews to decide' },
    proposals: { count: proposals?.length ?? 0, says: 'proposals to decide' },
  }
}
