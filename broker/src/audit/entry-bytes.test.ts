// Lines read byte by byte are read as the parser reads them, or not at all.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryRead, isEntryRead } from './entry-bytes.ts'
import { parseRecordLine } from './record-lines.ts'

const into = entryRead(4096)

/** What is read of a line, lying between others as in a file. */
function read(line: string | Buffer): { index: number; body: string } | undefined {
  const bytes = Buffer.from(line)
  const around = Buffer.concat([Buffer.from('"}\n'), bytes, Buffer.from('"}\n')])
  if (!isEntryRead(around, 3, 3 + bytes.length, into)) return undefined
  expect(into.bytes[0]).toBe(0)
  return { index: into.index, body: into.bytes.toString('utf8', 1, into.length) }
}

const lineOf = (index: number, body: string): string =>
  JSON.stringify({ kind: 'entry', index, body })

describe('an entry line', () => {
  it('as the exporter writes it is read whole', () => {
    const body = JSON.stringify({ atMs: 1, code: 'TAP-001', fields: { place: 'bed \\ 4 "left"' } })
    for (const index of [0, 7, 10, 4096, 999_999_999_999_999]) {
      expect(read(lineOf(index, body))).toEqual({ index, body })
    }
  })
  it('is read as the parser reads it, whatever is in it', () => {
    let usual = 0
    const body = fc.oneof(fc.string({ maxLength: 60 }), fc.json(), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fc.nat(), body, (index, text) => {
        const line = lineOf(index, text)
        const found = read(line)
        if (!found) return
        usual += 1
        expect(parseRecordLine(line)).toEqual({ kind: 'entry', ...found })
      }),
      { numRuns: 5_000 },
    )
    expect(usual).toBeGreaterThan(1_000)
  })
  it('that was changed anywhere is read as the parser reads it, or left to it', () => {
    const line = Buffer.from(lineOf(4711, '{"code":"TAP-001","place":"a \\"b\\" \\\\ c"}'))
    for (let at = 0; at < line.length; at++) {
      for (let byte = 0; byte < 256; byte++) {
        const bent = Buffer.from(line)
        bent[at] = byte
        const found = read(bent)
        if (found) expect(parseRecordLine(bent.toString())).toEqual({ kind: 'entry', ...found })
      }
      for (const cut of [line.subarray(0, at), line.subarray(at)]) {
        const found = read(cut)
        if (found) expect(parseRecordLine(cut.toString())).toEqual({ kind: 'entry', ...found })
      }
    }
  })
  it('refuses what it leaves to the parser', () => {
    const others = [
      '',
      '{}',
      lineOf(1, 'ä'),
      lineOf(1, 'a\nb'),
      lineOf(1, '\u007f'),
      lineOf(1, 'x'.repeat(5000)),
      lineOf(1_000_000_000_000_000, ''),
      lineOf(-1, ''),
      lineOf(0.5, ''),
      lineOf(7, 'a').replace('7', '07'),
      lineOf(7, 'a').replace('7', ''),
      `${lineOf(7, 'a')} `,
      ` ${lineOf(7, 'a')}`,
      lineOf(7, 'a').replace('"a"', '"a","body":"b"'),
      lineOf(7, 'a').replace('}', ',"more":1}'),
    ]
    for (const line of others) expect(read(line), line.slice(0, 60)).toBeUndefined()
  })
})
