// Ten thousand tamperings and every byte of a small record: all found, none falsely, and the first
// bad entry named.

import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import { emptyFrontier, grow, leafHash, rootOf } from './merkle/tree-hash.ts'
import type { Hash } from './merkle/tree-hash.ts'
import { parseVerifierKey, verifierKey } from './signed-note.ts'
import { RecordVerifier } from './verify-record.ts'
import type { Verdict } from './verify-record.ts'

const signer = { name: 'test.example/record', key: generateKeyPairSync('ed25519').privateKey }
const stranger = { name: signer.name, key: generateKeyPairSync('ed25519').privateKey }
const parsedKey = parseVerifierKey(verifierKey(signer))
if (!parsedKey) throw new Error('no key')
const keys = [parsedKey]

/** An export of so many entries with a checkpoint after each few. */
function exportOf(count: number, every: number): string[] {
  const lines = [
    JSON.stringify({
      kind: 'header',
      format: 'wardkey-record-1',
      origin: signer.name,
      exportedMs: 1,
    }),
  ]
  let frontier = emptyFrontier
  let leaves: Hash[] = []
  for (let index = 0; index < count; index++) {
    const body = JSON.stringify({ atMs: index, code: 'TAP-001', id: `fact-${String(index)}` })
    lines.push(JSON.stringify({ kind: 'entry', index, body }))
    leaves.push(leafHash(Buffer.from(body)))
    if (leaves.length === every || index === count - 1) {
      frontier = grow(frontier, leaves)
      const note = signCheckpoint(frontier.size, rootOf(frontier), signer)
      const list = Buffer.concat(leaves).toString('base64')
      lines.push(JSON.stringify({ kind: 'checkpoint', note, leaves: list }))
      leaves = []
    }
  }
  return lines
}

function verify(lines: readonly string[], earlierNote?: string): Verdict {
  const earlier = earlierNote === undefined ? undefined : openCheckpoint(earlierNote, keys)
  const verifier = new RecordVerifier(keys, earlier)
  // As they lie in a file: the parser is asked for whatever is not in the usual form.
  for (const line of lines) {
    const bytes = Buffer.from(line)
    if (!verifier.takeBytes(bytes, 0, bytes.length)) break
  }
  return verifier.end()
}

const whole = exportOf(100, 7)
const entryLine = (index: number): number =>
  whole.findIndex((line) => line.includes(`"index":${String(index)},`))
const lastNote = (JSON.parse(whole.at(-1) ?? '') as { note: string }).note
const checkpointAfter = (index: number): number =>
  whole.findIndex((line, at) => at > entryLine(index) && line.includes('"kind":"checkpoint"'))
const without = (at: number): string[] => whole.filter((_, index) => index !== at)
const replaced = (at: number, by: string): string[] => whole.map((l, i) => (i === at ? by : l))

