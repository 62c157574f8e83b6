// A few words on a reason that asks for them, by keyboard or by finger. Only text leaves it.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { LetterPad } from '../letter-pad.tsx'

interface ReasonNoteProps {
  readonly catalogue: Catalogue
  readonly label: string
  readonly onNote: (note: string) => void
  readonly onBack: () => void
}

const lengthMax = 280
/** What the broker refuses in a text that people read: control characters and turned directions. */
const unreadable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

export function ReasonNote({ catalogue, label, onNote, onBack }: ReasonNoteProps) {
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  // With the field and not after it has been painted: the first letter of a quick hand counts.
  useLayoutEffect(() => {
    field.current?.focus()
  }, [])
  const note = text.replaceAll(unreadable, ' ').trim()
  const send = (): void => {
    if (note !== '') onNote(note)
  }
  return (
    <form
      class="asking"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <p class="emergency-tag">{catalogue.emergencyAccess}</p>
      <h1 class="asked">{label}</h1>
      <label for="note">{catalogue.noteWanted}</label>
      <p class="typing">
        <input
          ref={field}
          id="note"
          class="typed"
          type="text"
          autoComplete="off"
          maxLength={lengthMax}
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value)
          }}
        />
        <button type="submit" class="main-choice" disabled={note === ''}>
          {catalogue.continue}
        </button>
        <button type="button" onClick={onBack}>
          {catalogue.back}
        </button>
      </p>
      <LetterPad
        catalogue={catalogue}
        keys={catalogue.letters}
        onKey={(key) => {
          setText((before) => (before + key).slice(0, lengthMax))
        }}
        onErase={() => {
          setText((before) => before.slice(0, -1))
        }}
      />
    </form>
  )
}
