// A table that is dense, sorts, filters by column, and is written to a file exactly as it is shown.
// Its order and filters stand in the address; which columns are shown is remembered here.

import { useMemo, useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useAddress } from '../address.ts'
import { counted } from '../names.ts'
import { saveFile } from '../save-file.ts'
import { csvOf } from './csv.ts'
import { FilterRow, HeadCell } from './table-head.tsx'
import { nextSort, parseView, rowsShown, writeView } from './table-view.ts'
import type { Column, TableView } from './table-view.ts'
import { ColumnChoice, useColumns } from './column-choice.tsx'

export interface ShownColumn<Row> extends Column<Row> {
  /** Where it is more than its text. */
  readonly cell?: (row: Row) => ReactNode
  readonly isNumber?: boolean
  /** Longer than a few words: it keeps room for some of them in a line. */
  readonly isProse?: boolean
}

interface Props<Row> {
  /** Of the table and of the file: `reviews`. */
  readonly name: string
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly ShownColumn<Row>[]
  readonly keyOf: (row: Row) => string
  /** Each row has an address, by its key, under which more of it stands beside the table. */
  readonly opens?: boolean
  /** It stands above the page's own table: what it is sorted by and filtered is said apart. */
  readonly isAbove?: boolean
  /** What is said where there are no rows at all. */
  readonly empty: ReactNode
}

/** By which words of the address a table is sorted and filtered. */
const ownWords = { sort: 'sort', filter: 'filter' } as const
const wordsAbove = { sort: 'sortAbove', filter: 'filterAbove' } as const

/** More rows than this are drawn when they are asked for: nobody reads them, and each costs. */
const drawnMax = 200

function useView(words: typeof ownWords | typeof wordsAbove) {
  const [address, setAddress] = useAddress()
  const { [words.sort]: sort, [words.filter]: filter } = address
  const view = useMemo(() => parseView({ sort, filter }), [sort, filter])
  const setView = (next: TableView): void => {
    const { sort: order, filter: fits } = writeView(next)
    setAddress({ [words.sort]: order, [words.filter]: fits }, { replace: true })
  }
  return [view, setView] as const
}

export function DataTable<Row>(props: Props<Row>) {
  const { name, label, rows, columns, empty, isAbove = false } = props
  const [view, setView] = useView(isAbove ? wordsAbove : ownWords)
  const [isFiltering, setFiltering] = useState(view.filters.size > 0)
  const [isWhole, setWhole] = useState(false)
  const chosen = useColumns(name, columns)
  const shown = useMemo(() => rowsShown(rows, columns, view), [rows, columns, view])
  if (rows.length === 0) return <div className="wk-empty">{empty}</div>
  const drawn = isWhole ? shown : shown.slice(0, drawnMax)
  const save = (): void => {
    const head = chosen.columns.map((column) => column.head)
    const lines = shown.map((row) => chosen.columns.map((column) => column.text(row)))
    saveFile(`wardkey-${name}.csv`, 'text/csv;charset=utf-8', csvOf([head, ...lines]))
  }
  return (
    <div className="wk-table-block">
      <TableBar
        shown={shown.length}
        all={rows.length}
        isFiltering={isFiltering}
        onFilter={() => {
          setFiltering(!isFiltering)
          if (isFiltering) setView({ ...view, filters: new Map() })
        }}
        onSave={save}
      >
        <ColumnChoice columns={columns} chosen={chosen} />
      </TableBar>
      <div className="wk-table-room" tabIndex={0} role="region" aria-label={label}>
        <table className="wk-table">
          <thead>
            <tr>
              {chosen.columns.map((column) => (
                <HeadCell
                  key={column.id}
                  column={column}
                  sort={view.sort}
                  onSort={() => {
                    const next = nextSort(view.sort, column.id)
                    setView({ filters: view.filters, ...(next && { sort: next }) })
                  }}
                />
              ))}
            </tr>
            {isFiltering && <FilterRow columns={chosen.columns} view={view} onChange={setView} />}
          </thead>
          <Body {...props} columns={chosen.columns} drawn={drawn} />
        </table>
        {shown.length === 0 && <p className="wk-empty">No row has that in these columns.</p>}
      </div>
      {drawn.length < shown.length && (
        <button
          type="button"
          className="wk-link"
          onClick={() => {
            setWhole(true)
          }}
        >
          Show all {shown.length} rows
        </button>
      )}
    </div>
  )
}

interface BarProps {
  readonly shown: number
  readonly all: number
  readonly isFiltering: boolean
  readonly onFilter: () => void
  readonly onSave: () => void
  readonly children: ReactNode
}

function TableBar({ shown, all, isFiltering, onFilter, onSave, children }: BarProps) {
  return (
    <div className="wk-table-bar">
      <span role="status">
        {shown === all ? counted(all, 'row') : `${String(shown)} of ${counted(all, 'row')}`}
      </span>
      <button type="button" className="wk-link" aria-expanded={isFiltering} onClick={onFilter}>
        {isFiltering ? 'Without filters' : 'Filter columns'}
      </button>
      {children}
      <button type="button" className="wk-link" onClick={onSave}>
        CSV of {counted(shown, 'row')}
      </button>
    </div>
  )
}

interface BodyProps<Row> extends Props<Row> {
  readonly drawn: readonly Row[]
}

function Body<Row>({ drawn, columns, keyOf, opens = false }: BodyProps<Row>) {
  const [{ open: openKey }, setAddress] = useAddress()
  return (
    <tbody>
      {drawn.map((row) => {
        const key = keyOf(row)
        const onOpen = (): void => {
          setAddress({ open: key })
        }
        return (
          <tr
            key={key}
            data-open={(opens && key === openKey) || undefined}
            {...(opens ? { onClick: onOpen, className: 'wk-row' } : {})}
          >
            {columns.map((column, place) => (
              <Cell
                key={column.id}
                column={column}
                row={row}
                onOpen={opens && place === 0 ? onOpen : undefined}
              />
            ))}
          </tr>
        )
      })}
    </tbody>
  )
}

interface CellProps<Row> {
  readonly column: ShownColumn<Row>
  readonly row: Row
  /** Of the first column: what opens the row for somebody without a mouse. */
  readonly onOpen: (() => void) | undefined
}

function Cell<Row>({ column, row, onOpen }: CellProps<Row>) {
  const shown = column.cell?.(row) ?? column.text(row)
  return (
    <td className={classOf(column)}>
      {onOpen ? (
        <button
          type="button"
          className="wk-row-open"
          onKeyDown={moveRow}
          onClick={(event) => {
            event.stopPropagation()
            onOpen()
          }}
        >
          {shown}
        </button>
      ) : (
        shown
      )}
    </td>
  )
}

function classOf<Row>(column: ShownColumn<Row>): string | undefined {
  if (column.isNumber) return 'wk-number'
  return column.isProse ? 'wk-prose' : undefined
}

/** Up and down go from row to row; Enter opens, as with any button. */
function moveRow(event: KeyboardEvent<HTMLButtonElement>): void {
  const by = event.key === 'ArrowDown' ? 'nextElementSibling' : 'previousElementSibling'
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  event.preventDefault()
  const next = event.currentTarget.closest('tr')?.[by]
  next?.querySelector<HTMLButtonElement>('.wk-row-open')?.focus()
}
