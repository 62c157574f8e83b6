// Changes of a record's key: whom a verifier follows who knows but one key of it, and whom it does
// not, however the export was written.

import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from '../checkpoint.ts'
import { encodeFact } from '../fact.ts'
import { emptyFrontier, grow, leafHash, rootOf } from '../merkle/tree-hash.ts'
import { parseVerifierKey, verifierKey } from '../signed-note.ts'
import type { NoteSigner, NoteVerifier } from '../signed-note.ts'
import { RecordVerifier } from '../verify-record.ts'
import type { Verdict } from '../verify-record.ts'
import { chainFrom, followChange, trustFrom } from './key-chain.ts'
import { keyChangeIn, openKeyChange, signKeyChange } from './key-change.ts'

const newSigner = (name = 'test.example/record'): NoteSigner => ({
  name,
  key: generateKeyPairSync('ed25519').privateKey,
})
const [one, two, three, stranger] = [newSigner(), newSigner(), newSigner(), newSigner()]

function keyOf(signer: NoteSigner): NoteVerifier {
  const key = parseVerifierKey(verifierKey(signer))
  if (!key) throw new Error('no key')
  return key
}

const toTwo = signKeyChange(one, two, 'scheduled')
const toThree = signKeyChange(two, three, 'compromised')

/** As somebody would write it who has not both keys. */
const signedByOne = (note: string, at: number): string => {
  const [text = '', lines = ''] = note.split('\n\n')
  return `${text}\n\n${lines.split('\n')[at] ?? ''}\n`
}

describe('a change of key', () => {
  it('is opened where both keys signed it', () => {
    expect(openKeyChange(toThree)).toMatchObject({ reason: 'compromised' })
    const body = encodeFact({ id: 'a', code: 'KEY-003', atMs: 1, fields: { note: toTwo } }).body
    expect(keyChangeIn(body)).toBe(toTwo)
  })
  it('is none without either signature, of another record, or with another word', () => {
    const foreign = signKeyChange(one, newSigner('other.example/record'), 'scheduled')
    const bent = [
      signedByOne(toTwo, 0),
      signedByOne(toTwo, 1),
      toTwo.replace('scheduled', 'compromised'),
      toTwo.replace('wardkey-record-key-change-1', 'wardkey-record-key-change-2'),
      foreign,
      signKeyChange(one, one, 'scheduled'),
      signCheckpoint(8, Buffer.alloc(32), one, two),
      `${toTwo}${' '.repeat(4096)}`,
      '',
    ]
    for (const note of bent) expect(openKeyChange(note), note).toBeUndefined()
  })
  it('is not found in facts of another code, nor where it stands elsewhere', () => {
    const other = encodeFact({ id: 'a', code: 'KEY-002', atMs: 1, fields: { note: toTwo } })
    expect(keyChangeIn(other.body)).toBeUndefined()
    const quoted = encodeFact({
      ...{ id: 'a', code: 'ADM-001', atMs: 1 },
      fields: { note: '{"code":"KEY-003"}' },
    })
    expect(keyChangeIn(quoted.body)).toBeUndefined()
    expect(keyChangeIn(Buffer.from('"code":"KEY-003"'))).toBeUndefined()
    expect(keyChangeIn(Buffer.from('{"code":"KEY-003"}'))).toBe('')
  })
  it('is followed from the key that signs now, and never back to one that has ended', () => {
    const start = chainFrom([keyOf(one)])
    const next = followChange(start, toTwo)
    expect(next?.ended).toHaveLength(1)
    expect(followChange(start, toThree)).toBeUndefined()
    expect(next && followChange(next, toTwo)).toBeUndefined()
    expect(next && followChange(next, signKeyChange(two, one, 'scheduled'))).toBeUndefined()
    expect(next && followChange(next, toThree)?.ended).toHaveLength(2)
  })
})

describe('whom to trust', () => {
  const notes = [toTwo, toThree]
  it('goes from the first to the last key, and from the last back to the first', () => {
    for (const given of [one, two, three]) {
      const { first, all } = trustFrom([keyOf(given)], notes)
      expect(first.map((key) => key.keyId)).toEqual([keyOf(one).keyId])
      expect(all).toHaveLength(3)
    }
    expect(trustFrom([keyOf(one)], notes).owed).toHaveLength(0)
    expect(trustFrom([keyOf(three)], notes).owed).toHaveLength(2)
  })
  it('never goes to a key that no known one signed', () => {
    const made = signKeyChange(stranger, newSigner(), 'scheduled')
    const { first, all } = trustFrom([keyOf(one)], [made, signedByOne(toTwo, 1), 'nonsense'])
    expect(all).toEqual(first)
    expect(all).toHaveLength(1)
  })
  it('ends where changes lead in a circle', () => {
    const back = signKeyChange(two, one, 'scheduled')
    expect(trustFrom([keyOf(two)], [toTwo, back]).all).toHaveLength(2)
  })
})

interface Step {
  readonly bodies: readonly (string | { readonly note: string })[]
  readonly by: readonly [NoteSigner, ...(readonly NoteSigner[])]
}