describe('an export', () => {
  it('that is whole verifies, alone and against every earlier checkpoint', () => {
    expect(verify(whole)).toEqual({ kind: 'valid', signed: 100, unsigned: 0 })
    for (const line of whole) {
      if (!line.includes('"checkpoint"')) continue
      const { note } = JSON.parse(line) as { note: string }
      expect(verify(whole, note).kind).toBe('valid')
    }
  })
  it('names a changed entry', () => {
    const line = whole[entryLine(40)]?.replace('TAP-001', 'TAP-002') ?? ''
    expect(verify(replaced(entryLine(40), line))).toEqual({
      kind: 'invalid',
      flaw: 'changed',
      entry: 40,
    })
  })
  it('names a deleted entry', () => {
    expect(verify(without(entryLine(41)))).toMatchObject({ flaw: 'missing', entry: 41 })
  })
  it('names a deleted entry even where those after it were given new numbers', () => {
    let next = 0
    const renumbered = without(entryLine(41)).map((line) => {
      const parsed = JSON.parse(line) as { kind: string }
      return parsed.kind === 'entry' ? JSON.stringify({ ...parsed, index: next++ }) : line
    })
    expect(verify(renumbered)).toMatchObject({ flaw: 'missing', entry: 41 })
  })
  it('names reordered entries', () => {
    const [a, b] = [entryLine(43), entryLine(44)]
    const swapped = whole.map(
      (line, at) => (at === a ? whole[b] : at === b ? whole[a] : line) ?? '',
    )
    expect(verify(swapped)).toMatchObject({ flaw: 'reordered', entry: 43 })
  })
  it('names an inserted entry', () => {
    const extra = JSON.stringify({ kind: 'entry', index: 43, body: '{"code":"TAP-001"}' })
    const at = entryLine(43)
    const lines = [...whole.slice(0, at), extra, ...whole.slice(at)]
    expect(verify(lines)).toMatchObject({ flaw: 'inserted', entry: 43 })
  })
  it('is found truncated against an earlier checkpoint', () => {
    const cut = whole.slice(0, entryLine(70))
    expect(verify(cut, lastNote)).toMatchObject({ flaw: 'truncated', entry: 70 })
    const atCheckpoint = exportOf(70, 7)
    expect(verify(atCheckpoint, lastNote)).toMatchObject({ flaw: 'truncated', entry: 70 })
  })
  it('is found to be another history against an earlier checkpoint', () => {
    const other = exportOf(100, 9).map((line) => line.replaceAll('fact-', 'tale-'))
    expect(verify(other, lastNote).kind).toBe('invalid')
    let frontier = emptyFrontier
    const bodies = Array.from({ length: 120 }, (_, n) => `{"n":${String(n)}}`)
    frontier = grow(
      frontier,
      bodies.map((body) => leafHash(Buffer.from(body))),
    )
    const forged = [
      whole[0] ?? '',
      ...bodies.map((body, index) => JSON.stringify({ kind: 'entry', index, body })),
      JSON.stringify({
        kind: 'checkpoint',
        note: signCheckpoint(frontier.size, rootOf(frontier), signer),
        leaves: Buffer.concat(bodies.map((body) => leafHash(Buffer.from(body)))).toString('base64'),
      }),
    ]
    expect(verify(forged, lastNote)).toMatchObject({ flaw: 'forked' })
  })
  it('names an entry as it was signed under another number', () => {
    const line = whole[entryLine(45)]?.replace('"index":45', '"index":46') ?? ''
    expect(verify(replaced(entryLine(45), line))).toEqual({
      kind: 'invalid',
      flaw: 'misnumbered',
      entry: 45,
    })
  })
  it('names the entries between two checkpoints where the list of hashes was spoilt too', () => {
    const at = checkpointAfter(40)
    const other = JSON.parse(whole[checkpointAfter(60)] ?? '') as { leaves: string }
    const spoilt = (lines: readonly string[]): string[] =>
      lines.map((line, index) =>
        index === at ? JSON.stringify({ ...JSON.parse(line), leaves: other.leaves }) : line,
      )
    const line = whole[entryLine(40)]?.replace('TAP-001', 'TAP-002') ?? ''
    const range = { kind: 'invalid', entry: 35, untilEntry: 41 }
    expect(verify(spoilt(replaced(entryLine(40), line)))).toEqual({ ...range, flaw: 'changed' })
    expect(verify(spoilt(whole))).toEqual({ ...range, flaw: 'checkpoint' })
  })
  it('is found without a checkpoint in its middle', () => {
    const range = { entry: 35, untilEntry: 48 }
    expect(verify(without(checkpointAfter(40)))).toMatchObject({ flaw: 'checkpoint', ...range })
  })
  it('refuses/what is no export of this record', () => {
    const header = whole[0] ?? ''
    const unreadable = { kind: 'invalid', flaw: 'unreadable', entry: 0 }
    expect(verify([])).toEqual(unreadable)
    expect(verify([''])).toEqual(unreadable)
    expect(verify(without(0))).toEqual(unreadable)
    expect(verify([header, header])).toEqual(unreadable)
    expect(verify([header.replace('test.example', 'best.example')])).toEqual(unreadable)
    expect(verify([header.replace('record-1', 'record-2')])).toEqual(unreadable)
    expect(verify([...whole, header])).toMatchObject({ flaw: 'unreadable', entry: 100 })
  })
  it('refuses/lines that are none, without a crash', () => {
    const odd = ['null', '[]', '{', '{"kind":"entry"}', '{"kind":"__proto__"}', '1e999', '\u0000']
    const deep = '['.repeat(200_000)
    const long = `{"kind":"entry","index":100,"body":"${'x'.repeat(600_000)}"}`
    for (const line of [...odd, deep, long]) {
      expect(verify([...whole, line])).toMatchObject({ flaw: 'unreadable', entry: 100 })
    }
  })
  it('holds a bounded number of hashes however many entries nobody signed', () => {
    const tail = Array.from({ length: 20_000 }, (_, n) =>
      JSON.stringify({ kind: 'entry', index: 100 + n, body: '{}' }),
    )
    expect(verify([...whole, ...tail])).toEqual({ kind: 'valid', signed: 100, unsigned: 20_000 })
    const checkpoint = exportOf(101, 1).at(-1) ?? ''
    expect(verify([...whole, ...tail, checkpoint])).toMatchObject({ kind: 'invalid', entry: 100 })
  })
  it('says how much is not signed yet', () => {
    const extra = JSON.stringify({ kind: 'entry', index: 100, body: '{}' })
    expect(verify([...whole, extra])).toEqual({ kind: 'valid', signed: 100, unsigned: 1 })
  })
})

