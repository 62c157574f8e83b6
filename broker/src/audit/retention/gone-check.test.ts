// Whatever retention took, the rest verifies; and each other change of such a record is found.

import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retentionClassOf } from '@wardkey/protocol/retention-classes'
import { signCheckpoint } from '../checkpoint.ts'
import { emptyFrontier, grow, leafHash, rootOf } from '../merkle/tree-hash.ts'
import type { RecordLine } from '../record-lines.ts'
import { parseVerifierKey, verifierKey } from '../signed-note.ts'
import { RecordVerifier } from '../verify-record.ts'
import type { Verdict } from '../verify-record.ts'
import { clockLeapMs } from './gone-check.ts'
import { holdsHash, purgeList, signPurge, textHash } from './purge-statement.ts'
import type { GoneFact } from './purge-statement.ts'

const signer = { name: 'test.example/record', key: generateKeyPairSync('ed25519').privateKey }
const other = { name: signer.name, key: generateKeyPairSync('ed25519').privateKey }
const dayMs = 86_400_000
const days = 200
const codes = ['TAP-001', 'PRE-001', 'PER-002'] as const

interface Plan {
  /** Of each fact which code it has, and of those that are old whether it went. */
  readonly facts: readonly (readonly [number, boolean])[]
  readonly change?: {
    readonly before?: object
    readonly days?: number
    readonly holds?: readonly string[]
    readonly by?: typeof signer
    readonly atMs?: number
    readonly takes?: (fact: GoneFact) => boolean
  }
}

/** A record with a rule, a purge by it, and a last fact; a fact a day, all under one checkpoint. */
function exportOf({ facts, change = {} }: Plan): RecordLine[] {
  const bodies: string[] = []
  const add = (code: string, atMs: number, about: object = {}): void => {
    bodies.push(JSON.stringify({ atMs, code, ...about }))
  }
  facts.forEach(([code], day) => {
    add(codes[code] ?? 'TAP-001', (day + 1) * dayMs, { id: day })
  })
  const atMs = change.atMs ?? (facts.length + days) * dayMs
  for (let ms = facts.length * dayMs; ms < atMs; ms += 5 * dayMs) add('SYS-003', ms)
  const rule = { number: 1, access: 731, presence: days, administration: 731, operational: 92 }
  add('RET-002', atMs, { fields: rule })
  if (change.before) add('HLD-001', atMs, change.before)
  const beforeMs = atMs - days * dayMs
  const takes =
    change.takes ?? (({ code, atMs: ms }) => retentionClassOf(code) === 'presence' && ms < beforeMs)
  const gone = facts
    .map(([code, isGone], index) => {
      return { isGone, index, code: codes[code] ?? '', atMs: (index + 1) * dayMs }
    })
    .filter((fact) => fact.isGone && takes(fact))
  const list = purgeList(gone)
  if (gone.length > 0) {
    const statement = {
      ...({ purge: 1, class: 'presence', rule: 1, days: change.days ?? days, beforeMs } as const),
      ...{ first: gone[0]?.index ?? 0, last: gone.at(-1)?.index ?? 0, count: gone.length },
      holds: change.holds?.length ?? 0,
      ...{ holdsHash: holdsHash(change.holds ?? []), listHash: textHash(list) },
    }
    add('RET-004', atMs, { fields: signPurge(statement, change.by ?? signer) })
  }
  add('TAP-001', facts.length * dayMs + days * dayMs)
  const leaves = bodies.map((body) => leafHash(Buffer.from(body)))
  const frontier = grow(emptyFrontier, leaves)
  const isGone = new Set(gone.map(({ index }) => index))
  return [
    { kind: 'header', format: 'wardkey-record-1', origin: signer.name, exportedMs: 1 },
    ...bodies.map((body, index): RecordLine => {
      const leaf = leaves[index]?.toString('base64') ?? ''
      return isGone.has(index) ? { kind: 'gone', index, leaf } : { kind: 'entry', index, body }
    }),
    {
      kind: 'checkpoint',
      note: signCheckpoint(frontier.size, rootOf(frontier), signer),
      leaves: Buffer.concat(leaves).toString('base64'),
    },
    ...(gone.length === 0 ? [] : [{ kind: 'purge', number: 1, list } as const]),
  ]
}

function verify(lines: readonly object[]): Verdict {
  const key = parseVerifierKey(verifierKey(signer))
  const verifier = new RecordVerifier(key ? [key] : [])
  for (const line of lines) {
    const bytes = Buffer.from(JSON.stringify(line))
    if (!verifier.takeBytes(bytes, 0, bytes.length)) break
  }
  return verifier.end()
}

