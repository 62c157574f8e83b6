// Who may for a while what her role does not say: exceptions that wait, hold, and were.

import { useMemo } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { ExceptionShown } from '@wardkey/protocol/admin/exceptions/exceptions'
import type { PersonSummary } from '@wardkey/protocol/admin/people'
import { exceptionsQuery } from '../../../api/exception-queries.ts'
import { peopleQuery } from '../../../api/queries.ts'
import { useAddress } from '../../../parts/address.ts'
import { Doer } from '../../../parts/doer.tsx'
import { nameText } from '../../../parts/names.ts'
import { Answer } from '../../../parts/shape.tsx'
import { useSession } from '../../../parts/shell/session.tsx'
import { DataTable } from '../../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../../parts/table/data-table.tsx'
import { timeColumn } from '../../../parts/table/usual-columns.tsx'
import { ExceptionPanel } from './exception-panel.tsx'
import { exceptionStateText, inTheirOrder, whatText } from './exception-words.ts'
import { NewException } from './new-exception.tsx'

/** In the address, where one is asked for anew. */
const anew = 'new'

export function Exceptions() {
  const { can } = useSession()
  const [address, setAddress] = useAddress()
  const query = useQuery(exceptionsQuery)
  const people = useQuery(peopleQuery)
  const nameOf = useMemo(() => {
    const names = new Map<string, PersonSummary>(
      people.data?.people.map((one) => [one.personId, one]),
    )
    return (id: string): string => nameText(names.get(id) ?? { personId: id })
  }, [people.data])
  const columns = useMemo(() => columnsOf(nameOf), [nameOf])
  const { open } = address
  return (
    <>
      {can('exceptions:propose') && (
        <button
          type="button"
          className="wk-link"
          onClick={() => {
            setAddress({ open: anew })
          }}
        >
          Ask for an exception
        </button>
      )}
      <Answer query={query}>
        {({ exceptions }) => {
          const rows = inTheirOrder(exceptions)
          const shown = rows.find(({ id }) => id === open)
          return (
            <>
              <DataTable
                name="exceptions"
                label="Exceptions"
                rows={rows}
                columns={columns}
                keyOf={({ id }) => id}
                opens
                empty={
                  <p>
                    Nobody has an exception. Where a role or a zone is missing for a while, ask for
                    one here: it holds once somebody else has said yes, and ends by itself.
                  </p>
                }
              />
              {shown && <ExceptionPanel key={shown.id} exception={shown} nameOf={nameOf} />}
            </>
          )
        }}
      </Answer>
      {open === anew && can('exceptions:propose') && <NewException />}
    </>
  )
}

const columnsOf = (nameOf: (id: string) => string): readonly ShownColumn<ExceptionShown>[] => [
  { id: 'person', head: 'Person', text: ({ personId }) => nameOf(personId) },
  { id: 'what', head: 'Has', text: whatText },
  {
    id: 'state',
    head: 'Standing',
    text: exceptionStateText,
    cell: (row) => {
      const colour = { proposed: 'wk-warn', holds: 'wk-good' }[row.state as string] ?? 'wk-quiet'
      return <span className={colour}>{exceptionStateText(row)}</span>
    },
  },
  timeColumn({ id: 'until', head: 'Until' }, ({ untilMs }) => untilMs),
  { id: 'reason', head: 'Why', text: ({ reason }) => reason, isProse: true },
  { id: 'owner', head: 'Answers for it', text: ({ ownerId }) => nameOf(ownerId) },
  {
    id: 'by',
    head: 'Asked by',
    text: ({ proposed }) => proposed.by,
    cell: ({ proposed }) => <Doer by={proposed.by} />,
  },
]
