// What a table looks like to somebody who copies all of them: its columns, and the tables that have
// to be there before it. Pure.

export interface TableShape {
  readonly name: string
  readonly columns: readonly string[]
  /** Tables that its rows point at. */
  readonly needs: readonly string[]
}

export type Value = string | number | null | Uint8Array
export type Row = readonly Value[]

/** Rows of one moment, however long reading them takes. */
export interface Snapshot {
  readonly tables: readonly TableShape[]
  /** The migrations that were done, in their order. */
  readonly migrations: readonly string[]
  /** In the order of that column, where one is named. */
  rows(table: TableShape, orderBy?: string): AsyncIterable<Row>
  close(): Promise<void>
}

/** Of a moment only, or the migrator's own: never copied. */
const passing = new Set(['broker_word', 'kysely_migration', 'kysely_migration_lock'])
export const isCopied = (name: string): boolean => !passing.has(name) && !name.startsWith('sqlite_')

/** Each after the ones that it needs. Throws where they need each other. */
export function inOrder(tables: readonly TableShape[]): readonly TableShape[] {
  const done: TableShape[] = []
  let open = [...tables].sort((a, b) => (a.name < b.name ? -1 : 1))
  while (open.length > 0) {
    const names = new Set(open.map(({ name }) => name))
    const ready = open.filter(({ name, needs }) =>
      needs.every((other) => other === name || !names.has(other)),
    )
    if (ready.length === 0) throw new Error(`tables need each other: ${[...names].join(', ')}`)
    done.push(...ready)
    open = open.filter((table) => !ready.includes(table))
  }
  return done
}
