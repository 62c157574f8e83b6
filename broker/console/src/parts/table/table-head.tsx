// The head of a table: each column's name sorts by it, and below it a word can be asked for.

import type { Column, TableView } from './table-view.ts'

interface HeadProps<Row> {
  readonly column: Column<Row> & { readonly isNumber?: boolean }
  readonly sort: TableView['sort']
  readonly onSort: () => void
}

export function HeadCell<Row>({ column, sort, onSort }: HeadProps<Row>) {
  const way = sort?.id !== column.id ? undefined : sort.isDown ? 'descending' : 'ascending'
  const mark = way === undefined ? '' : way === 'descending' ? '▼' : '▲'
  return (
    <th
      scope="col"
      aria-sort={way ?? 'none'}
      className={column.isNumber === true ? 'wk-number' : undefined}
    >
      <button type="button" onClick={onSort}>
        {column.head}
        <span className="wk-sort" aria-hidden="true">
          {mark}
        </span>
      </button>
    </th>
  )
}

interface FilterProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly view: TableView
  readonly onChange: (view: TableView) => void
}

export function FilterRow<Row>({ columns, view, onChange }: FilterProps<Row>) {
  return (
    <tr className="wk-filters">
      {columns.map(({ id, head }) => (
        <td key={id}>
          <input
            aria-label={`Filter by ${head}`}
            placeholder="contains"
            value={view.filters.get(id) ?? ''}
            onChange={({ target }) => {
              onChange({ ...view, filters: new Map(view.filters).set(id, target.value) })
            }}
          />
        </td>
      ))}
    </tr>
  )
}
