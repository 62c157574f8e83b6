// Which rows of a table are shown and in which order, and how that stands in an address. Pure.

export interface Column<Row> {
  readonly id: string
  readonly head: string
  /** What is filtered by, sorted by where nothing else is said, and written to a file. */
  readonly text: (row: Row) => string
  readonly order?: (row: Row) => number | string
}

export interface TableView {
  /** Its column and which way; the rows' own order where there is none. */
  readonly sort?: { readonly id: string; readonly isDown: boolean }
  readonly filters: ReadonlyMap<string, string>
}

/** `sort=-due`, `filter=where~west,who~san`. */
export function parseView(address: {
  readonly sort?: string | undefined
  readonly filter?: string | undefined
}): TableView {
  const [, minus, id = ''] = /^(-?)([a-z-]+)$/.exec(address.sort ?? '') ?? []
  const filters = new Map<string, string>()
  for (const part of (address.filter ?? '').split(',')) {
    const [, name, text] = /^([a-z-]+)~(.+)$/.exec(part) ?? []
    if (name !== undefined && text !== undefined) filters.set(name, decode(text))
  }
  return id === '' ? { filters } : { sort: { id, isDown: minus === '-' }, filters }
}

export function writeView({ sort, filters }: TableView): { sort?: string; filter?: string } {
  const filter = [...filters]
    .filter(([, text]) => text !== '')
    .map(([id, text]) => `${id}~${text.replaceAll('%', '%25').replaceAll(',', '%2C')}`)
    .join(',')
  return {
    ...(sort === undefined ? {} : { sort: `${sort.isDown ? '-' : ''}${sort.id}` }),
    ...(filter === '' ? {} : { filter }),
  }
}

export function rowsShown<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { sort, filters }: TableView,
): readonly Row[] {
  const tests = columns.flatMap((column) => {
    const asked = filters.get(column.id)?.toLowerCase()
    return asked === undefined || asked === ''
      ? []
      : [(row: Row) => column.text(row).toLowerCase().includes(asked)]
  })
  const found = tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)))
  const by = columns.find(({ id }) => id === sort?.id)
  if (!by || !sort) return found
  const orderOf = by.order ?? by.text
  const keyed = found.map((row) => [orderOf(row), row] as const)
  // Sorting is stable: what is equal stays as it came.
  keyed.sort(([a], [b]) => (sort.isDown ? compare(b, a) : compare(a, b)))
  return keyed.map(([, row]) => row)
}

/** As a person would click through them: up, down, as it came. */
export function nextSort(sort: TableView['sort'], id: string): TableView['sort'] {
  if (sort?.id !== id) return { id, isDown: false }
  return sort.isDown ? undefined : { id, isDown: true }
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), 'en', { numeric: true, sensitivity: 'base' })
}

/** Somebody may have written the address by hand: what does not decode is taken as it is. */
function decode(text: string): string {
  return text.replace(/%(25|2C)/g, (_all, code: string) => (code === '2C' ? ',' : '%'))
}
