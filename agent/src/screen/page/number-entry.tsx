// A staff number, by keyboard or by finger. It is no secret and is shown as it is typed.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Catalogue } from './catalogue/catalogue.ts'
import { secondsOf, useLeftMs } from './page-time.ts'
import { LetterPad } from './letter-pad.tsx'
import { useKeys } from './use-keys.ts'

interface NumberEntryProps {
  readonly catalogue: Catalogue
  /** Above the one large thing. */
  readonly tag?: ComponentChildren
  readonly title: string
  readonly lead: string
  readonly isWrong?: boolean
  readonly leftMs: number
  readonly onNumber: (staffNumber: string) => void
  readonly onCancel: () => void
}

const keys = '1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-'
const [lengthMin, lengthMax] = [3, 32]

export function NumberEntry(props: NumberEntryProps) {
  const { catalogue, tag, title, lead, isWrong = false, onNumber, onCancel } = props
  const leftMs = useLeftMs(props.leftMs)
  const [typed, setTyped] = useState('')
  const isEnough = typed.length >= lengthMin
  const add = (key: string): void => {
    setTyped((text) => (text + key).slice(0, lengthMax))
  }
  const erase = (): void => {
    setTyped((text) => text.slice(0, -1))
  }
  const send = (): void => {
    if (isEnough) onNumber(typed)
  }
  useKeys({ Escape: onCancel, Enter: send, Backspace: erase, Delete: erase }, (key) => {
    const isOurs = key.length === 1 && keys.includes(key.toUpperCase())
    if (isOurs) add(key)
    return isOurs
  })
  return (
    <div class="asking">
      <div role="status">
        {tag}
        <h1>{title}</h1>
        <p class={isWrong ? 'lead wrong' : 'lead'}>{lead}.</p>
      </div>
      <p class="typing">
        <output class="typed" aria-label={catalogue.staffNumber} data-testid="staff-number">
          {typed === '' ? '\u00a0' : typed}
        </output>
        <button type="button" class="main-choice" disabled={!isEnough} onClick={send}>
          {catalogue.enter}
        </button>
        <button type="button" onClick={onCancel}>
          {catalogue.back}
        </button>
      </p>
      <LetterPad catalogue={catalogue} keys={keys} onKey={add} onErase={erase} />
      <p class="quiet">{catalogue.closesIn(secondsOf(leftMs))}.</p>
    </div>
  )
}
