// The figures of the house, month by month, each with its definition. They name nobody.

import { Fragment, useMemo } from 'react'
import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { FiguresOf, FiguresShown } from '@wardkey/protocol/admin/figures/figures'
import { figuresQuery } from '../../api/speed-query.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { figures } from './figure-words.ts'
import type { Figure } from './figure-words.ts'

export function FiguresView({ children }: { readonly children: ReactNode }) {
  const query = useQuery(figuresQuery)
  return (
    <>
      <PageTitle question="How does the house do, month by month?">
        <p>The newest month is not over. A dash: nothing happened that it could be of.</p>
      </PageTitle>
      <div className="wk-bar">{children}</div>
      <Answer query={query}>{(shown) => <FigureTable shown={shown} />}</Answer>
    </>
  )
}

function FigureTable({ shown }: { readonly shown: FiguresShown }) {
  const columns = useMemo(() => columnsOf(shown.months), [shown])
  return (
    <DataTable
      name="figures"
      label="Figures by month"
      rows={figures}
      columns={columns}
      keyOf={({ name }) => name}
      empty={<p>There are no figures.</p>}
    />
  )
}

const columnsOf = (months: readonly FiguresOf[]): readonly ShownColumn<Figure>[] => [
  { id: 'figure', head: 'Figure', text: ({ name }) => name },
  { id: 'means', head: 'Means', text: ({ means }) => means, isProse: true },
  ...months.map((month) => ({
    id: monthId(month),
    head: monthName(month),
    text: (figure: Figure) => figure.text(month),
    cell: (figure: Figure) => <Told text={figure.text(month)} />,
    isNumber: true,
  })),
]

/** `86 % (12 of 14)`: of what it is goes to a line of its own where room is short. */
function Told({ text }: { readonly text: string }) {
  return text.split(/ (?=\()/).map((part, at) => (
    <Fragment key={part}>
      {at > 0 && ' '}
      <span className="wk-whole">{part}</span>
    </Fragment>
  ))
}

/** Its middle: months begin at the site's midnight, which may be another day here. */
const middleOf = ({ fromMs, untilMs }: FiguresOf): Date => new Date((fromMs + untilMs) / 2)
const monthFormat = new Intl.DateTimeFormat('en-GB', {
  ...{ month: 'short', year: 'numeric', timeZone: 'UTC' },
})
const monthName = (month: FiguresOf): string => monthFormat.format(middleOf(month))

/** In letters, as an address can name a column. */
function monthId(month: FiguresOf): string {
  const digits = middleOf(month).toISOString().slice(0, 7).replace('-', '')
  return `m-${digits.replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)))}`
}
