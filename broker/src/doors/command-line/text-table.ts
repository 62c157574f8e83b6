// Rows as columns of text for a terminal. Pure.

/**
 * Empty where there are no rows: the caller has a sentence for that. A cell is one line, whatever
 * somebody wrote into it: else a note could make a row that is not there.
 */
export function textTable(heads: readonly string[], all: readonly (readonly string[])[]): string {
  const rows = all.map((cells) => cells.map((cell) => cell.replaceAll(/\s*\n\s*/g, ' ')))
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [heads, ...rows].map((cells) => `${line(cells)}\n`).join('')
}

/** As the operator's clock has it, to the minute. */
export function textTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}