describe('no tampering passes', () => {
  it('not one changed bit of a small record', () => {
    const text = Buffer.from(exportOf(6, 2).join('\n'))
    // When the export was made is for people; nobody signed that.
    const unsigned = text.indexOf('"exportedMs":1') + '"exportedMs":'.length
    let tried = 0
    for (let at = 0; at < text.length; at++) {
      if (at === unsigned) continue
      for (let bit = 0; bit < 8; bit++) {
        const bent = Buffer.from(text)
        bent[at] = (bent[at] ?? 0) ^ (1 << bit)
        const around = bent.toString('latin1', Math.max(0, at - 20), at + 20)
        expect(verify(bent.toString().split('\n')).kind, `byte ${String(at)}: ${around}`).toBe(
          'invalid',
        )
        tried += 1
      }
    }
    expect(tried).toBeGreaterThan(10_000)
  }, 60_000)

  // Few checkpoints, since verifying signatures is what takes the time.
  const record = exportOf(60, 20)
  const newest = (JSON.parse(record.at(-1) ?? '') as { note: string }).note
  const lineOf = (index: number): number =>
    record.findIndex((line) => line.includes(`"index":${String(index)},`))
  const noteAfter = (index: number): number =>
    record.findIndex((line, at) => at > lineOf(index) && line.includes('"kind":"checkpoint"'))
  const leaveOut = (at: number): string[] => record.filter((_, index) => index !== at)
  const put = (at: number, by: string): string[] => record.map((l, i) => (i === at ? by : l))

  /** Each kind of tampering, and the first entry that it spoils. */
  const kinds: Record<string, (a: number, b: number, n: number) => [string[], number | undefined]> =
    {
      edit: (a, _b, n) => {
        const line = JSON.parse(record[lineOf(a)] ?? '') as { body: string }
        const at = n % line.body.length
        const by = String.fromCodePoint((line.body.codePointAt(at) ?? 0) ^ 1)
        const body = line.body.slice(0, at) + by + line.body.slice(at + 1)
        return [put(lineOf(a), JSON.stringify({ ...line, body })), a]
      },
      delete: (a) => [leaveOut(lineOf(a)), a],
      deleteMany: (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const isIn = (line: string): boolean => {
          const parsed = JSON.parse(line) as { kind: string; index?: number }
          return parsed.index !== undefined && parsed.index >= from && parsed.index <= to
        }
        return [record.filter((line) => !isIn(line)), from]
      },
      swap: (a, b) => {
        const [i, j] = [lineOf(a), lineOf(b)]
        const lines = [...record]
        lines[i] = record[j] ?? ''
        lines[j] = record[i] ?? ''
        return [lines, Math.min(a, b)]
      },
      copy: (a, b) => {
        const line = record[lineOf(a)] ?? ''
        const lines = [...record]
        lines.splice(lineOf(b), 0, line)
        // A copy just before its original pushes that one on.
        return [lines, a === b ? a + 1 : b]
      },
      renumber: (a, b) => {
        const line = JSON.parse(record[lineOf(a)] ?? '') as object
        return [put(lineOf(a), JSON.stringify({ ...line, index: b })), a]
      },
      cut: (a) => [record.slice(0, lineOf(a)), undefined],
      dropCheckpoint: (a) => [leaveOut(noteAfter(a)), undefined],
      otherNote: (a, b) => {
        const [i, j] = [noteAfter(a), noteAfter(b)]
        const { note } = JSON.parse(record[j] ?? '') as { note: string }
        return [put(i, JSON.stringify({ ...JSON.parse(record[i] ?? ''), note })), undefined]
      },
      otherKey: (a) => {
        const i = noteAfter(a)
        const line = JSON.parse(record[i] ?? '') as { note: string }
        const [, size = '', root = ''] = line.note.split('\n')
        const note = signCheckpoint(Number(size), Buffer.from(root, 'base64'), stranger)
        return [put(i, JSON.stringify({ ...line, note })), undefined]
      },
    }

  it('not one of ten thousand random ones, and the first bad entry is the one that is named', () => {
    const tampering = fc.record({
      kind: fc.constantFrom(...Object.keys(kinds)),
      a: fc.integer({ min: 0, max: 59 }),
      b: fc.integer({ min: 0, max: 59 }),
      n: fc.nat(200),
    })
    fc.assert(
      fc.property(tampering, ({ kind, a, b, n }) => {
        const [lines, first] = kinds[kind]?.(a, b, n) ?? [[], undefined]
        fc.pre(lines.join('\n') !== record.join('\n'))
        const verdict = verify(lines, newest)
        expect(verdict.kind).toBe('invalid')
        if (first !== undefined) expect(verdict).toMatchObject({ entry: first })
      }),
      { numRuns: 10_000 },
    )
  }, 120_000)

  it('and not one honest record is accused', () => {
    const shape = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 61 }))
    fc.assert(
      fc.property(shape, ([count, every]) => {
        const lines = exportOf(count, every)
        const notes = lines.flatMap((line) => {
          const parsed = JSON.parse(line) as { note?: string }
          return parsed.note === undefined ? [] : [parsed.note]
        })
        for (const note of [undefined, ...notes]) {
          expect(verify(lines, note)).toEqual({ kind: 'valid', signed: count, unsigned: 0 })
        }
      }),
      { numRuns: 100 },
    )
  }, 60_000)
})
