// What the privacy office has heard of emergencies, how soon, and the review that it closes.

import { useState } from 'preact/hooks'
import type { HeardNotice, PageMessage } from '../demo-messages.ts'
import { dayWords, lengthWords, timeWords } from '@wardkey/protocol/story/time-words'
import { identityWords, outcomeWords } from '@wardkey/protocol/story/words'

interface ComplianceViewProps {
  readonly notices: readonly HeardNotice[]
  readonly say: (message: PageMessage) => void
}

const outcomes = [
  ['appropriate', 'It was appropriate'],
  ['inappropriate', 'It was not appropriate'],
  ['no-need', 'There was no need for it'],
] as const

export function ComplianceView({ notices, say }: ComplianceViewProps) {
  return (
    <section class="compliance" aria-label="Compliance">
      <h2>Compliance heard</h2>
      {notices.length > 0 && (
        <p class="record-note">
          How soon it was heard counts from when the access was given. The record counts from when
          the broker knew of it: a workstation without the network tells it later.
        </p>
      )}
      {notices.length === 0 ? (
        <p class="record-note">
          Nothing yet. Each emergency access is told here at once, by a signed message that names
          nobody, and its review is closed here.
        </p>
      ) : (
        <ol class="notices" data-testid="notices" reversed>
          {notices.toReversed().map((notice) => (
            <li key={notice.grantId} class="notice">
              <NoticeWords notice={notice} />
              <Review notice={notice} say={say} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function NoticeWords({ notice }: { readonly notice: HeardNotice }) {
  const { place, reasonLabel, identity, isWitnessed, fromMs, untilMs, heardMs } = notice
  return (
    <div>
      <p>
        <strong>
          Emergency access at {place}, {timeWords(fromMs)} until {timeWords(untilMs)}: “
          {reasonLabel}”
        </strong>
      </p>
      <p class="record-note">
        Heard {lengthWords(heardMs - fromMs)} after it was given, signature checked. Known by{' '}
        {identityWords(identity)}
        {isWitnessed ? ', and a colleague spoke for them' : ''}.
      </p>
    </div>
  )
}

function Review({
  notice,
  say,
}: { readonly notice: HeardNotice } & Pick<ComplianceViewProps, 'say'>) {
  const { grantId, outcome, reviewDueMs, trouble } = notice
  const [note, setNote] = useState('')
  // Whatever the office says next is the answer, and comes as a notice of its own.
  const [asked, setAsked] = useState<HeardNotice>()
  const isAsked = asked === notice
  if (outcome !== undefined) {
    return (
      <p class="review-closed" data-testid="review-closed">
        Review closed: {outcomeWords(outcome)}.
      </p>
    )
  }
  return (
    <fieldset class="review" data-testid="review">
      <legend>Review due by {dayWords(reviewDueMs)}</legend>
      <label class="review-note">
        What you found
        <input
          type="text"
          value={note}
          maxLength={200}
          data-testid="review-note"
          onInput={(event) => {
            setNote(event.currentTarget.value)
          }}
        />
      </label>
      <p class="review-outcomes">
        {outcomes.map(([one, label]) => (
          <button
            key={one}
            type="button"
            class="moment"
            disabled={isAsked || note.trim() === ''}
            data-testid={`review-${one}`}
            onClick={() => {
              setAsked(notice)
              say({ kind: 'review', grantId, outcome: one, note })
            }}
          >
            {label}
          </button>
        ))}
      </p>
      {trouble !== undefined && (
        <p class="lost" role="alert">
          {trouble}
        </p>
      )}
    </fieldset>
  )
}
