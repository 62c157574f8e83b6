// Who it is that asks for emergency access: by badge, or by the number HR knows her by where the
// badge is forgotten. The number is no secret and is shown as it is typed.

import { useState } from 'preact/hooks'
import { secondsOf, useLeftMs } from '../page-time.ts'
import { LetterPad } from '../letter-pad.tsx'
import { useKeys } from '../use-keys.ts'
import type { SceneOf, SceneProps } from './scene-props.ts'

const keys = '1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-'
const [lengthMin, lengthMax] = [3, 32]

export function Identifying({ catalogue, scene, act }: SceneProps<SceneOf<'identifying'>>) {
  const leftMs = useLeftMs(scene.leftMs)
  const [typed, setTyped] = useState('')
  const isEnough = typed.length >= lengthMin
  const add = (key: string): void => {
    setTyped((text) => (text + key).slice(0, lengthMax))
  }
  const erase = (): void => {
    setTyped((text) => text.slice(0, -1))
  }
  const send = (): void => {
    if (isEnough) act({ kind: 'staff-number-entered', staffNumber: typed })
  }
  const cancel = (): void => {
    act({ kind: 'emergency-cancelled' })
  }
  useKeys({ Escape: cancel, Enter: send, Backspace: erase, Delete: erase }, (key) => {
    const isOurs = key.length === 1 && keys.includes(key.toUpperCase())
    if (isOurs) add(key)
    return isOurs
  })
  return (
    <div class="asking">
      <div role="status">
        <p class="emergency-tag">{catalogue.emergencyAccess}</p>
        <h1>{catalogue.tapYourBadge}</h1>
        <p class="lead">{catalogue.orStaffNumber}.</p>
      </div>
      <p class="typing">
        <output class="typed" aria-label={catalogue.staffNumber} data-testid="staff-number">
          {typed === '' ? '\u00a0' : typed}
        </output>
        <button type="button" class="main-choice" disabled={!isEnough} onClick={send}>
          {catalogue.enter}
        </button>
        <button type="button" onClick={cancel}>
          {catalogue.back}
        </button>
      </p>
      <LetterPad catalogue={catalogue} keys={keys} onKey={add} onErase={erase} />
      <p class="quiet">{catalogue.closesIn(secondsOf(leftMs))}.</p>
    </div>
  )
}
