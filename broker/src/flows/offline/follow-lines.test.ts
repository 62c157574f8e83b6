// A journal that was cut, reordered, edited or made up is not taken; one that is told twice is taken
// once.

import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sessionId } from '@wardkey/protocol/ids'
import { OfflineJournal } from '../../../../test/kit/offline-journal.ts'
import { beforeAll, followLines, hashOf } from './follow-lines.ts'

const session = sessionId.parse(randomUUID())

function journal(count: number): readonly string[] {
  const written = new OfflineJournal()
  for (let n = 0; n < count; n++) {
    written.write({ kind: 'left', atMs: n, sessionId: session, reason: 'idle' })
  }
  return written.lines
}
const lines = journal(8)
const uptoAt = (seq: number) => ({ seq, hash: hashOf(lines[seq - 1] ?? '') })
const reasonOf = (some: readonly string[], taken = beforeAll) => {
  const followed = followLines(some, taken)
  return followed.kind === 'broken' ? followed.reason : followed.entries.length
}

describe('a journal', () => {
  it('is taken from its first line on, and goes on from where it was', () => {
    expect(followLines(lines, beforeAll)).toMatchObject({ kind: 'follows', upto: uptoAt(8) })
    expect(reasonOf(lines.slice(3), uptoAt(3))).toBe(5)
  })
  it('is taken once, told twice in any pieces', () => {
    fc.assert(
      fc.property(fc.nat(8), fc.nat(7), fc.nat(8), (taken, from, count) => {
        const some = lines.slice(from, from + Math.max(1, count))
        const upto = taken === 0 ? beforeAll : uptoAt(taken)
        const end = from + some.length
        const wanted = from > taken ? 'gap' : Math.max(0, end - taken)
        expect(reasonOf(some, upto)).toBe(wanted)
      }),
    )
  })
  it.each([
    ['lines in another order', [lines[0], lines[2], lines[1]], 'gap'],
    ['a line twice', [lines[0], lines[0]], 'gap'],
    ['a line that was left out', [lines[0], lines[2]], 'gap'],
    ['its beginning left out', [lines[1]], 'gap'],
    [
      'a line that was changed',
      [lines[0], lines[1]?.replace('idle', 'sleep'), lines[2]],
      'not-the-line-before',
    ],
    ['a line that is no entry', ['{}'], 'not-understood'],
    ['a line that is no JSON', ['{"kind"'], 'not-understood'],
    ['a field too many', [lines[0]?.replace('{', '{"x":1,')], 'not-understood'],
  ])('is not taken with %s', (_name, some, reason) => {
    expect(reasonOf(some.map((line) => line ?? ''))).toBe(reason)
  })
  it('is not taken where its last merged line is another now', () => {
    const other = journal(3).map((line) => line.replace('"atMs":2', '"atMs":99'))
    expect(reasonOf([...other, ...lines.slice(3)], uptoAt(3))).toBe('not-the-line-before')
    expect(reasonOf(other, uptoAt(3))).toBe('not-the-line-before')
    expect(reasonOf(lines.slice(3), { seq: 3, hash: 'f'.repeat(64) })).toBe('not-the-line-before')
  })
  it('is not taken where it was put back to an earlier day and went on from there', () => {
    const first = followLines(lines.slice(0, 5), beforeAll)
    if (first.kind === 'broken') throw new Error(first.reason)
    const all = followLines(lines.slice(5), { ...first.upto, marks: first.marks })
    if (all.kind === 'broken') throw new Error(all.reason)
    const taken = { ...all.upto, marks: all.marks }
    const back = new OfflineJournal()
    back.lines.push(...lines.slice(0, 4))
    back.write({ kind: 'left', atMs: 4, sessionId: session, reason: 'tap-out' })
    back.write({ kind: 'left', atMs: 5, sessionId: session, reason: 'idle' })
    expect(reasonOf(back.lines, taken)).toBe('not-the-line-before')
    expect(reasonOf(back.lines.slice(4), taken)).toBe('not-the-line-before')
    for (let end = 1; end <= lines.length; end++)
      expect(reasonOf(lines.slice(0, end), taken)).toBe(0)
  })
})
