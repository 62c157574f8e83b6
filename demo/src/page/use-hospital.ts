// What the page knows of the hospital, as the demo's program tells it: state in, words out.

import { useEffect, useRef, useState } from 'preact/hooks'
import type {
  DemoWelcome,
  HeardNotice,
  HrShown,
  PageMessage,
  StationAround,
} from '../demo-messages.ts'
import { connect } from './connection.ts'
import type { Connection } from './connection.ts'
import type { Pictures } from './station.tsx'
import type { Names } from '@wardkey/protocol/story/fact-view'
import { tellLooks } from './tell-looks.ts'
import { PageVerifier } from './verify-record.ts'
import type { Entry, Seal } from './verify-record.ts'

const nothingYet: { readonly entries: readonly Entry[]; readonly seal: Seal } = {
  entries: [],
  seal: { kind: 'waiting' },
}

const nobodyYet: HrShown = { people: [], applicants: [], positions: [] }

export function useHospital() {
  const [welcome, setWelcome] = useState<DemoWelcome>()
  const [isUp, setIsUp] = useState(false)
  const [record, setRecord] = useState(nothingYet)
  const [names, setNames] = useState<Names>({})
  const [notices, setNotices] = useState<readonly HeardNotice[]>([])
  const [around, setAround] = useState<readonly StationAround[]>([])
  const [hr, setHr] = useState<HrShown>(nobodyYet)
  const pictures = useRef<Pictures>(new Map())
  const connection = useRef<Connection>(undefined)

  useEffect(() => {
    let verifier: PageVerifier | undefined
    let work = Promise.resolve()
    let endLooks = (): void => undefined
    connection.current = connect({
      onLine: setIsUp,
      onPicture: (station, jpeg) => pictures.current.get(station)?.(jpeg),
      onMessage: (message) => {
        if (message.kind === 'welcome') {
          setWelcome(message)
          endLooks()
          endLooks = tellLooks((looks) => connection.current?.say(looks))
          verifier = new PageVerifier(message.vkey)
        } else if (message.kind === 'around') {
          setAround((all) => Object.assign([...all], { [message.station]: message.around }))
        } else if (message.kind === 'compliance') {
          setNotices(message.notices)
        } else if (message.kind === 'hr') {
          setHr(message)
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
      endLooks()
      connection.current?.close()
    }
  }, [])

  const say = (message: PageMessage): void => connection.current?.say(message)
  return { welcome, isUp, record, names, notices, hr, around, pictures: pictures.current, say }
}
