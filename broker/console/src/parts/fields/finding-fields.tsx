// What was found, and why: one of some outcomes, none of them chosen before, and a note.

import { useId } from 'react'

export const noteMax = 600

interface Props<Outcome extends string> {
  /** Of the group of choices, once on a page. */
  readonly name: string
  readonly outcomes: readonly (readonly [Outcome, string])[]
  readonly outcome: Outcome | undefined
  readonly onOutcome: (outcome: Outcome) => void
  readonly note: string
  readonly onNote: (note: string) => void
  /** What becomes of the note. */
  readonly kept: string
}

export function FindingFields<Outcome extends string>(props: Props<Outcome>) {
  const { name, outcomes, outcome, onOutcome, note, onNote, kept } = props
  const noteId = useId()
  return (
    <>
      <fieldset className="wk-finding">
        <legend>What did you find?</legend>
        {outcomes.map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              checked={outcome === value}
              onChange={() => {
                onOutcome(value)
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
            onNote(target.value)
          }}
        />
        <span className="wk-quiet">
          {note.length} of {noteMax}; {kept}
        </span>
      </div>
    </>
  )
}
