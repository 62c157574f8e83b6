// What reaches other systems, and what comes from them: each stream with how far it has come, each
// feed with what its table lacks. It changes nothing.

import { useQuery } from '@tanstack/react-query'
import type { StreamShown } from '@wardkey/protocol/admin/streams/streams'
import type { FeedShown } from '@wardkey/protocol/admin/streams/feeds'
import { feedsQuery, streamsQuery } from '../../api/stream-queries.ts'
import { Facts } from '../../parts/panel.tsx'
import { Answer } from '../../parts/shape.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { numberColumn, timeColumn } from '../../parts/table/usual-columns.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'

export function Streams() {
  const streams = useQuery(streamsQuery)
  const feeds = useQuery(feedsQuery)
  return (
    <>
      <Answer query={streams}>
        {(page) => (
          <DataTable
            name="streams"
            label="Facts to other systems"
            rows={page.streams}
            columns={streamColumns}
            keyOf={({ name }) => name}
            empty={
              <p>Facts go to no other system. Streams come with the settings of the broker.</p>
            }
          />
        )}
      </Answer>
      <Answer query={feeds}>
        {(page) => (
          <div className="wk-zones">
            {page.feeds.map((feed) => (
              <Feed key={feed.name} feed={feed} />
            ))}
          </div>
        )}
      </Answer>
    </>
  )
}

function Feed({ feed: { name, kind, counts, lastMs, unmapped } }: { readonly feed: FeedShown }) {
  const lacks = unmapped.map(({ why, what, count }) => {
    const of = what === '' ? why : `${why} ${what}`
    return `${of} (${String(count)})`
  })
  return (
    <section className="wk-zone-rules">
      <h2>Events from {name}</h2>
      <p className="wk-quiet">by {kind}, since this broker started</p>
      <Facts
        of={[
          ['Taken', String(counts.taken)],
          ['There already', String(counts.repeated)],
          ['Ignored', String(counts.ignored)],
          ['Not taken', String(counts.unmapped)],
          ['Its table lacks', lacks.length === 0 ? 'nothing' : lacks.join(', ')],
          ['Last', lastMs === undefined ? 'none' : <Stamp key="last" ms={lastMs} />],
        ]}
      />
    </section>
  )
}

const stateWords: Readonly<Record<StreamShown['state'], string>> = {
  waiting: 'all of it sent',
  sending: 'sending',
  failing: 'failing',
  'not-begun': 'not begun',
}

const streamColumns: readonly ShownColumn<StreamShown>[] = [
  { id: 'name', head: 'Stream', text: ({ name }) => name },
  { id: 'kind', head: 'By', text: ({ kind }) => kind },
  {
    id: 'state',
    head: 'State',
    text: stateText,
    cell: (row) => {
      const isBad = row.state === 'failing'
      return (
        <span className={`wk-mark ${isBad ? 'wk-bad' : 'wk-quiet'}`}>
          <span aria-hidden="true">{isBad ? '✕' : '●'}</span>
          {stateText(row)}
        </span>
      )
    },
  },
  numberColumn({ id: 'behind', head: 'Facts behind' }, ({ behind }) => behind),
  timeColumn({ id: 'sent', head: 'Last arrived' }, ({ sentMs }) => sentMs),
  {
    id: 'people',
    head: 'People as',
    text: ({ identifiers }) => identifiers.replace('-', ' '),
  },
]

function stateText({ state, reason }: StreamShown): string {
  return reason === undefined ? stateWords[state] : `${stateWords[state]} (${reason})`
}
