// A statement as SQLite plans it once. Built as it is here, SQLite looks at the values that are bound
// to a join, or to a table with a partial index, and plans it anew at each run, which takes longer
// than the run. What is said differently here means the same. Pure.

export interface Plan {
  readonly sql: string
  readonly values: readonly unknown[]
}

/** Names of states and kinds: few, and what partial indexes are of. */
const isWord = /^[a-z][a-z-]{1,23}$/

/** What stands before each place of a value. */
type Mark = 'limit' | 'equals' | 'other'

interface Known {
  readonly marks: readonly Mark[]
  /** By what is written out. */
  readonly made: Map<string, string>
}

const known = new Map<string, Known>()
const knownMax = 1000

export function planOf(sql: string, parameters: readonly unknown[]): Plan {
  const { marks, made } = knownOf(sql)
  const values: unknown[] = []
  let written = ''
  for (let at = 0; at < parameters.length; at++) {
    const value = parameters[at]
    if (isWritten(value, marks[at])) written += ` ${String(at)} ${String(value)}`
    else values.push(value)
  }
  const before = made.get(written)
  if (before !== undefined) return { sql: before, values }
  const now = writtenOut(sql, marks, parameters)
  made.set(written, now)
  return { sql: now, values }
}

function knownOf(sql: string): Known {
  const before = known.get(sql)
  if (before) return before
  if (known.size > knownMax) known.clear()
  const texts = sql.split('?').slice(0, -1)
  const marks = texts.map((text): Mark => {
    if (text.endsWith('limit ')) return 'limit'
    return text.endsWith('= ') ? 'equals' : 'other'
  })
  const made: Known = { marks, made: new Map() }
  known.set(sql, made)
  return made
}

/** Words and limits are few: they are written out. */
function isWritten(value: unknown, mark: Mark | undefined): value is string | number {
  if (mark === 'limit') return Number.isSafeInteger(value)
  return typeof value === 'string' && isWord.test(value)
}

function writtenOut(sql: string, marks: readonly Mark[], parameters: readonly unknown[]): string {
  let at = -1
  return sql.replaceAll('?', () => {
    at += 1
    const value = parameters[at]
    if (isWritten(value, marks[at])) return typeof value === 'string' ? `'${value}'` : String(value)
    // Of any other value SQLite is not to know beforehand what it is.
    return marks[at] === 'equals' ? '+?' : '?'
  })
}
