// Which key changes when? Every key that the broker lists: what it is for, since when, what comes
// next, what is wrong with it. It changes none: that is a command on the broker's host.

import { useQuery } from '@tanstack/react-query'
import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { keysQuery } from '../../api/record/key-queries.ts'
import { Allowed } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { counted } from '../../parts/names.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { workstationWords } from './authority-words.ts'
import { KeyPanel } from './key-panel.tsx'
import { inTheirOrder, problemOf } from './key-problem.ts'
import { keyAddress, keyPurpose, keyStateText, keyTitle } from './key-standing.ts'
import { nextText, nextWords, sinceText } from './key-standing.ts'

export function KeysPage() {
  return (
    <Allowed page="/keys">
      <Keys />
    </Allowed>
  )
}

function Keys() {
  const [address] = useAddress()
  const query = useQuery(keysQuery)
  const { open } = address
  const shown = query.data?.keys.find((key) => keyAddress(key) === open)
  return (
    <>
      <PageTitle question="Which key changes when?">
        {query.data && <Said keys={query.data.keys} />}
      </PageTitle>
      <Answer query={query}>
        {({ keys }) => (
          <DataTable
            name="keys"
            label="Keys"
            rows={inTheirOrder(keys)}
            columns={columns}
            keyOf={keyAddress}
            opens
            empty={
              <p>
                The broker lists no key. On its host <code>wardkey-broker keys check</code> says
                whether its key folder opens.
              </p>
            }
          />
        )}
      </Answer>
      <p className="wk-quiet">
        Nothing is changed here: a key is changed on the broker’s host, by the command that stands
        beside it. Ids are of public halves; no secret is shown.
      </p>
      {shown && <KeyPanel key={open} shown={shown} />}
    </>
  )
}

/** The answer above the fold: how many need a hand, or that none does. */
function Said({ keys }: { readonly keys: readonly KeyShown[] }) {
  const wrong = keys.filter((key) => problemOf(key)).length
  return (
    <p>
      {counted(keys.length, 'key')},{' '}
      {wrong === 0 ? (
        'and none needs a hand.'
      ) : (
        <strong className="wk-bad">
          {wrong} {wrong === 1 ? 'needs' : 'need'} a hand.
        </strong>
      )}
    </p>
  )
}

/** What ended is changed by nothing. */
const commandOf = ({ state, command = '' }: KeyShown): string => (state === 'ended' ? '' : command)

const columns: readonly ShownColumn<KeyShown>[] = [
  { id: 'key', head: 'Key', text: keyTitle },
  {
    id: 'state',
    head: 'Standing',
    text: standingText,
    cell: (key) => <Standing shown={key} />,
  },
  {
    id: 'since',
    head: 'Since',
    text: sinceText,
    order: ({ sinceMs }) => sinceMs ?? 0,
    cell: ({ sinceMs, isOlder }) =>
      sinceMs === undefined ? (
        <span className="wk-quiet">not known</span>
      ) : (
        <>
          <Stamp ms={sinceMs} form="day" />
          {isOlder && <span className="wk-quiet"> or earlier</span>}
        </>
      ),
  },
  {
    id: 'next',
    head: 'Next change',
    text: nextText,
    order: ({ nextMs, endsMs }) => nextMs ?? endsMs ?? Number.MAX_SAFE_INTEGER,
    cell: (key) => <Next shown={key} />,
  },
  {
    id: 'command',
    head: 'Changed by',
    text: commandOf,
    cell: (key) => <code>{commandOf(key)}</code>,
  },
  { id: 'for', head: 'What it is for', text: keyPurpose, isProse: true },
  {
    id: 'id',
    head: 'Id',
    text: ({ id }) => id ?? '',
    cell: ({ id }) => <code className="wk-quiet">{shortId(id)}</code>,
  },
]

function standingText(key: KeyShown): string {
  const words = [keyStateText(key), problemOf(key)?.mark, workstationWords(key)]
  return words.filter((one) => one !== undefined && one !== '').join('; ')
}

function Standing({ shown }: { readonly shown: KeyShown }) {
  const problem = problemOf(shown)
  const colour = shown.state === 'in-force' ? 'wk-good' : 'wk-quiet'
  return (
    <>
      <span className={colour}>{keyStateText(shown)}</span>
      {problem && (
        <>
          <br />
          <span className="wk-bad">{problem.mark}</span>
        </>
      )}
      {shown.workstations && (
        <>
          <br />
          {workstationWords(shown)}
        </>
      )}
    </>
  )
}

function Next({ shown }: { readonly shown: KeyShown }) {
  const { state, nextMs, endsMs } = shown
  if (state !== 'ended' && nextMs !== undefined) return <Stamp ms={nextMs} form="day" />
  if (state !== 'ended' && endsMs !== undefined) {
    return (
      <>
        ends <Stamp ms={endsMs} form="day" />
      </>
    )
  }
  return <span className="wk-quiet">{nextWords(shown)}</span>
}

/** Its beginning tells two apart; the panel and the file have it whole. */
const shortId = (id = ''): string =>
  id
    .split(' ')
    .map((one) => one.slice(0, 12))
    .join(' ')