/** An export with a checkpoint after each step, signed as the step says. */
function exportOf(steps: readonly Step[], keyChanges?: string[]): string[] {
  const header = { kind: 'header', format: 'wardkey-record-1', origin: one.name, exportedMs: 1 }
  const lines: object[] = [{ ...header, ...(keyChanges && { keyChanges }) }]
  let frontier = emptyFrontier
  let index = 0
  for (const { bodies, by } of steps) {
    const leaves = bodies.map((body) => {
      const about =
        typeof body === 'string'
          ? ({ code: 'ADM-001' } as const)
          : ({ code: 'KEY-003', fields: { by: 'host', ...body } } as const)
      const bytes = encodeFact({ id: `fact-${String(index)}`, atMs: index, ...about }).body
      lines.push({ kind: 'entry', index, body: Buffer.from(bytes).toString('utf8') })
      index += 1
      return leafHash(bytes)
    })
    frontier = grow(frontier, leaves)
    const note = signCheckpoint(frontier.size, rootOf(frontier), ...by)
    lines.push({ kind: 'checkpoint', note, leaves: Buffer.concat(leaves).toString('base64') })
  }
  return lines.map((line) => JSON.stringify(line))
}

function verify(lines: readonly string[], signer: NoteSigner, earlierNote?: string): Verdict {
  const key = keyOf(signer)
  const earlier = earlierNote === undefined ? undefined : openCheckpoint(earlierNote, [key])
  const verifier = new RecordVerifier([key], earlier)
  for (const line of lines) {
    const bytes = Buffer.from(line)
    if (!verifier.takeBytes(bytes, 0, bytes.length)) break
  }
  return verifier.end()
}

const steps: readonly Step[] = [
  { bodies: ['a', 'b', 'c'], by: [one] },
  { bodies: ['d', { note: toTwo }, 'e'], by: [one, two] },
  { bodies: ['f', 'g'], by: [two] },
  { bodies: [{ note: toThree }], by: [two, three] },
  { bodies: ['h', 'i'], by: [three] },
]
const whole = exportOf(steps)
const noteAt = (lines: readonly string[], checkpoint: number): string => {
  const texts = lines.filter((line) => line.includes('"kind":"checkpoint"'))
  return (JSON.parse(texts[checkpoint] ?? '') as { note: string }).note
}
const valid = { kind: 'valid', signed: 11, unsigned: 0 }
const withSteps = (at: number, by: Step['by']): Step[] =>
  steps.map((step, place) => (place === at ? { ...step, by } : step))

describe('the verifier', () => {
  it('follows from the first key and an earlier checkpoint alone, without a list of changes', () => {
    expect(verify(whole, one, noteAt(whole, 0))).toEqual(valid)
  })
  it('goes back from a later key by the list of changes, and not without it', () => {
    const listed = exportOf(steps, [toTwo, toThree])
    for (const signer of [one, two, three]) expect(verify(listed, signer)).toEqual(valid)
    expect(verify(listed, three, noteAt(listed, 4))).toEqual(valid)
    expect(verify(whole, three)).toMatchObject({ flaw: 'checkpoint', entry: 0 })
    expect(verify(listed, stranger)).toMatchObject({ flaw: 'checkpoint' })
  })
  it('refuses a change that the key before did not sign', () => {
    const bent = signKeyChange(stranger, two, 'scheduled')
    for (const note of [bent, signedByOne(toTwo, 1), signedByOne(toTwo, 0), '']) {
      const lines = exportOf([
        { bodies: ['a'], by: [one] },
        { bodies: ['b', { note }], by: [one, two] },
        { bodies: ['c'], by: [two] },
      ])
      expect(verify(lines, one)).toEqual({ kind: 'invalid', flaw: 'key-change', entry: 2 })
    }
  })
  it('wants the checkpoint over a change signed by both', () => {
    expect(verify(exportOf(withSteps(1, [one])), one)).toMatchObject({
      flaw: 'checkpoint',
      entry: 4,
    })
    expect(verify(exportOf(withSteps(1, [two])), one)).toMatchObject({
      flaw: 'checkpoint',
      entry: 3,
    })
  })
  it('finds a key that signs after its end', () => {
    for (const [at, by] of [
      [2, one],
      [4, two],
      [4, one],
    ] as const) {
      const lines = exportOf(withSteps(at, [by]))
      expect(verify(lines, one)).toMatchObject({ flaw: 'key-ended', entry: at === 2 ? 6 : 9 })
    }
  })
  it('finds a key that signs before its time', () => {
    expect(verify(exportOf(withSteps(0, [two])), one)).toMatchObject({
      flaw: 'checkpoint',
      entry: 0,
    })
    const listed = exportOf(withSteps(0, [two]), [toTwo, toThree])
    expect(verify(listed, two)).toMatchObject({ flaw: 'checkpoint', entry: 0 })
  })
  it('finds a record that ends before the change that its key came from', () => {
    const cut = exportOf(steps.slice(0, 1), [toTwo])
    expect(verify(cut, two)).toEqual({ kind: 'invalid', flaw: 'truncated', entry: 3 })
    expect(verify(cut, one).kind).toBe('valid')
  })
  it('takes a change that is there and not signed yet for one that is on its way', () => {
    const listed = exportOf(steps.slice(0, 2), [toTwo])
    expect(verify(listed.slice(0, -1), two)).toMatchObject({
      kind: 'valid',
      signed: 3,
      unsigned: 3,
    })
  })
  it('names an entry that was put in, and not a change of key that nobody signed', () => {
    const at = whole.findIndex((line) => line.includes('"index":6,'))
    const body = encodeFact({ id: 'x', code: 'KEY-003', atMs: 1, fields: { note: '' } }).body
    const extra = JSON.stringify({ kind: 'entry', index: 6, body: Buffer.from(body).toString() })
    const lines = [...whole.slice(0, at), extra, ...whole.slice(at)]
    expect(verify(lines, one)).toMatchObject({ flaw: 'inserted', entry: 6 })
  })
})
