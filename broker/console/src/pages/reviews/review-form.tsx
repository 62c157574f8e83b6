// Closing a review: what was found, and why. It is closed once, and not by whom it is about.

import { useId, useState } from 'react'
import type { NewReview } from '@wardkey/protocol/admin/break-glass'
import { closeReview } from '../../api/acts.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { outcomeText } from '../../parts/names.ts'

type Outcome = NewReview['outcome']
const outcomes: readonly (readonly [Outcome, string])[] = [
  ['appropriate', 'Appropriate'],
  ['inappropriate', 'Not appropriate'],
  ['no-need', 'No emergency was needed: an ordinary right is missing'],
]
const noteMax = 600

export function ReviewForm({ grantId }: { readonly grantId: string }) {
  const [outcome, setOutcome] = useState<Outcome>()
  const [note, setNote] = useState('')
  const noteId = useId()
  const isReady = outcome !== undefined && note.trim() !== ''
  return (
    <section className="wk-review">
      <h3>Close this review</h3>
      <fieldset>
        <legend>What did you find?</legend>
        {outcomes.map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name="outcome"
              checked={outcome === value}
              onChange={() => {
                setOutcome(value)
              }}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <div className="wk-field">
        <label htmlFor={noteId}>What you looked at, and whom you asked</label>
        <textarea
          id={noteId}
          value={note}
          maxLength={noteMax}
          onChange={({ target }) => {
            setNote(target.value)
          }}
        />
        <span className="wk-quiet">
          {note.length} of {noteMax}; it is sealed with the person’s own key
        </span>
      </div>
      <ActButton
        disabled={!isReady}
        label={outcome ? `Close as ${outcomeText(outcome)}` : 'Close the review'}
        question="Close this review for good?"
        act={(pass) =>
          closeReview(grantId, { outcome: outcome ?? 'appropriate', note: note.trim() }, pass)
        }
        said={() => 'Closed'}
      >
        <p>
          Found: <strong>{outcome && outcomeText(outcome)}</strong>. It is written into the record
          under your name and cannot be opened again.
        </p>
      </ActButton>
    </section>
  )
}
