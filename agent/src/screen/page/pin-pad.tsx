// The PIN pad: touch and keyboard at once. The digits are held here until they are sent, are never
// drawn and never announced; only that something was typed is.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Catalogue } from './catalogue/catalogue.ts'

interface PinPadProps {
  readonly catalogue: Catalogue
  readonly digitsMin: number
  readonly digitsMax: number
  readonly onPin: (pin: string) => void
  readonly onCancel: () => void
}

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'erase', '0', 'enter'] as const
type Key = (typeof keys)[number]

export function PinPad({ catalogue, digitsMin, digitsMax, onPin, onCancel }: PinPadProps) {
  const [digits, setDigits] = useState('')
  const isSent = useRef(false)
  const press = (key: Key): void => {
    if (isSent.current) return
    if (key === 'erase') setDigits(digits.slice(0, -1))
    else if (key === 'enter') {
      if (digits.length < digitsMin) return
      isSent.current = true
      setDigits('')
      onPin(digits)
    } else if (digits.length < digitsMax) setDigits(digits + key)
  }
  // The newest press, so that the one listener below always sees the newest digits.
  const latest = useRef(press)
  latest.current = press
  // With what is drawn and not after it has been painted: the first digit of a quick hand counts.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey) return
      const key = keyOf(event)
      if (event.key === 'Escape') onCancel()
      else if (key === undefined) return
      else latest.current(key)
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener('keydown', onKey)
    }
  }, [])
  return (
    <div class="pad-area">
      <p class="dots" data-testid="dots" data-typed={digits.length}>
        <span class="sr-only">{catalogue.digitsEntered(digits.length)}</span>
        <span aria-hidden="true">{'•'.repeat(digits.length)}</span>
      </p>
      <div class="pad">
        {keys.map((key) => (
          <button
            key={key}
            type="button"
            class={`key key-${key}`}
            disabled={key === 'enter' && digits.length < digitsMin}
            onClick={() => {
              press(key)
            }}
          >
            {key === 'erase' ? catalogue.erase : key === 'enter' ? catalogue.enter : key}
          </button>
        ))}
      </div>
    </div>
  )
}

function keyOf(event: KeyboardEvent): Key | undefined {
  if (event.key === 'Backspace' || event.key === 'Delete') return 'erase'
  // A focused button's own Enter would press that button as well; the pad means "send" by it.
  if (event.key === 'Enter') {
    const isElsewhere =
      event.target instanceof HTMLButtonElement && !event.target.classList.contains('key')
    return isElsewhere ? undefined : 'enter'
  }
  return keys.find((key) => key === event.key)
}
