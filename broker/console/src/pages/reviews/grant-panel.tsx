// The whole story of one emergency access: who, where, why, what an ordinary tap would have been
// told, who vouched, how it ended, and what was found.

import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { GrantShown } from '@wardkey/protocol/admin/break-glass'
import { grantQueries } from '../../api/queries.ts'
import { Doer } from '../../parts/doer.tsx'
import { nameText, outcomeText } from '../../parts/names.ts'
import { Facts, Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { addressTime } from '../../parts/time/time-range.ts'
import { lengthText } from '../../parts/time/time-text.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { ReviewForm } from './review-form.tsx'

const hourMs = 3_600_000
const proofs = {
  'badge-and-pin': 'badge and PIN',
  badge: 'badge alone',
  'number-and-pin': 'staff number and PIN',
} as const

export function GrantPanel({ grantId }: { readonly grantId: string }) {
  const query = useQuery(grantQueries.one(grantId))
  const { data } = query
  return (
    <Panel title={data ? `${nameText(data)} at ${data.place}` : 'Emergency access'}>
      <Answer query={query}>{(grant) => <Story grant={grant} />}</Answer>
    </Panel>
  )
}

function Story({ grant }: { readonly grant: GrantShown }) {
  const { can } = useSession()
  const { choice, note, witness, review, isOffline } = grant
  return (
    <>
      <p className="wk-story">
        On <Stamp ms={grant.fromMs} /> <strong>{nameText(grant)}</strong> opened {grant.place} in an
        emergency, by {proofs[grant.identity]}
        {witness && <>, and {nameText(witness)} vouched for her</>}. {otherwise(grant.otherwise)}{' '}
        <Ended grant={grant} />
      </p>
      <Facts
        of={[
          ['Reason', grant.reasonLabel],
          [
            'Chosen',
            `after ${lengthText(choice.tookMs)}, number ${String(choice.position + 1)} of ${String(choice.of)} in the list`,
          ],
          ['Her note', note ?? <span className="wk-quiet">none</span>],
          ['Decided by', isOffline ? 'the workstation, cut off from the broker' : 'the broker'],
          ['Zone', grant.zoneId],
          ['Review due', <Due key="due" grant={grant} />],
        ]}
      />
      <Around grant={grant} />
      {review ? (
        <section className="wk-found">
          <h3>Found: {outcomeText(review.outcome)}</h3>
          <p>{review.note ?? 'Nothing was written.'}</p>
          <p className="wk-quiet">
            <Doer by={review.by} />, <Stamp ms={review.atMs} />
          </p>
        </section>
      ) : can('emergency:review') ? (
        <ReviewForm grantId={grant.grantId} />
      ) : (
        <p className="wk-quiet">
          Its review is open. Compliance or privacy close it; your account may read only.
        </p>
      )}
    </>
  )
}

function otherwise(code: string): string {
  if (code === 'allowed') return 'An ordinary tap would have opened it as well.'
  if (code === 'no-badge') return 'With her badge an ordinary tap would have opened it.'
  return `An ordinary tap would have been refused (${code}).`
}

function Ended({ grant: { endedMs, endReason, fromMs, untilMs } }: { readonly grant: GrantShown }) {
  if (endedMs === undefined) {
    return (
      <>
        It lasts until <Stamp ms={untilMs} form="clock" /> at the latest.
      </>
    )
  }
  const why = endReason === undefined ? '' : ` (${endReason.replaceAll('-', ' ')})`
  return <>{`It ended after ${lengthText(endedMs - fromMs)}${why}.`}</>
}

function Due({ grant: { isOverdue, reviewDueMs } }: { readonly grant: GrantShown }) {
  return (
    <span className={isOverdue ? 'wk-bad' : undefined}>
      <Stamp ms={reviewDueMs} />
      {isOverdue ? ', overdue' : ''}
    </span>
  )
}

/** What was around it: the same person, and the same workstation, an hour before and after. */
function Around({ grant }: { readonly grant: GrantShown }) {
  const { can } = useSession()
  if (!can('presence:read')) return null
  const { personId, workstationId } = grant
  const from = addressTime(grant.fromMs - hourMs)
  const to = addressTime((grant.endedMs ?? grant.untilMs) + hourMs)
  return (
    <p className="wk-around">
      The time around it:{' '}
      <Link to="/timeline" search={{ personId, from, to }}>
        what she did
      </Link>
      ,{' '}
      <Link to="/timeline" search={{ workstationId, from, to }}>
        what happened at the workstation
      </Link>
    </p>
  )
}
