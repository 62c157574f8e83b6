// Closing a review: what was found, and why. It is closed once, and not by whom it is about.

import { useState } from 'react'
import type { NewReview } from '@wardkey/protocol/admin/break-glass'
import { closeReview } from '../../api/acts.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { FindingFields } from '../../parts/fields/finding-fields.tsx'
import { outcomeText } from '../../parts/names.ts'

type Outcome = NewReview['outcome']
const outcomes: readonly (readonly [Outcome, string])[] = [
  ['appropriate', 'Appropriate'],
  ['inappropriate', 'Not appropriate'],
  ['no-need', 'No emergency was needed: an ordinary right is missing'],
]

export function ReviewForm({ grantId }: { readonly grantId: string }) {
  const [outcome, setOutcome] = useState<Outcome>()
  const [note, setNote] = useState('')
  const isReady = outcome !== undefined && note.trim() !== ''
  return (
    <section className="wk-review">
      <h3>Close this review</h3>
      <FindingFields
        name="outcome"
        outcomes={outcomes}
        outcome={outcome}
        onOutcome={setOutcome}
        note={note}
        onNote={setNote}
        kept="it is sealed with the person’s own key"
      />
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
