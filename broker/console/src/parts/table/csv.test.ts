import { describe, expect, it } from 'vitest'
import { csvOf } from './csv.ts'

const line = (...fields: string[]): string => csvOf([fields]).slice(1, -2)

describe('a CSV', () => {
  it('begins with the mark of UTF-8 and ends each row as RFC 4180 has it', () => {
    expect(
      csvOf([
        ['a', 'b'],
        ['c', 'd'],
      ]),
    ).toBe('\uFEFFa,b\r\nc,d\r\n')
  })
  it('quotes what would break it', () => {
    expect(line('a,b', 'say "no"', 'two\nlines')).toBe('"a,b","say ""no""","two\nlines"')
  })
  it.each([
    '=1+1',
    '+cmd',
    '-2+3',
    '@SUM(A1)',
    '|calc',
    '%0A',
    '  =1+1',
    '\u00a0=1',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1+1',
    '＠x',
    '=HYPERLINK("http://example.invalid")',
  ])('makes text of %j, which a spreadsheet would run', (text) => {
    const written = line(text)
    expect(written.replace(/^"/, '').startsWith("'")).toBe(true)
    expect(written.replaceAll('""', '"')).toContain(text)
  })
  it.each(['-5', '12', '-3.25', 'O’Neill', 'a=b', 'x@example.invalid', '4 West, 2'])(
    'leaves %j as it is',
    (text) => {
      expect(line(text).replaceAll('"', '')).toBe(text)
    },
  )
})
