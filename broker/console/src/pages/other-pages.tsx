// What is shown where a page is not: while its script comes, where there is none, and where it
// broke.

import { Link } from '@tanstack/react-router'
import { PageTitle } from '../parts/page-title.tsx'
import { Shape } from '../parts/shape.tsx'
import { Trouble } from '../parts/trouble.tsx'

export function WaitingPage() {
  return <Shape />
}

export function NoPage() {
  return (
    <>
      <PageTitle question="Where were you going?" />
      <p>
        There is no page at this address. <Link to="/">Go to who is on the floor.</Link>
      </p>
    </>
  )
}

export function FailedPage({ error }: { readonly error: unknown }) {
  return (
    <>
      <PageTitle question="What went wrong?" />
      <Trouble error={error} />
      <p>
        <button
          type="button"
          className="wk-link"
          onClick={() => {
            location.reload()
          }}
        >
          Load this page again
        </button>
      </p>
    </>
  )
}
