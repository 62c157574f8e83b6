// The demo's page: two workstations to stand at, badges to tap, the HR desk that they come from, and
// the record that grows with it.

import { useEffect, useMemo, useState } from 'preact/hooks'
import { BadgeRack, badgesOf } from './badge-rack.tsx'
import { ComplianceView } from './compliance-view.tsx'
import { HrDesk } from './hr/hr-desk.tsx'
import { rackMarks } from './rack-marks.ts'
import { RecordView } from './record-view.tsx'
import { Station } from './station.tsx'
import { useHospital } from './use-hospital.ts'

export function Demo() {
  const { welcome, isUp, record, names, notices, hr, around, pictures, say } = useHospital()
  const [chosen, setChosen] = useState('')
  const way = useWay()
  const marks = useMemo(() => rackMarks(record.entries), [record.entries])
  if (!welcome) return <Waiting />
  const badges = badgesOf(hr, marks)
  const badge = badges.find(({ uid }) => uid === chosen) ?? badges[0]
  const stations = (
    <main class="stations">
      {welcome.stations.map((station, index) => (
        <Station
          key={station.place}
          index={index}
          place={station.place}
          hasBrowser={station.hasBrowser}
          holder={badge?.name ?? ''}
          around={around[index]}
          pictures={pictures}
          say={say}
          onTap={() => {
            if (badge) say({ kind: 'tap', station: index, uid: badge.uid })
          }}
        />
      ))}
    </main>
  )
  return (
    <div class="page">
      <Top isUp={isUp} way={way} consoleUrl={welcome.consoleUrl} />
      {/* One place for the screens in both views: a canvas made anew is blank for a while. */}
      <div class={way === 'hr' ? 'hr-view' : 'ward-view'}>
        {way === 'hr' ? (
          <HrDesk hr={hr} marks={marks} chosen={badge?.uid ?? ''} onChoose={setChosen} say={say} />
        ) : (
          <BadgeRack badges={badges} chosen={badge?.uid ?? ''} onChoose={setChosen} />
        )}
        {stations}
      </div>
      {way === 'ward' && <ComplianceView notices={notices} say={say} />}
      <RecordView entries={record.entries} seal={record.seal} names={names} />
    </div>
  )
}

type Way = 'ward' | 'hr'
const wayOf = (): Way => (location.hash === '#hr' ? 'hr' : 'ward')

/** Which of the two the visitor looks at: the address says so, so that each can be gone back to. */
function useWay(): Way {
  const [way, setWay] = useState(wayOf)
  useEffect(() => {
    const follow = (): void => {
      setWay(wayOf())
    }
    addEventListener('hashchange', follow)
    return () => {
      removeEventListener('hashchange', follow)
    }
  }, [])
  return way
}

interface TopProps {
  readonly isUp: boolean
  readonly way: Way
  readonly consoleUrl: string
}

function Top({ isUp, way, consoleUrl }: TopProps) {
  return (
    <header class="top">
      <h1>Wardkey: a small hospital</h1>
      <p>
        Choose a badge, hold it to a reader, type the PIN on that screen. Tap over as somebody else,
        or, as the physician, tap at the other workstation, and watch the record.
      </p>
      <nav class="ways" aria-label="Places">
        <a href="#ward" aria-current={way === 'ward' ? 'page' : undefined}>
          Ward and pharmacy
        </a>
        <a href="#hr" aria-current={way === 'hr' ? 'page' : undefined} data-testid="way-hr">
          HR desk
        </a>
        {/* Another program's page: this one stays as it is. */}
        <a href={consoleUrl} target="_blank" rel="noreferrer" data-testid="way-console">
          Console
        </a>
      </nav>
      {!isUp && (
        <p class="lost" role="status">
          The demo program has stopped. Start it again with npm start.
        </p>
      )}
    </header>
  )
}

function Waiting() {
  return (
    <main class="waiting">
      <h1>Wardkey</h1>
      <p role="status">The hospital is opening …</p>
    </main>
  )
}
