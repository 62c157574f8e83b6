// Legal holds: what nobody and nothing may destroy now, who said so, and what waits for a second
// person. One places a hold, and it holds at once.

import { useMemo } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { HoldShown } from '@wardkey/protocol/admin/forget/holds'
import { holdsQuery } from '../../../api/record/hold-queries.ts'
import { useAddress } from '../../../parts/address.ts'
import { Doer } from '../../../parts/doer.tsx'
import { Answer } from '../../../parts/shape.tsx'
import { useSession } from '../../../parts/shell/session.tsx'
import { DataTable } from '../../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../../parts/table/data-table.tsx'
import { timeColumn } from '../../../parts/table/usual-columns.tsx'
import { Stamp } from '../../../parts/time/zone-choice.tsx'
import { HoldPanel } from './hold-panel.tsx'
import { coversText, holdStateText, inTheirOrder, spanText } from './hold-words.ts'
import type { Named } from './hold-words.ts'
import { NewHold } from './new-hold.tsx'
import { useNamed } from './use-named.ts'

/** In the address, where one is placed. */
const anew = 'new'

export function Holds() {
  const [address, setAddress] = useAddress()
  const { can } = useSession()
  const query = useQuery(holdsQuery)
  const { open } = address
  const mayPlace = can('holds:write')
  return (
    <>
      {mayPlace && (
        <p>
          <button
            type="button"
            className="wk-link"
            onClick={() => {
              setAddress({ open: anew })
            }}
          >
            Place a legal hold
          </button>
        </p>
      )}
      <Answer query={query}>{({ holds }) => <HoldTable holds={holds} />}</Answer>
      {open === anew && mayPlace && <NewHold />}
    </>
  )
}

function HoldTable({ holds }: { readonly holds: readonly HoldShown[] }) {
  const [{ open }] = useAddress()
  const named = useNamed(holds.some(({ personId }) => personId !== undefined))
  const columns = useMemo(() => columnsOf(named), [named])
  const rows = useMemo(() => inTheirOrder(holds), [holds])
  const shown = rows.find(({ id }) => id === open)
  return (
    <>
      <DataTable
        name="legal-holds"
        label="Legal holds"
        rows={rows}
        columns={columns}
        keyOf={({ id }) => id}
        opens
        empty={
          <p>
            No legal hold was placed. While one stands, nothing that it covers goes and nobody whom
            it covers is forgotten: place it as soon as somebody asks, it takes one person.
          </p>
        }
      />
      {shown && <HoldPanel key={shown.id} hold={shown} named={named} />}
    </>
  )
}

const columnsOf = (named: Named): readonly ShownColumn<HoldShown>[] => [
  { id: 'covers', head: 'Covers', text: (hold) => coversText(hold, named) },
  {
    id: 'state',
    head: 'Standing',
    text: holdStateText,
    cell: (hold) => {
      const colour = { holds: 'wk-good', 'lift-asked': 'wk-warn' }[hold.state as string]
      return <span className={colour ?? 'wk-quiet'}>{holdStateText(hold)}</span>
    },
  },
  { id: 'why', head: 'Why', text: ({ reason }) => reason, isProse: true },
  {
    id: 'time',
    head: 'Of which time',
    text: spanText,
    order: ({ fromMs, untilMs }) => fromMs ?? untilMs ?? 0,
    cell: (hold) => <Span hold={hold} />,
  },
  timeColumn({ id: 'placed', head: 'Placed' }, ({ placed }) => placed.atMs),
  {
    id: 'by',
    head: 'Placed by',
    text: ({ placed }) => placed.by,
    cell: ({ placed }) => <Doer by={placed.by} />,
  },
]

function Span({ hold: { fromMs, untilMs } }: { readonly hold: HoldShown }) {
  if (fromMs === undefined && untilMs === undefined) return <>all of it</>
  return (
    <>
      {fromMs === undefined ? 'the beginning' : <Stamp ms={fromMs} form="day" />} to{' '}
      {untilMs === undefined ? 'now and later' : <Stamp ms={untilMs} form="day" />}
    </>
  )
}
