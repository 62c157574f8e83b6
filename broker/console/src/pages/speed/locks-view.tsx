// Do the waits fit? How often screens locked in each zone and why, how often somebody said on the
// lock screen that it was wrong, and the zone's waits beside it. Nobody is named.

import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { lockWords } from '@wardkey/protocol/story/words'
import type { LocksShown } from '@wardkey/protocol/admin/speed/locks'
import { zonesQuery } from '../../api/settings-queries.ts'
import { locksQuery } from '../../api/speed-query.ts'
import { useAddress } from '../../parts/address.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { numberColumn } from '../../parts/table/usual-columns.tsx'
import { TimePicker } from '../../parts/time/time-picker.tsx'
import { parseRange } from '../../parts/time/time-range.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { lockRows, sentenceOf, shareText } from './lock-rows.ts'
import type { LockRow, WaitName } from './lock-rows.ts'

const usual = '-7d'

export function LocksView({ children }: { readonly children: ReactNode }) {
  const [nowMs] = useState(() => Date.now())
  const [{ from = usual, to }] = useAddress()
  const range = useMemo(() => parseRange({ from, to }, nowMs), [from, to, nowMs])
  const query = useQuery(locksQuery(range))
  const zones = useQuery(zonesQuery)
  const known = zones.data?.zones
  const rows = useMemo(
    () => (query.data && known ? lockRows(query.data, known) : undefined),
    [query.data, known],
  )
  return (
    <>
      <PageTitle question="Do the waits fit?">{rows && <p>{sentenceOf(rows)}</p>}</PageTitle>
      <div className="wk-bar">
        {children}
        <TimePicker usual={usual} />
      </div>
      <Answer query={zones}>
        {() => (
          <Answer query={query}>
            {(shown) => (
              <>
                <Since shown={shown} askedMs={range.fromMs} />
                <LockTable rows={rows ?? []} />
              </>
            )}
          </Answer>
        )}
      </Answer>
      <WhatToDo />
    </>
  )
}

/** Where the record has more than is counted at once. */
function Since({ shown, askedMs }: { readonly shown: LocksShown; readonly askedMs: number }) {
  if (shown.fromMs <= askedMs) return null
  return (
    <p className="wk-warn">
      Counted since <Stamp ms={shown.fromMs} />: before that the record has more than is counted at
      once. Choose a shorter time.
    </p>
  )
}

function WhatToDo() {
  const { can } = useSession()
  return (
    <p className="wk-quiet">
      Seconds without a hand until it fades: idle, or near where a sensor sees somebody, or away
      where it sees nobody. Where many locks by <em>idle</em> are said to be wrong, idleMs or
      presentIdleMs is too short for the work there; by <em>away</em>, awayIdleMs. They are the
      zone’s rules, in the settings of the broker
      {can('policy:read') && (
        <>
          {' '}
          (
          <Link to="/policy" search={{ show: 'zones' }}>
            all rules of each zone
          </Link>
          )
        </>
      )}
      .
    </p>
  )
}

function LockTable({ rows }: { readonly rows: readonly LockRow[] }) {
  return (
    <DataTable
      name="locks-by-zone"
      label="Locks by zone and reason"
      rows={rows}
      columns={columns}
      keyOf={({ zoneId, reason = '' }) => `${zoneId} ${reason}`}
      empty={<p>No zone yet. Zones come with the settings of the broker.</p>}
    />
  )
}

const waitColumn = (id: string, name: WaitName, head: string): ShownColumn<LockRow> => ({
  ...{ id, head },
  text: ({ waits }) => secondsText(waits[name]),
  order: ({ waits }) => waits[name] ?? -1,
  isNumber: true,
})

const secondsText = (ms: number | undefined): string => (ms === undefined ? '' : String(ms / 1000))

const columns: readonly ShownColumn<LockRow>[] = [
  { id: 'zone', head: 'Zone', text: ({ label }) => label },
  {
    id: 'reason',
    head: 'Locked because',
    text: ({ reason }) => reason ?? '',
    cell: ({ reason }) =>
      reason === undefined ? (
        <span className="wk-quiet">nothing locked in this time</span>
      ) : (
        <>
          {reason}
          <br />
          <span className="wk-quiet">{lockWords(reason)}</span>
        </>
      ),
    isProse: true,
  },
  numberColumn({ id: 'wrong', head: 'Said wrong' }, ({ saidWrong }) => saidWrong),
  numberColumn({ id: 'locks', head: 'Locks' }, ({ locks }) => locks),
  {
    id: 'share',
    head: 'Of 100',
    text: shareText,
    order: ({ locks, saidWrong }) => (locks === 0 ? -1 : saidWrong / locks),
    isNumber: true,
  },
  waitColumn('idle', 'idleMs', 'Idle, s'),
  waitColumn('fade', 'fadeMs', 'Fade, s'),
  waitColumn('near', 'presentIdleMs', 'Near, s'),
  waitColumn('away', 'awayIdleMs', 'Away, s'),
]
