// Which columns of a table somebody wants to see, remembered on this computer.

import { useLocalStorage } from '@mantine/hooks'
import type { Column } from './table-view.ts'

interface Chosen<Shown> {
  readonly columns: readonly Shown[]
  readonly hidden: ReadonlySet<string>
  readonly toggle: (id: string) => void
}

export function useColumns<Shown extends { readonly id: string }>(
  name: string,
  columns: readonly Shown[],
): Chosen<Shown> {
  const [text, setText] = useLocalStorage({
    key: `wardkey-columns-${name}`,
    defaultValue: '',
    getInitialValueInEffect: false,
    deserialize: (value) => value ?? '',
    serialize: (value) => value,
  })
  const hidden = new Set(text.split(' '))
  const [first] = columns
  // The first column opens its row: it stays.
  if (first) hidden.delete(first.id)
  return {
    columns: columns.filter(({ id }) => !hidden.has(id)),
    hidden,
    toggle: (id) => {
      const next = new Set(hidden)
      if (!next.delete(id)) next.add(id)
      setText([...next].join(' ').trim())
    },
  }
}

interface Props<Row> {
  readonly columns: readonly Column<Row>[]
  readonly chosen: Pick<Chosen<unknown>, 'hidden' | 'toggle'>
}

export function ColumnChoice<Row>({ columns, chosen }: Props<Row>) {
  return (
    <details className="wk-menu">
      <summary className="wk-link">Columns</summary>
      <fieldset>
        <legend className="wk-unseen">Columns that are shown</legend>
        {columns.slice(1).map(({ id, head }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={!chosen.hidden.has(id)}
              onChange={() => {
                chosen.toggle(id)
              }}
            />
            {head}
          </label>
        ))}
      </fieldset>
    </details>
  )
}
