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
  for (const line of lines) if (!verifier.take(line)) break
  return verifier.end()
}

const whole = exportOf(100, 7)
const entryLine = (index: number): number =>
  whole.findIndex((line) => line.includes(`"index":${String(index)},`))
const lastNote = (JSON.parse(whole.at(-1) ?? '') as { note: string }).note
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
      ...bodies.map((body, index) => JSON.stringify({ kind: 'entry', index, body })),
      JSON.stringify({
        kind: 'checkpoint',
        note: signCheckpoint(frontier.size, rootOf(frontier), signer),
        leaves: Buffer.concat(bodies.map((body) => leafHash(Buffer.from(body)))).toString('base64'),
      }),
    ]
    expect(verify(forged, lastNote)).toMatchObject({ flaw: 'forked' })
  })
  it('says how much is not signed yet', () => {
    const extra = JSON.stringify({ kind: 'entry', index: 100, body: '{}' })
    expect(verify([...whole, extra])).toEqual({ kind: 'valid', signed: 100, unsigned: 1 })
  })
})

describe('no tampering passes', () => {
  it('not one changed byte of a small record', () => {
    const small = exportOf(6, 2)
    const text = small.join('\n')
    for (let at = 0; at < text.length; at++) {
      if (text[at] === '\n') continue
      const by = text[at] === 'x' ? 'y' : 'x'
      const bent = (text.slice(0, at) + by + text.slice(at + 1)).split('\n')
      // The header and the spare bits of base64 say nothing about the record.
      if (at < (small[0]?.length ?? 0)) continue
      expect(
        verify(bent).kind,
        `byte ${String(at)}: ${bent.join('').slice(at - 20, at + 20)}`,
      ).toBe('invalid')
    }
  })
  it('not one of ten thousand random edits, deletions, swaps and copies', () => {
    const edit = fc.record({
      kind: fc.constantFrom('edit', 'delete', 'swap', 'copy'),
      a: fc.integer({ min: 0, max: 99 }),
      b: fc.integer({ min: 0, max: 99 }),
      at: fc.nat(30),
    })
    fc.assert(
      fc.property(edit, ({ kind, a, b, at }) => {
        const [i, j] = [entryLine(a), entryLine(b)]
        const line = whole[i] ?? ''
        const lines = [...whole]
        if (kind === 'edit') lines[i] = line.replace('TAP-001', `TAP-${String(100 + at)}`)
        else if (kind === 'delete') lines.splice(i, 1)
        else if (kind === 'copy') lines.splice(j, 0, line)
        else [lines[i], lines[j]] = [whole[j] ?? '', line]
        fc.pre(lines.join('\n') !== whole.join('\n'))
        expect(verify(lines).kind).toBe('invalid')
      }),
      { numRuns: 10_000 },
    )
  }, 60_000)
})
