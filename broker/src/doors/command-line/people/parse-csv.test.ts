import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCsv } from './parse-csv.ts'

const cellsOf = (text: string, delimiter = ','): readonly (readonly string[])[] => {
  const parsed = parseCsv(text, delimiter)
  if (parsed.kind === 'flawed') throw new Error(`${String(parsed.line)}: ${parsed.what}`)
  return parsed.rows.map(({ cells }) => cells)
}

describe('CSV', () => {
  it.each([
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\n\n1,\n',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    ['"a ""b""","c\r\nd"\n', [['a "b"', 'c\r\nd']]],
    ['"",x', [['', 'x']]],
    ['', []],
  ] as const)('%j', (text, expected) => {
    expect(cellsOf(text)).toEqual(expected)
  })
  it('says the line of a row behind one that has several', () => {
    const parsed = parseCsv('a\n"x\ny\nz"\nb\n', ',')
    expect(parsed).toMatchObject({ rows: [{ line: 1 }, { line: 2 }, { line: 5 }] })
  })
  it.each([
    ['a"b,c', 1, /quote/],
    ['a\n"b"c', 2, /closing/],
    ['a\n"b', 2, /end/],
    ['a,b\n1', 2, /1 cells/],
    ['a\rb', 1, /CR/],
    ['a\0b', 1, /zero/],
    [`a\n${'x'.repeat(5000)}`, 2, /long/],
    [','.repeat(200), 1, /many/],
  ] as const)('%j is refused at its line', (text, line, what) => {
    const parsed = parseCsv(text, ',')
    expect(parsed).toMatchObject({ kind: 'flawed', line })
    expect(parsed.kind === 'flawed' && parsed.what).toMatch(what)
  })
  it('reads what was written, whatever is in the cells', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0'))
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }),
      )
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t'), (rows, delimiter) => {
        const quoted = (one: string): string => `"${one.replaceAll('"', '""')}"`
        const text = rows.map((row) => `${row.map(quoted).join(delimiter)}\r\n`).join('')
        expect(cellsOf(text, delimiter)).toEqual(rows)
      }),
    )
  })
  it('never fails, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\0') }), (text) => {
        expect(['parsed', 'flawed']).toContain(parseCsv(text, ',').kind)
      }),
      { numRuns: 1000 },
    )
  })
})
