// Where a table has the first pages of a longer list: what it says of that, the next page when it
// is asked for, and a file of the whole list, never of a part that could be taken for it.

import { useMutation } from '@tanstack/react-query'
import { Trouble } from '../trouble.tsx'

export interface MoreRows<Row> {
  /** How many rows the whole list has. */
  readonly all: number
  readonly isFetching: boolean
  readonly onMore: () => void
  /** Every row of the list. */
  readonly whole: () => Promise<readonly Row[]>
}

export const isPart = <Row,>(more: MoreRows<Row> | undefined, rows: readonly Row[]): boolean =>
  more !== undefined && rows.length < more.all

export const partText = (shown: number, here: number, all: number): string =>
  shown === here
    ? `${String(here)} of ${String(all)} rows`
    : `${String(shown)} of the ${String(here)} rows that are here; ${String(all)} in all`

interface Props<Row> {
  readonly more: MoreRows<Row>
  /** Sorted or filtered by column: that is among what is here. */
  readonly isOrdered: boolean
  readonly onWhole: (rows: readonly Row[]) => void
}

export function More<Row>({ more, isOrdered, onWhole }: Props<Row>) {
  const fetching = useMutation({ mutationFn: more.whole, onSuccess: onWhole })
  return (
    <div className="wk-table-bar">
      <button
        type="button"
        className="wk-link"
        aria-disabled={more.isFetching}
        onClick={() => {
          if (!more.isFetching) more.onMore()
        }}
      >
        {more.isFetching ? 'Being fetched' : 'Show more rows'}
      </button>
      <button
        type="button"
        className="wk-link"
        aria-disabled={fetching.isPending}
        onClick={() => {
          if (!fetching.isPending) fetching.mutate()
        }}
      >
        {fetching.isPending ? 'Being fetched' : wholeText(more.all, isOrdered)}
      </button>
      {isOrdered && (
        <span className="wk-quiet">Columns sort and filter what is here; the file, all rows.</span>
      )}
      {fetching.error && <Trouble error={fetching.error} />}
    </div>
  )
}

const wholeText = (all: number, isOrdered: boolean): string =>
  isOrdered ? 'CSV of all that fit' : `CSV of all ${String(all)} rows`
