// What is kept about me? Her own taps, sessions and presence, and who looked at them: for whoever
// is signed in, and of nobody else.

import { useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { OwnRecord } from '@wardkey/protocol/console/own-record'
import { ownRecordQuery } from '../../api/timeline-query.ts'
import { useAddress } from '../../parts/address.ts'
import { counted } from '../../parts/names.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { GoneNote } from '../../parts/time/gone-note.tsx'
import { TimePicker } from '../../parts/time/time-picker.tsx'
import { parseRange } from '../../parts/time/time-range.ts'
import { Stamp, useZone } from '../../parts/time/zone-choice.tsx'
import { daysOf } from './days-of.ts'
import { DisownedNote, NotMyBadges } from './not-me.tsx'
import { DayTable, LookTable, OwnFactTable } from './own-tables.tsx'

const usual = '-7d'

export function OwnRecordPage() {
  const [{ from = usual, to, show }] = useAddress()
  const [nowMs] = useState(() => Date.now())
  const range = useMemo(() => parseRange({ from, to }, nowMs), [from, to, nowMs])
  const query = useQuery(ownRecordQuery(range))
  return (
    <>
      <PageTitle question="What is kept about me?">
        {query.data && <Said of={query.data} />}
      </PageTitle>
      <div className="wk-bar">
        <Tabs
          label="What of it"
          value={show === 'days' || show === 'looks' ? show : 'taps'}
          tabs={[
            ['taps', 'My taps and sessions'],
            ['days', 'By day'],
            ['looks', 'Who looked'],
          ]}
        />
        <TimePicker usual={usual} />
      </div>
      <Answer query={query}>{(own) => <View of={own} show={show} nowMs={nowMs} />}</Answer>
      <p className="wk-quiet">
        Nobody reaches this page of yours but you: it shows who is signed in, and nobody else. What
        is wrong in it, the privacy office hears.
      </p>
    </>
  )
}

function Said({ of: { facts, looks } }: { readonly of: OwnRecord }) {
  const others = looks.filter(({ by }) => by !== 'herself').length
  return (
    <p>
      {counted(facts.length, 'fact')} about you in this time;{' '}
      {others === 0 ? 'nobody looked at them.' : `others looked ${counted(others, 'time')}.`}
    </p>
  )
}

interface ViewProps {
  readonly of: OwnRecord
  readonly show: string | undefined
  readonly nowMs: number
}

function View({ of: own, show, nowMs }: ViewProps) {
  const { zone } = useZone()
  const days = useMemo(() => daysOf(own.spans, nowMs, zone === 'UTC'), [own, nowMs, zone])
  if (show === 'looks') {
    return (
      <>
        <p className="wk-quiet">
          Looks at what is about you alone: your time line, your entry, your badges. Who looks at a
          whole ward or at a list of people names nobody, and is not here.
        </p>
        {own.areLooksCut && <p className="wk-warn">There are more: look at a shorter time.</p>}
        <LookTable looks={own.looks} />
      </>
    )
  }
  return (
    <>
      <Cut of={own} />
      <GoneNote gone={own.gone} />
      {show === 'days' ? <DayTable days={days} /> : <Facts own={own} />}
    </>
  )
}

function Facts({ own }: { readonly own: OwnRecord }) {
  const [said, setSaid] = useState('')
  return (
    <>
      <div className="wk-buttons-row">
        <NotMyBadges onDone={setSaid} />
      </div>
      <DisownedNote said={said} />
      <OwnFactTable own={own} onDisowned={setSaid} />
    </>
  )
}

function Cut({ of: { isCut, wholeFromMs, spokenUntilMs } }: { readonly of: OwnRecord }) {
  if (spokenUntilMs !== undefined) {
    return (
      <p className="wk-warn" role="note">
        For whom you spoke was looked for in what was recorded up to <Stamp ms={spokenUntilMs} />,
        and in nothing after.
        {isCut && ' There is more in this time than fits: look at a shorter time to see all of it.'}
      </p>
    )
  }
  if (!isCut) return null
  return (
    <p className="wk-warn" role="note">
      There is more in this time than fits
      {wholeFromMs === undefined ? (
        ': the newest is shown.'
      ) : (
        <>
          : from <Stamp ms={wholeFromMs} /> on everything is here, and nothing before.
        </>
      )}{' '}
      Look at a shorter time to see all of it.
    </p>
  )
}
