// A record that changed its key between purges: each purge counts by the key in force at its place,
// and by no other, whichever key of the record somebody begins with.

import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signCheckpoint } from '../checkpoint.ts'
import { encodeFact } from '../fact.ts'
import type { Fact } from '../fact.ts'
import { signKeyChange } from '../key-changes/key-change.ts'
import { emptyFrontier, grow, leafHash, rootOf } from '../merkle/tree-hash.ts'
import type { Hash } from '../merkle/tree-hash.ts'
import type { RecordLine } from '../record-lines.ts'
import { parseVerifierKey, verifierKey } from '../signed-note.ts'
import type { NoteSigner } from '../signed-note.ts'
import { RecordVerifier } from '../verify-record.ts'
import type { Verdict } from '../verify-record.ts'
import { holdsHash, purgeList, signPurge, textHash } from './purge-statement.ts'

const newSigner = (): NoteSigner => ({
  name: 'test.example/record',
  key: generateKeyPairSync('ed25519').privateKey,
})
const [one, two, three, stranger] = [newSigner(), newSigner(), newSigner(), newSigner()]
const dayMs = 86_400_000
const days = 100
const endMs = 300 * dayMs
const changes = [signKeyChange(one, two, 'scheduled'), signKeyChange(two, three, 'compromised')]

class Export {
  readonly lines: RecordLine[]
  #frontier = emptyFrontier
  #leaves: Hash[] = []
  #index = 0

  constructor(keyChanges: string[]) {
    const header = { kind: 'header', format: 'wardkey-record-1', exportedMs: 1 } as const
    this.lines = [{ ...header, origin: one.name, keyChanges }]
  }

  add(code: Fact['code'], atMs: number, fields: Fact['fields'] = {}, isGone = false): void {
    const index = this.#index++
    const { body } = encodeFact({ id: `fact-${String(index)}`, code, atMs, fields })
    const leaf = leafHash(body)
    this.#leaves.push(leaf)
    if (isGone) this.lines.push({ kind: 'gone', index, leaf: leaf.toString('base64') })
    else this.lines.push({ kind: 'entry', index, body: Buffer.from(body).toString('utf8') })
  }

  /** Takes the presence of one day, which is the entry of that number. */
  purge(purge: number, by: NoteSigner): RecordLine {
    const first = purge - 1
    const list = purgeList([{ index: first, code: 'PRE-001', atMs: purge * dayMs }])
    const statement = {
      ...({ purge, class: 'presence', rule: 1, days, beforeMs: endMs - days * dayMs } as const),
      ...{ first, last: first, count: 1, holds: 0 },
      ...{ holdsHash: holdsHash([]), listHash: textHash(list) },
    }
    this.add('RET-004', endMs, signPurge(statement, by))
    return { kind: 'purge', number: purge, list }
  }

  seal(...by: readonly [NoteSigner, ...(readonly NoteSigner[])]): void {
    const leaves = this.#leaves.splice(0)
    this.#frontier = grow(this.#frontier, leaves)
    const note = signCheckpoint(this.#frontier.size, rootOf(this.#frontier), ...by)
    const text = Buffer.concat(leaves).toString('base64')
    this.lines.push({ kind: 'checkpoint', note, leaves: text })
  }
}

/** Three purges with a change of key after each but the last. */
function exportOf(by: readonly [NoteSigner, NoteSigner, NoteSigner], isOften = true): RecordLine[] {
  const made = new Export(changes)
  for (let day = 1; day <= 3; day++) made.add('PRE-001', day * dayMs, {}, true)
  for (let ms = 5 * dayMs; ms <= endMs; ms += 5 * dayMs) made.add('SYS-003', ms)
  const rule = { number: 1, access: 731, presence: days, administration: 731, operational: 92 }
  made.add('RET-002', endMs, rule)
  const lists = [made.purge(1, by[0])]
  made.seal(one)
  made.add('KEY-003', endMs, { note: changes[0] ?? '' })
  if (isOften) made.seal(one, two)
  lists.push(made.purge(2, by[1]))
  if (isOften) made.seal(two)
  else made.seal(one, two)
  made.add('KEY-003', endMs, { note: changes[1] ?? '' })
  lists.push(made.purge(3, by[2]))
  made.seal(two, three)
  made.add('TAP-001', endMs)
  made.seal(three)
  return [...made.lines, ...lists]
}

function verify(lines: readonly object[], signer: NoteSigner = one): Verdict {
  const key = parseVerifierKey(verifierKey(signer))
  const verifier = new RecordVerifier(key ? [key] : [])
  for (const line of lines) {
    const bytes = Buffer.from(JSON.stringify(line))
    if (!verifier.takeBytes(bytes, 0, bytes.length)) break
  }
  return verifier.end()
}

describe('a record that changed its key between purges', () => {
  const whole = exportOf([one, two, three])
  it('is valid from each of its keys, and from no other', () => {
    for (const signer of [one, two, three]) {
      expect(verify(whole, signer)).toMatchObject({ kind: 'valid', unsigned: 0, gone: 3 })
    }
    expect(verify(whole, stranger).kind).toBe('invalid')
    const { keyChanges: _, ...header } = whole[0] as Extract<RecordLine, { kind: 'header' }>
    expect(verify([header, ...whole.slice(1)])).toMatchObject({ kind: 'valid', gone: 3 })
  })
  it('is valid where a purge follows the change under one checkpoint', () => {
    expect(verify(exportOf([one, two, three], false))).toMatchObject({ kind: 'valid', gone: 3 })
  })
  it.each([
    ['a key that has ended signs the second', [one, one, three]],
    ['a key that has ended signs the third', [one, two, two]],
    ['the first key signs the third', [one, two, one]],
    ['a key signs before its time', [two, two, three]],
    ['the last key signs the second', [one, three, three]],
    ['a stranger signs the second', [one, stranger, three]],
  ] as const)('is found where %s', (_name, by) => {
    for (const isOften of [true, false]) {
      const verdict = verify(exportOf(by, isOften))
      expect(verdict).toMatchObject({ kind: 'invalid', flaw: 'gone-unproved' })
      expect(verify(exportOf(by, isOften), three)).toEqual(verdict)
    }
  })
  it('is found when any line is left out, changed, or called gone', () => {
    const isEnd = (at: number): boolean => at === whole.length - 4
    whole.forEach((line, at) => {
      // Without the last checkpoint the last fact is not signed, and the verdict says that.
      const without = verify(whole.filter((_, index) => index !== at))
      expect([at, without.kind]).toEqual([at, isEnd(at) ? 'valid' : 'invalid'])
      if (line.kind !== 'entry') return
      const { index } = line
      const replaced = (by: object) => whole.map((one, place) => (place === at ? by : one))
      const leaf = leafHash(Buffer.from(line.body)).toString('base64')
      expect([at, verify(replaced({ kind: 'gone', index, leaf })).kind]).toEqual([at, 'invalid'])
      const body = line.body.replace('{', '{ ')
      expect([at, verify(replaced({ ...line, body })).kind]).toEqual([at, 'invalid'])
    })
  })
})
