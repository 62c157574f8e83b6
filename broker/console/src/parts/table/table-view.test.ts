import { describe, expect, it } from 'vitest'
import { nextSort, parseView, rowsShown, writeView } from './table-view.ts'
import type { Column } from './table-view.ts'

interface Row {
  readonly who: string
  readonly dueMs: number
}
const rows: readonly Row[] = [
  { who: 'Station 10', dueMs: 5 },
  { who: 'station 2', dueMs: 30 },
  { who: 'Émile', dueMs: 5 },
]
const columns: readonly Column<Row>[] = [
  { id: 'who', head: 'Who', text: ({ who }) => who },
  {
    id: 'due',
    head: 'Due',
    text: ({ dueMs }) => `due ${String(dueMs)}`,
    order: ({ dueMs }) => dueMs,
  },
]
const shown = (address: { sort?: string; filter?: string }): readonly string[] =>
  rowsShown(rows, columns, parseView(address)).map(({ who }) => who)

describe('rows of a table', () => {
  it('come as they are where nothing is asked', () => {
    expect(shown({})).toEqual(['Station 10', 'station 2', 'Émile'])
  })
  it('are sorted as people count, and stay in order where they are equal', () => {
    expect(shown({ sort: 'who' })).toEqual(['Émile', 'station 2', 'Station 10'])
    expect(shown({ sort: 'due' })).toEqual(['Station 10', 'Émile', 'station 2'])
    expect(shown({ sort: '-due' })).toEqual(['station 2', 'Station 10', 'Émile'])
  })
  it('are filtered by column, all of them at once', () => {
    expect(shown({ filter: 'who~STATION' })).toEqual(['Station 10', 'station 2'])
    expect(shown({ filter: 'who~station,due~due 5' })).toEqual(['Station 10'])
  })
  it('are not hidden by a column or an order that is none', () => {
    expect(shown({ sort: 'elsewhere', filter: 'elsewhere~x' })).toHaveLength(3)
    expect(shown({ sort: '--; drop', filter: '~,~~,who' })).toHaveLength(3)
  })
})

describe('a view in an address', () => {
  it('comes back as it was, commas and all', () => {
    const filters = new Map([
      ['who', 'a,b~c%2C'],
      ['due', '5'],
    ])
    const view = { sort: { id: 'due', isDown: true }, filters }
    expect(parseView(writeView(view))).toEqual(view)
    expect(writeView({ filters: new Map([['who', '']]) })).toEqual({})
  })
  it('goes up, down, and back', () => {
    const up = nextSort(undefined, 'who')
    const down = nextSort(up, 'who')
    expect([up, down, nextSort(down, 'who')]).toEqual([
      { id: 'who', isDown: false },
      { id: 'who', isDown: true },
      undefined,
    ])
    expect(nextSort(down, 'due')).toEqual({ id: 'due', isDown: false })
  })
})
