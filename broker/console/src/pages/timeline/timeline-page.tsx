// What happened here? The record of a person, a workstation or a zone between two times.

import { useEffect, useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { Timeline } from '@wardkey/protocol/console/timeline'
import { timelineQuery } from '../../api/timeline-query.ts'
import type { About } from '../../api/timeline-query.ts'
import { Allowed } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import type { Address } from '../../parts/address.ts'
import { counted } from '../../parts/names.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { GoneNote } from '../../parts/time/gone-note.tsx'
import { TimePicker } from '../../parts/time/time-picker.tsx'
import { parseRange } from '../../parts/time/time-range.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { FactTable } from './facts/fact-table.tsx'
import { LanesView } from './lanes-view.tsx'
import { SubjectPicker } from './subject-picker.tsx'
import './timeline.css'

export function TimelinePage() {
  return (
    <Allowed page="/timeline">
      <Page />
    </Allowed>
  )
}

function Page() {
  const [address] = useAddress()
  const about = aboutOf(address)
  if (about) return <Told key={about.join(' ')} about={about} />
  return (
    <>
      <PageTitle question="What happened here?" />
      <SubjectPicker />
    </>
  )
}

const nobody = {
  ...{ personId: undefined, workstationId: undefined, zoneId: undefined },
  ...{ zoom: undefined, at: undefined },
}

function aboutOf({ personId, workstationId, zoneId }: Address): About | undefined {
  if (personId !== undefined) return ['personId', personId]
  if (workstationId !== undefined) return ['workstationId', workstationId]
  return zoneId === undefined ? undefined : ['zoneId', zoneId]
}

function Told({ about }: { readonly about: About }) {
  const [address, setAddress] = useAddress()
  const [nowMs, setNow] = useState(() => Date.now())
  const { from, to } = address
  const range = useMemo(() => parseRange({ from, to }, nowMs), [from, to, nowMs])
  const query = useQuery(timelineQuery(about, range))
  const isTable = address['view'] === 'table'
  const turn = (): void => {
    setAddress({ view: isTable ? undefined : 'table', sort: undefined, filter: undefined })
  }
  useTableKey(turn)
  return (
    <>
      <PageTitle question="What happened here?">
        {query.data && (
          <p>
            <strong>{query.data.label}</strong>: {counted(query.data.facts.length, 'fact')},{' '}
            {counted(query.data.differences.length, 'difference')}.
          </p>
        )}
      </PageTitle>
      <div className="wk-bar">
        <TimePicker />
        <div className="wk-tabs">
          <button type="button" aria-pressed={isTable} onClick={turn}>
            As a table
          </button>
          {range.isRelative && (
            <button
              type="button"
              onClick={() => {
                setNow(Date.now())
              }}
            >
              Up to now
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              setAddress(nobody)
            }}
          >
            Of somebody or something else
          </button>
        </div>
      </div>
      <Answer query={query} lines={6} height={48}>
        {(timeline) => (
          <>
            <Cut timeline={timeline} />
            <GoneNote gone={timeline.gone} />
            {isTable ? (
              <FactTable timeline={timeline} />
            ) : (
              <LanesView
                key={`${String(timeline.fromMs)} ${String(timeline.toMs)}`}
                of={timeline}
              />
            )}
          </>
        )}
      </Answer>
    </>
  )
}

interface CutProps {
  readonly timeline: Pick<Timeline, 'isCut' | 'wholeFromMs' | 'spokenUntilMs'>
}

function Cut({ timeline: { isCut, wholeFromMs, spokenUntilMs } }: CutProps) {
  if (spokenUntilMs !== undefined) {
    return (
      <p className="wk-warn" role="note">
        For whom this person spoke was looked for in what was recorded up to{' '}
        <Stamp ms={spokenUntilMs} />, and in nothing after.
        {isCut && ' There is more in this time than fits: look at a shorter time to see all of it.'}
      </p>
    )
  }
  if (!isCut) return null
  return (
    <p className="wk-warn" role="note">
      There is more in this time than fits:{' '}
      {wholeFromMs === undefined ? (
        'the newest facts are shown.'
      ) : (
        <>
          from <Stamp ms={wholeFromMs} /> on everything is here, and nothing before.
        </>
      )}{' '}
      Look at a shorter time to see all of it.
    </p>
  )
}

/** `t` turns lanes into a table and back, unless somebody is writing. */
function useTableKey(turn: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isWriting =
        event.target instanceof Element && event.target.closest('input, select, textarea, dialog')
      if (event.key !== 't' || event.ctrlKey || event.metaKey || event.altKey || isWriting) return
      turn()
    }
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener('keydown', onKey)
    }
  })
}
