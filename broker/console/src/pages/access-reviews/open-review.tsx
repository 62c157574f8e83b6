// Opens an access review by hand, and says beforehand what it would hold and what silence would
// take.

import { useQuery } from '@tanstack/react-query'
import { reviewActs } from '../../api/access-review-queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { counted } from '../../parts/names.ts'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'

export function OpenReview() {
  return (
    <ActButton
      label="Open a review of everybody"
      question="Open an access review now?"
      act={reviewActs.open}
      said={() => 'Opened'}
    >
      <Preview />
    </ActButton>
  )
}

function Preview() {
  const { pass } = useSession()
  const query = useQuery({
    queryKey: ['access-review-preview'],
    queryFn: () => reviewActs.preview(pass()),
    staleTime: 0,
  })
  return (
    <Answer query={query} lines={3}>
      {({ items, people, reviewers, unassigned, onSilence, wouldGo, needsTwo, units }) => (
        <>
          <p>
            {counted(items, 'entry', 'entries')} of {counted(people, 'person', 'people')} for{' '}
            {counted(reviewers, 'reviewer')}; {unassigned} without a reviewer.
          </p>
          <p>
            {onSilence === 'tell'
              ? 'Silence takes nothing.'
              : `Silence would take ${String(wouldGo)} of them${needsTwo ? ', once two people agree' : ''}.`}
          </p>
          <ul>
            {units
              .filter(({ withoutRole }) => withoutRole > 0)
              .slice(0, 8)
              .map(({ department, people: all, withoutRole }) => (
                <li key={department}>
                  {department}: {withoutRole} of {all} would have no role
                </li>
              ))}
          </ul>
        </>
      )}
    </Answer>
  )
}
