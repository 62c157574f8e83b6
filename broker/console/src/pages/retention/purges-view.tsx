// What went: each lot that retention took, the newest first, and the list of one.

import { useQuery } from '@tanstack/react-query'
import type { PurgeShown } from '@wardkey/protocol/admin/forget/purges'
import { purgesQuery } from '../../api/record/retention-queries.ts'
import { useAddress } from '../../parts/address.ts'
import { Answer } from '../../parts/shape.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { numberColumn, timeColumn } from '../../parts/table/usual-columns.tsx'
import { PurgePanel } from './purge-panel.tsx'

export function Purges() {
  const [{ open }] = useAddress()
  const query = useQuery(purgesQuery)
  const number = Number(open)
  return (
    <>
      <Answer query={query}>
        {({ purges, isCut }) => (
          <>
            {isCut && (
              <p className="wk-warn">There were more purges than one page looks through.</p>
            )}
            <DataTable
              name="retention-purges"
              label="Purges"
              rows={purges}
              columns={columns}
              keyOf={({ purge }) => String(purge)}
              opens
              empty={
                <p>
                  Nothing went yet. What retention takes stands here, lot by lot, with a list of
                  what it was; the hash of each fact stays in the record.
                </p>
              }
            />
          </>
        )}
      </Answer>
      {Number.isSafeInteger(number) && number > 0 && <PurgePanel key={open} purge={number} />}
    </>
  )
}

const columns: readonly ShownColumn<PurgeShown>[] = [
  {
    id: 'purge',
    head: 'Purge',
    text: ({ purge }) => String(purge),
    order: ({ purge }) => purge,
    cell: ({ purge }) => `Purge ${String(purge)}`,
  },
  timeColumn({ id: 'at', head: 'When' }, ({ atMs }) => atMs),
  { id: 'class', head: 'Class', text: (row) => row.class },
  numberColumn({ id: 'count', head: 'Facts' }, ({ count }) => count),
  timeColumn({ id: 'before', head: 'Older than' }, ({ beforeMs }) => beforeMs),
  numberColumn({ id: 'rule', head: 'By rule' }, ({ rule }) => rule),
  numberColumn({ id: 'from', head: 'From fact' }, ({ first }) => first),
  numberColumn({ id: 'to', head: 'To fact' }, ({ last }) => last),
]
