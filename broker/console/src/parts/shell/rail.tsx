// The pages that this person has a use for, with a number where something waits for her.

import { useId } from 'react'
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { waitingQuery } from '../../api/queries.ts'
import { holdsQuery } from '../../api/record/hold-queries.ts'
import { versionsQuery } from '../../api/settings-queries.ts'
import { railFor, recordGroup } from './rail-entries.ts'
import type { RailEntry } from './rail-entries.ts'
import { useSession } from './session.tsx'

interface Waiting {
  readonly count: number
  readonly says: string
}

type AllWaiting = Readonly<Record<NonNullable<RailEntry['waits']>, Waiting>>

export function Rail() {
  const { can } = useSession()
  const waiting = useWaiting()
  const group = useId()
  const { alone, record } = railFor(can)
  if (alone.length + record.length === 0) return null
  return (
    <nav className="wk-rail-nav" aria-label="Pages">
      <Links entries={alone} waiting={waiting} />
      {record.length > 0 && (
        <>
          <p className="wk-rail-group" id={group}>
            {recordGroup}
          </p>
          <Links entries={record} waiting={waiting} labelledBy={group} />
        </>
      )}
    </nav>
  )
}

interface LinksProps {
  readonly entries: readonly RailEntry[]
  readonly waiting: AllWaiting
  readonly labelledBy?: string
}

function Links({ entries, waiting, labelledBy }: LinksProps) {
  return (
    <ul aria-labelledby={labelledBy}>
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

function useWaiting(): AllWaiting {
  const { can, who } = useSession()
  const acts = ['emergency:review', 'alerts:handle', 'reviews:decide'] as const
  const { data } = useQuery({ ...waitingQuery, enabled: acts.some(can) })
  const versions = useQuery({ ...versionsQuery, enabled: can('policy:approve') })
  const held = useQuery({ ...holdsQuery, enabled: can('holds:approve') })
  const own = `person ${who.personId}`
  const lifts = held.data?.holds.filter(
    ({ liftAsked, lifted, personId }) =>
      liftAsked && !lifted && liftAsked.by !== own && personId !== who.personId,
  )
  const proposals = versions.data?.versions.filter(
    ({ proposed, decided }) => proposed && !decided && proposed.by !== own,
  )
  return {
    reviews: {
      count: can('emergency:review') ? (data?.reviews ?? 0) : 0,
      says: 'emergency accesses to review',
    },
    alerts: { count: can('alerts:handle') ? (data?.alerts ?? 0) : 0, says: 'new alerts' },
    entries: {
      count: can('reviews:decide') ? (data?.entries ?? 0) : 0,
      says: 'entries of access reviews to decide',
    },
    lifts: { count: lifts?.length ?? 0, says: 'legal holds whose end waits for your word' },
    proposals: { count: proposals?.length ?? 0, says: 'proposals to decide' },
  }
}
