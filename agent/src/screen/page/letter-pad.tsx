// Letters for fingers, where a cart has no keyboard. It holds nothing: each press is handed on.

import type { Catalogue } from './catalogue/catalogue.ts'

interface LetterPadProps {
  readonly catalogue: Catalogue
  /** One key each. */
  readonly keys: string
  readonly onKey: (key: string) => void
  readonly onErase: () => void
}

/** In the order of the alphabet, so that it may break into rows wherever the screen ends. */
export function LetterPad({ catalogue, keys, onKey, onErase }: LetterPadProps) {
  return (
    <div
      class="letters"
      // A finger on it leaves the focus where the text is: Enter goes on meaning "done".
      onMouseDown={(event) => {
        event.preventDefault()
      }}
    >
      {Array.from(keys, (key) => (
        <button
          key={key}
          type="button"
          class={key === ' ' ? 'letter letter-wide' : 'letter'}
          onClick={() => {
            onKey(key)
          }}
        >
          {key === ' ' ? catalogue.space : key}
        </button>
      ))}
      <button type="button" class="letter letter-wide" onClick={onErase}>
        {catalogue.erase}
      </button>
    </div>
  )
}
