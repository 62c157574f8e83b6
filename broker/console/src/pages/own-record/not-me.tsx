// “This was not me”: of one line, or of all her badges. It says in plain words what will happen,
// and how the badge comes back.

import { useEffect, useRef } from 'react'
import type { Disowned, DisownOrder, OwnFact } from '@wardkey/protocol/console/own-record'
import { disown } from '../../api/acts.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { disownedText } from './not-me-words.ts'

type OnDone = (said: string) => void

interface LineProps {
  readonly fact: OwnFact
  readonly place: string
  readonly onDone: OnDone
}

export function NotMyTap({ fact, place, onDone }: LineProps) {
  const { notMe, index, sentence, atMs } = fact
  if (notMe === undefined) return null
  if (notMe === 'said') return <span className="wk-quiet">you said: not me</span>
  return (
    <ActButton
      isSmall
      label="This was not me"
      question="Was this not you?"
      act={(pass) => saying({ what: 'tap', index }, pass, onDone)}
      said={disownedText}
    >
      <p>
        <Stamp ms={atMs} />
        {place !== '' && `, ${place}`}: {sentence}
      </p>
      <What badge="The badge that it was done with" isMany={false} />
    </ActButton>
  )
}

export function NotMyBadges({ onDone }: { readonly onDone: OnDone }) {
  return (
    <ActButton
      isGrave
      label="Somebody else has my badge"
      question="Does somebody else use your badge?"
      act={(pass) => saying({ what: 'badges' }, pass, onDone)}
      said={disownedText}
    >
      <p>
        For one tap that was not yours, choose it below: then no other badge of yours is touched.
      </p>
      <What badge="Each badge of yours" isMany />
    </ActButton>
  )
}

async function saying(
  order: DisownOrder,
  pass: Parameters<typeof disown>[1],
  onDone: OnDone,
): Promise<Disowned> {
  const done = await disown(order, pass)
  onDone(disownedText(done))
  return done
}

function What({ badge, isMany }: { readonly badge: string; readonly isMany: boolean }) {
  return (
    <>
      <p>What happens at once:</p>
      <ul>
        <li>{badge} is suspended: it opens nothing, whoever holds it.</li>
        <li>
          Every screen that is open for you locks and its session ends, an emergency too. What is
          not saved there may be lost.
        </li>
        <li>Privacy and compliance are told that you said so.</li>
      </ul>
      <p>
        You need a loaner then: at a workstation, “Badge and PIN help”, with a colleague who may
        speak for you. If somebody may know your PIN, choose a new one there too. Security or the
        service desk gives {isMany ? 'your badges' : 'your badge'} back when it is cleared up; you
        cannot do that yourself, and this cannot be taken back here.
      </p>
    </>
  )
}

/** What came of it. The button that it came by is gone: the focus goes here. */
export function DisownedNote({ said }: { readonly said: string }) {
  const note = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (said !== '') note.current?.focus()
  }, [said])
  return (
    <p ref={note} role="status" tabIndex={-1} className={said === '' ? '' : 'wk-warn'}>
      {said}
    </p>
  )
}