const someFacts = fc.array(fc.tuple(fc.nat(2), fc.boolean()), { minLength: 1, maxLength: 40 })
/** All of presence is gone. */
const facts = Array.from({ length: 30 }, (_, day) => [day % 3, true] as const)

describe('a record from which retention took something', () => {
  it('verifies, whatever of it went', () => {
    fc.assert(
      fc.property(someFacts, (some) => {
        const lines = exportOf({ facts: some })
        const gone = lines.filter(({ kind }) => kind === 'gone').length
        const verdict = verify(lines)
        expect(verdict).toMatchObject({ kind: 'valid', ...(gone === 0 ? {} : { gone }) })
      }),
      { numRuns: 100 },
    )
  })
  it('is found when any line of it is left out, changed, or called gone', () => {
    const lines = exportOf({ facts })
    expect(verify(lines)).toMatchObject({ kind: 'valid', gone: 10 })
    lines.forEach((line, at) => {
      // Without its only checkpoint nothing of it is signed, and the verdict says that.
      const isSeal = line.kind === 'checkpoint'
      const { kind } = verify(lines.filter((_, index) => index !== at))
      expect([at, kind]).toEqual([at, isSeal ? 'valid' : 'invalid'])
      if (line.kind !== 'entry') return
      const leaf = leafHash(Buffer.from(line.body)).toString('base64')
      const called = lines.map((one, index) =>
        index === at ? { kind: 'gone', index: line.index, leaf } : one,
      )
      expect([at, verify(called).kind]).toEqual([at, 'invalid'])
      const changed = lines.map((one, index) =>
        index === at ? { ...line, body: line.body.replace('{', '{ ') } : one,
      )
      expect([at, verify(changed).kind]).toEqual([at, 'invalid'])
    })
  })
  it('is found when any letter of the list is changed', () => {
    const lines = exportOf({ facts })
    const last = lines.at(-1)
    const list = last?.kind === 'purge' ? last.list : ''
    for (let at = 0; at < list.length; at++) {
      const changed = `${list.slice(0, at)}${list[at] === '1' ? '2' : '1'}${list.slice(at + 1)}`
      const verdict = verify([...lines.slice(0, -1), { kind: 'purge', number: 1, list: changed }])
      expect([at, verdict.kind]).toEqual([at, 'invalid'])
    }
  })
  it('is whole where an entry is still there that went while it was exported', () => {
    const lines = exportOf({ facts })
    const body = JSON.stringify({ atMs: 2 * dayMs, code: 'PRE-001', id: 1 })
    const late = lines.map((line) =>
      line.kind === 'gone' && line.index === 1 ? { kind: 'entry', index: 1, body } : line,
    )
    expect(verify(late)).toMatchObject({ kind: 'valid', gone: 9 })
  })

  const isPresence = ({ code }: GoneFact): boolean => code === 'PRE-001'
  const hold = (fields: object, about: object = {}) => ({
    ...about,
    fields: { id: 'h', ...fields },
  })
  it.each([
    ['by a purge that another key signed', { by: other }, 'gone-unproved'],
    ['of another class', { takes: ({ code }: GoneFact) => code === 'TAP-001' }, 'gone-unproved'],
    ['by days that no rule says', { days: 100 }, 'gone-early'],
    ['a week before its time', { atMs: (30 + days - 9) * dayMs, takes: isPresence }, 'gone-early'],
    ['by a clock that was far ahead', { atMs: 300 * dayMs + days * dayMs }, 'gone-early'],
    [
      'while a hold stood that it did not know',
      { before: hold({}, { person: 'p' }) },
      'gone-on-hold',
    ],
    ['under a hold on all', { before: hold({}), holds: ['h'] }, 'gone-on-hold'],
    [
      'under a hold on its time',
      { before: hold({ untilMs: 3 * dayMs }), holds: ['h'] },
      'gone-on-hold',
    ],
    ['by a purge that names holds that never were', { holds: ['x'] }, 'gone-on-hold'],
  ] as const)('is found when something went %s', (_name, change, flaw) => {
    expect(verify(exportOf({ facts, change }))).toMatchObject({ kind: 'invalid', flaw })
  })
  it('verifies where a hold is on another time, or on a person whom the purge spared', () => {
    for (const before of [hold({ fromMs: 90 * dayMs }), hold({}, { person: 'p' })]) {
      expect(verify(exportOf({ facts, change: { before, holds: ['h'] } })).kind).toBe('valid')
    }
    expect(clockLeapMs).toBe(7 * dayMs)
  })
})
