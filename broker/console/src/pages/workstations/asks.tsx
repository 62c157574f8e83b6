// Computers that ask to be a workstation: the words that each of them shows on its own screen, and
// a yes with a zone, or a no.

import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { EnrolAskShown } from '@wardkey/protocol/admin/fleet/enrolling'
import { decideAsk } from '../../api/workstation-acts.ts'
import { asksQuery, zonesQuery } from '../../api/settings-queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { Doer } from '../../parts/doer.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { ZoneField } from './zone-field.tsx'
import './asks.css'

export function Asks() {
  const query = useQuery(asksQuery)
  return (
    <Answer query={query}>
      {({ asks }) =>
        asks.length === 0 ? (
          <div className="wk-empty">
            <p>
              No computer asks. Run <code>wardkey-agent enroll --ask</code> at one: it shows five
              words, and stands here under the same ones.
            </p>
          </div>
        ) : (
          <ul className="wk-asks">
            {asks.map((one) => (
              <li key={one.askId}>
                <Ask ask={one} />
              </li>
            ))}
          </ul>
        )
      }
    </Answer>
  )
}

const stateWords: Readonly<Record<EnrolAskShown['state'], string>> = {
  waiting: 'waits',
  approved: 'approved, and has not come back yet',
  refused: 'refused',
  taken: 'enrolled',
}

function Ask({ ask }: { readonly ask: EnrolAskShown }) {
  const { can } = useSession()
  const { place, words, address, assetTag, takesPlaceOf, state, askedMs, decidedBy } = ask
  return (
    <section aria-label={place}>
      <p className="wk-words">{words.join(' ')}</p>
      <p>
        <strong>{place}</strong> from {address}
        {assetTag === undefined ? '' : `, asset tag ${assetTag}`}, <Stamp ms={askedMs} />:{' '}
        {stateWords[state]}
        {decidedBy !== undefined && (
          <>
            {' '}
            by <Doer by={decidedBy} />
          </>
        )}
      </p>
      {takesPlaceOf !== undefined && (
        <p className="wk-warn">
          {takesPlaceOf} has this asset tag: a yes gives this computer its place, and ends its old
          identity.
        </p>
      )}
      {state === 'waiting' && can('workstations:write') && <Decision ask={ask} />}
    </section>
  )
}

function Decision({ ask: { askId, place, words } }: { readonly ask: EnrolAskShown }) {
  const zones = useQuery(zonesQuery).data?.zones ?? []
  const [zoneId, setZone] = useState('')
  return (
    <div className="wk-bar">
      <ZoneField zones={zones} value={zoneId} onChange={setZone} />
      <ActButton
        isSmall
        disabled={zoneId === ''}
        label="Approve this computer"
        question={`Does its screen show these words?`}
        act={(pass) => decideAsk(askId, { outcome: 'approved', zoneId }, pass)}
        said={() => 'Approved'}
      >
        <p className="wk-words">{words.join(' ')}</p>
        <p>
          {place} becomes a workstation of {zoneId}. Compare all five: another computer may ask at
          the same moment. It is undone by revoking the workstation.
        </p>
      </ActButton>
      <ActButton
        isSmall
        isGrave
        label="Refuse it"
        question={`Refuse ${place}?`}
        act={(pass) => decideAsk(askId, { outcome: 'refused' }, pass)}
        said={() => 'Refused'}
      >
        <p>It is told so, and may ask again under other words.</p>
      </ActButton>
    </div>
  )
}
