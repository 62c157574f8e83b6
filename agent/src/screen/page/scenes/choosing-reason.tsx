// What the emergency is, in the site's own words: few, large, none chosen before a person chooses.
// How long that took and where the choice stood goes with it, so that habit can be told from need.

import { useRef, useState } from 'preact/hooks'
import type { ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import { secondsOf, useLeftMs } from '../page-time.ts'
import { useKeys } from '../use-keys.ts'
import { ReasonNote } from './reason-note.tsx'
import type { SceneOf, SceneProps } from './scene-props.ts'

type Props = SceneProps<SceneOf<'choosing-reason'>>

const tookMaxMs = 3_600_000

export function ChoosingReason({ catalogue, scene, act }: Props) {
  const leftMs = useLeftMs(scene.leftMs)
  const shownMs = useRef(performance.now())
  /** Chosen, and waiting for its note. */
  const [chosen, setChosen] = useState<{ label: string; choice: ReasonChoice }>()
  const send = (choice: ReasonChoice): void => {
    act({ kind: 'reason-chosen', choice })
  }
  const back = (): void => {
    if (chosen) setChosen(undefined)
    else act({ kind: 'emergency-cancelled' })
  }
  useKeys({ Escape: back })
  const choose = (position: number): void => {
    const reason = scene.reasons[position]
    if (!reason) return
    const tookMs = Math.min(tookMaxMs, Math.round(performance.now() - shownMs.current))
    const choice = { reason: reason.code, tookMs, position, of: scene.reasons.length }
    if (reason.asksNote) setChosen({ label: reason.label, choice })
    else send(choice)
  }
  if (chosen) {
    return (
      <ReasonNote
        catalogue={catalogue}
        label={chosen.label}
        onBack={back}
        onNote={(note) => {
          send({ ...chosen.choice, note })
        }}
      />
    )
  }
  return (
    <div class="asking">
      <div role="status">
        <p class="emergency-tag">{catalogue.emergencyAccess}</p>
        <h1>{catalogue.chooseReason}</h1>
      </div>
      <div class="reasons">
        {scene.reasons.map(({ code, label }, position) => (
          <button
            key={code}
            type="button"
            class="reason"
            onClick={() => {
              choose(position)
            }}
          >
            {label}
          </button>
        ))}
      </div>
      <p class="foot-line">
        <button type="button" onClick={back}>
          {catalogue.back}
        </button>
        <span class="quiet">
          {catalogue.reasonIsKept}. {catalogue.closesIn(secondsOf(leftMs))}.
        </span>
      </p>
    </div>
  )
}
