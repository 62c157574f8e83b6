// One exception: who has what and until when, who said so, and the word that somebody else than
// who asked for it gives.

import type { ExceptionShown } from '@wardkey/protocol/admin/exceptions/exceptions'
import { decideException, endException } from '../../../api/exception-queries.ts'
import { ActButton } from '../../../parts/act-button.tsx'
import { Doer } from '../../../parts/doer.tsx'
import { counted } from '../../../parts/names.ts'
import { Facts, Panel } from '../../../parts/panel.tsx'
import { useSession } from '../../../parts/shell/session.tsx'
import { lengthText } from '../../../parts/time/time-text.ts'
import { Stamp } from '../../../parts/time/zone-choice.tsx'
import { exceptionStateText, whatText } from './exception-words.ts'

interface Props {
  readonly exception: ExceptionShown
  readonly nameOf: (id: string) => string
}

export function ExceptionPanel({ exception, nameOf }: Props) {
  const { personId, ownerId, reason, lastsMs, untilMs, proposed, decided, ended } = exception
  return (
    <Panel title={`${nameOf(personId)}: ${whatText(exception)}`}>
      <Facts
        of={[
          ['Standing', exceptionStateText(exception)],
          ['Person', <Doer key="person" by={`person ${personId}`} />],
          ['Why', reason],
          ['Lasts', `${lengthText(lastsMs)} from its approval on`],
          ...(untilMs === undefined
            ? []
            : [['Until', <Stamp key="until" ms={untilMs} />] as const]),
          ['Answers for it', <Doer key="owner" by={`person ${ownerId}`} />],
          ['Asked for', <By key="proposed" {...proposed} />],
          ...(decided ? [['Decided', <By key="decided" {...decided} />] as const] : []),
          ...(ended ? [['Ended', <By key="ended" {...ended} />] as const] : []),
        ]}
      />
      {exception.state === 'proposed' && <Decision exception={exception} nameOf={nameOf} />}
      {exception.state === 'holds' && <End exception={exception} nameOf={nameOf} />}
    </Panel>
  )
}

function By({ by, atMs }: { readonly by: string; readonly atMs: number }) {
  return (
    <>
      {by === '' ? 'by itself' : <Doer by={by} />}, <Stamp ms={atMs} />
    </>
  )
}

function Decision({ exception, nameOf }: Props) {
  const { can, who } = useSession()
  const { id, personId, proposed, lastsMs } = exception
  if (!can('exceptions:approve')) {
    return <p className="wk-quiet">An administrator who did not ask for it may decide.</p>
  }
  if (proposed.by === `person ${who.personId}`) {
    return <p className="wk-quiet">You asked for this: somebody else decides.</p>
  }
  if (personId === who.personId) {
    return <p className="wk-quiet">It is about you: somebody else decides.</p>
  }
  return (
    <div className="wk-buttons wk-decision">
      <ActButton
        label="Turn it down"
        question="Turn this exception down?"
        act={(pass) => decideException(id, 'rejected', pass)}
        said={() => 'Turned down'}
      >
        <p>Nothing changes. It stays in the list, and can be asked for again.</p>
      </ActButton>
      <ActButton
        label="Approve it"
        question={`Give ${nameOf(personId)} the ${whatText(exception)}?`}
        act={(pass) => decideException(id, 'approved', pass)}
        said={() => 'It holds'}
      >
        <p>
          It holds from her next tap on and ends by itself after {lengthText(lastsMs)}. Whoever may
          ask for exceptions can end it before.
        </p>
      </ActButton>
    </div>
  )
}

function End({ exception, nameOf }: Props) {
  const { can } = useSession()
  const { id, kind, personId } = exception
  if (!can('exceptions:propose')) {
    return <p className="wk-quiet">A manager or an administrator may end it.</p>
  }
  const locks = kind === 'role' ? 'All her open screens lock.' : 'Her open screens there lock.'
  return (
    <ActButton
      isGrave
      label="End it now"
      question={`End the ${whatText(exception)} of ${nameOf(personId)} now?`}
      act={(pass) => endException(id, pass)}
      said={({ sessions }) => `Ended; ${counted(sessions, 'screen')} told to lock`}
    >
      <p>{locks} To have it again, it is asked for and approved anew.</p>
    </ActButton>
  )
}
