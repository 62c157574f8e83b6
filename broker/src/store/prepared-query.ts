// Queries that are built once and filled in many times: building one costs more than running it.
// The types are those of the query builder; only the values come later.

import type { CompiledQuery, Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** Stands in the query for a value that comes when it is used. */
class Hole {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

type Db = Kysely<Schema>
type HoleOf<Values> = <Name extends keyof Values & string>(name: Name) => Values[Name]

/**
 * Makes a query of `Values` from a builder that names each of them by `hole`.
 *
 * A hole is typed as its value, which it is not: use it only as a value of the query, never look at
 * it. The text of the query must not depend on any value.
 */
export function prepared<Values extends object>() {
  return <Row>(
    build: (db: Db, hole: HoleOf<Values>) => { compile(): CompiledQuery<Row> },
  ): ((db: Db, values: Values) => CompiledQuery<Row>) => {
    const built = new WeakMap<Db, CompiledQuery<Row>>()
    const hole: HoleOf<Values> = (name) => new Hole(name) as never
    return (db, values) => {
      const compiled = built.get(db) ?? build(db, hole).compile()
      built.set(db, compiled)
      return { ...compiled, parameters: compiled.parameters.map((part) => fill(part, values)) }
    }
  }
}

function fill(part: unknown, values: object): unknown {
  return part instanceof Hole ? Reflect.get(values, part.name) : part
}
