// What went wrong and what to do about it, in the broker's own words, with the code to quote.

import { Refused } from '../api/ask.ts'

interface Props {
  readonly error: unknown
  readonly onRetry?: (() => void) | undefined
}

export function Trouble({ error, onRetry }: Props) {
  const refused = error instanceof Refused ? error : undefined
  if (refused?.code === 'scope-missing') return <NotYours refused={refused} />
  return (
    <div className="wk-trouble" role="alert">
      <p className="wk-trouble-what">
        {refused ? refused.message : 'This page met something that it does not understand.'}
      </p>
      <p>
        {refused ? refused.next : 'Open it again; if it stays, tell the people who run Wardkey.'}
      </p>
      <Quote refused={refused} />
      {onRetry && (
        <button type="button" className="wk-link" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}

function NotYours({ refused }: { readonly refused: Refused }) {
  return (
    <div className="wk-trouble" role="alert">
      <p className="wk-trouble-what">Your account may not see this.</p>
      <p>
        Ask an administrator of Wardkey: rights come with the groups of your hospital account, and
        the list of roles says which one has this. The link stays good.
      </p>
      <Quote refused={refused} />
    </div>
  )
}

function Quote({ refused }: { readonly refused: Refused | undefined }) {
  const { code = 'page-error', place, request } = refused ?? {}
  return (
    <p className="wk-quiet">
      Code <code>{code}</code>
      {place !== undefined && (
        <>
          , at <code>{place}</code>
        </>
      )}
      {request !== undefined && (
        <>
          , request <code>{request}</code>
        </>
      )}
    </p>
  )
}
