// One legal hold: what it covers and why, and its end: one asks, and another one lifts it.

import type { ReactNode } from 'react'
import type { HoldShown } from '@wardkey/protocol/admin/forget/holds'
import { endHold } from '../../../api/record/hold-queries.ts'
import { ActButton } from '../../../parts/act-button.tsx'
import { Doer } from '../../../parts/doer.tsx'
import { Facts, Panel } from '../../../parts/panel.tsx'
import { useSession } from '../../../parts/shell/session.tsx'
import { Stamp } from '../../../parts/time/zone-choice.tsx'
import { GivenWord } from '../given-word.tsx'
import { coversText, holdStateText } from './hold-words.ts'
import type { Named } from './hold-words.ts'

interface Props {
  readonly hold: HoldShown
  readonly named: Named
}

export function HoldPanel({ hold, named }: Props) {
  const { personId, workstationId, fromMs, untilMs, reason, placed, liftAsked, lifted } = hold
  const time = (ms: number | undefined, open: string): ReactNode =>
    ms === undefined ? open : <Stamp ms={ms} />
  return (
    <Panel title={`Hold on ${coversText(hold, named)}`}>
      <Facts
        of={[
          ['Standing', holdStateText(hold)],
          ['Whom', personId === undefined ? 'everybody' : <Doer by={`person ${personId}`} />],
          ['Where', workstationId === undefined ? 'everywhere' : named.place(workstationId)],
          ['From', time(fromMs, 'the beginning')],
          ['Until', time(untilMs, 'now and later')],
          ['Why', reason],
          ['Placed', <GivenWord key="placed" {...placed} />],
          ...(liftAsked
            ? [['End asked for', <GivenWord key="asked" {...liftAsked} />] as const]
            : []),
          ...(lifted ? [['Lifted', <GivenWord key="lifted" {...lifted} />] as const] : []),
        ]}
      />
      <End hold={hold} named={named} />
    </Panel>
  )
}

function End({ hold, named }: Props) {
  const { can, who } = useSession()
  const { state, liftAsked, personId } = hold
  if (state === 'lifted') {
    return <p className="wk-quiet">It is over. What it kept goes when its time has passed.</p>
  }
  if (personId === who.personId) {
    return <p className="wk-quiet">It is about you: others decide when it ends.</p>
  }
  if (state === 'holds') {
    return can('holds:write') ? <AskForEnd hold={hold} named={named} /> : null
  }
  if (liftAsked?.by === `person ${who.personId}`) {
    return <p className="wk-quiet">You asked for its end: somebody else lifts it.</p>
  }
  if (!can('holds:approve')) {
    return <p className="wk-quiet">Somebody of compliance who did not ask for it may lift it.</p>
  }
  return <Lift hold={hold} named={named} />
}

function AskForEnd({ hold, named }: Props) {
  return (
    <ActButton
      label="Ask for its end"
      question={`Ask that the hold on ${coversText(hold, named)} is lifted?`}
      act={(pass) => endHold(hold.id, 'ask-lift', pass)}
      said={() => 'It holds until somebody else has lifted it'}
    >
      <p>
        Nothing changes yet: it holds until somebody of compliance, other than you, has lifted it.
      </p>
    </ActButton>
  )
}

function Lift({ hold, named }: Props) {
  return (
    <ActButton
      isGrave
      label="Lift this hold"
      question={`Lift the hold on ${coversText(hold, named)}?`}
      act={(pass) => endHold(hold.id, 'lift', pass)}
      said={() => 'Lifted'}
    >
      <p>
        What it kept goes with the next run where its time has passed, and whom it covered can be
        forgotten. <strong>What is gone cannot be brought back.</strong> A new hold keeps what is
        still there.
      </p>
    </ActButton>
  )
}
