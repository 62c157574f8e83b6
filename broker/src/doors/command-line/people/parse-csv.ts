// CSV as RFC 4180 has it, and nothing looser: what a spreadsheet would guess at is a mistake with
// its line here. Pure.

export interface CsvRow {
  /** Where it begins in the file, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

export type ParsedCsv =
  | { readonly kind: 'parsed'; readonly rows: readonly CsvRow[] }
  | { readonly kind: 'flawed'; readonly line: number; readonly what: string }

export interface CsvLimits {
  readonly rowsMax: number
  readonly cellsMax: number
  readonly cellCharsMax: number
}

export const usualCsvLimits: CsvLimits = { rowsMax: 200_000, cellsMax: 100, cellCharsMax: 4096 }

/** Thrown and caught here only: what is wrong, and where. */
class CsvFlaw extends Error {
  readonly line: number

  constructor(line: number, what: string) {
    super(what)
    this.line = line
  }
}

/** Empty lines are no rows. Every row has as many cells as the first. */
export function parseCsv(text: string, delimiter: string, limits = usualCsvLimits): ParsedCsv {
  try {
    return { kind: 'parsed', rows: read(text, delimiter, limits) }
  } catch (thrown) {
    if (!(thrown instanceof CsvFlaw)) throw thrown
    return { kind: 'flawed', line: thrown.line, what: thrown.message }
  }
}

function read(text: string, delimiter: string, limits: CsvLimits): readonly CsvRow[] {
  const rows: CsvRow[] = []
  let at = 0
  let line = 1
  while (at < text.length) {
    const begins = line
    const cells: string[] = []
    for (;;) {
      const cell = readCell(text, at, line, delimiter)
      if (cell.text.length > limits.cellCharsMax) throw new CsvFlaw(line, 'a cell is too long')
      cells.push(cell.text)
      ;({ at, line } = cell)
      if (cells.length > limits.cellsMax) throw new CsvFlaw(begins, 'there are too many cells')
      if (text[at] !== delimiter) break
      at += 1
    }
    at += text.startsWith('\r\n', at) ? 2 : 1
    line += 1
    if (cells.length === 1 && cells[0] === '') continue
    const [first] = rows
    if (first && first.cells.length !== cells.length) {
      const [has, wants] = [String(cells.length), String(first.cells.length)]
      throw new CsvFlaw(begins, `it has ${has} cells where the first row has ${wants}`)
    }
    if (rows.length > limits.rowsMax) throw new CsvFlaw(begins, 'there are too many rows')
    rows.push({ line: begins, cells })
  }
  return rows
}

interface Cell {
  readonly text: string
  /** At the delimiter, the end of the line, or the end of the file. */
  readonly at: number
  readonly line: number
}

function readCell(text: string, from: number, line: number, delimiter: string): Cell {
  if (text[from] === '"') return readQuoted(text, from, line, delimiter)
  let at = from
  while (at < text.length && text[at] !== delimiter && !isLineEnd(text, at)) {
    const character = text[at]
    if (character === '"') throw new CsvFlaw(line, 'a quote stands within a cell without quotes')
    if (character === '\0') throw new CsvFlaw(line, 'there is a zero byte: it is no text')
    if (character === '\r') throw new CsvFlaw(line, 'a line ends with CR alone')
    at += 1
  }
  return { text: text.slice(from, at), at, line }
}

function readQuoted(text: string, from: number, line: number, delimiter: string): Cell {
  let at = from + 1
  let now = line
  let value = ''
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote === -1) throw new CsvFlaw(line, 'a quoted cell does not end')
    value += text.slice(at, quote)
    at = quote + 1
    if (text[at] !== '"') break
    value += '"'
    at += 1
  }
  if (value.includes('\0')) throw new CsvFlaw(line, 'there is a zero byte: it is no text')
  now += value.split('\n').length - 1
  if (at < text.length && text[at] !== delimiter && !isLineEnd(text, at)) {
    throw new CsvFlaw(now, 'something stands after a closing quote')
  }
  return { text: value, at, line: now }
}

function isLineEnd(text: string, at: number): boolean {
  return text[at] === '\n' || text.startsWith('\r\n', at)
}
