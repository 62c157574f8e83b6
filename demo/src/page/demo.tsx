// The demo's page: two workstations to stand at, badges to tap, and the record that grows with it.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { DemoWelcome, HeardNotice, PageMessage, StationAround } from '../demo-messages.ts'
import { BadgeRack } from './badge-rack.tsx'
import { ComplianceView } from './compliance-view.tsx'
import { connect } from './connection.ts'
import type { Connection } from './connection.ts'
import { RecordView } from './record-view.tsx'
import { Station } from './station.tsx'
import type { Names } from './story/fact-view.ts'
import type { Pictures } from './station.tsx'
import { PageVerifier } from './verify-record.ts'
import type { Entry, Seal } from './verify-record.ts'

const nothingYet: { readonly entries: readonly Entry[]; readonly seal: Seal } = {
  entries: [],
  seal: { kind: 'waiting' },
}

export function Demo() {
  const [welcome, setWelcome] = useState<DemoWelcome>()
  const [isUp, setIsUp] = useState(false)
  const [record, setRecord] = useState(nothingYet)
  const [names, setNames] = useState<Names>({})
  const [notices, setNotices] = useState<readonly HeardNotice[]>([])
  const [around, setAround] = useState<readonly StationAround[]>([])
  const [chosen, setChosen] = useState(0)
  const pictures = useRef<Pictures>(new Map())
  const connection = useRef<Connection>(undefined)

  useEffect(() => {
    let verifier: PageVerifier | undefined
    let work = Promise.resolve()
    connection.current = connect({
      onLine: setIsUp,
      onPicture: (station, jpeg) => pictures.current.get(station)?.(jpeg),
      onMessage: (message) => {
        if (message.kind === 'welcome') {
          setWelcome(message)
          verifier = new PageVerifier(message.vkey)
        } else if (message.kind === 'around') {
          setAround((all) => Object.assign([...all], { [message.station]: message.around }))
        } else if (message.kind === 'compliance') {
          setNotices(message.notices)
        } else {
          setNames((all) => ({ ...all, ...message.names }))
          const mine = verifier
          work = work.then(async () => {
            await mine?.take(message.lines)
            if (mine) setRecord({ entries: [...mine.entries], seal: mine.seal })
          })
        }
      },
    })
    return () => {
      connection.current?.close()
    }
  }, [])

  const say = (message: PageMessage): void => connection.current?.say(message)
  if (!welcome) return <Waiting />
  const badge = welcome.badges[chosen]
  return (
    <div class="page">
      <Top isUp={isUp} />
      <BadgeRack badges={welcome.badges} chosen={chosen} onChoose={setChosen} />
      <main class="stations">
        {welcome.stations.map((station, index) => (
          <Station
            key={station.place}
            index={index}
            place={station.place}
            hasBrowser={station.hasBrowser}
            holder={badge?.name ?? ''}
            around={around[index]}
            pictures={pictures.current}
            say={say}
            onTap={() => {
              if (badge) say({ kind: 'tap', station: index, uid: badge.uid })
            }}
          />
        ))}
      </main>
      <ComplianceView notices={notices} say={say} />
      <RecordView entries={record.entries} seal={record.seal} names={names} />
    </div>
  )
}

function Top({ isUp }: { readonly isUp: boolean }) {
  return (
    <header class="top">
      <h1>Wardkey: a small hospital</h1>
      <p>
        Choose a badge, hold it to a reader, type the PIN on that screen. Tap elsewhere, or tap over
        as somebody else, and watch the record.
      </p>
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
