// The journal with real files: what is durable is there after a restart, what is torn is cut, what
// was changed is noticed, and what no disk takes is not acknowledged.

import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HandClock } from '../../../../test/kit/hand-clock.ts'
import { ownDisk } from '../../platform/disk.ts'
import type { Disk } from '../../platform/disk.ts'
import type { LogFields } from '../../platform/log.ts'
import { openSealer } from '../../platform/seal.ts'
import { openKeyFile } from '../../platform/sealed-storage.ts'
import { newSession } from '../bed-for-tests.ts'
import { Journal } from './journal.ts'
import type { NewEntry } from './journal-lines.ts'

let folder: string
let clock: HandClock
const logged: (LogFields & { event: string })[] = []
const opened: Journal[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-journal-'))
  clock = new HandClock()
  logged.length = 0
})
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(disk: Disk = ownDisk): Journal {
  const note = (event: string, fields: LogFields): void => {
    logged.push({ event, ...fields })
  }
  const journal = new Journal({
    folder,
    disk,
    sealer: openSealer(openKeyFile(folder, 'offline.key')),
    newId: randomUUID,
    clock,
    log: { info: note, warn: note, error: note },
  })
  opened.push(journal)
  return journal
}

const path = () => join(folder, 'offline-journal')
const entry = (): NewEntry => ({
  kind: 'left',
  atMs: clock.wallMs(),
  sessionId: newSession(),
  reason: 'idle',
})
const seqs = (journal: Journal) => journal.lines.map(({ seq }) => seq)

describe('a journal', () => {
  it('is there after a restart, each line following from the one before', async () => {
    const first = open()
    expect(await first.append([entry(), entry()])).toBe(true)
    expect(await first.append([entry()])).toBe(true)
    const again = open()
    expect(again.lines).toEqual(first.lines)
    expect(again.journalId).toBe(first.journalId)
    await again.append([entry()])
    expect(seqs(again)).toEqual([1, 2, 3, 4])
    const hashes = again.lines.map(({ text }) => createHash('sha256').update(text).digest('hex'))
    const previous = again.lines.map(({ text }) => /"previous":"([0-9a-f]{64})"/.exec(text)?.[1])
    expect(previous).toEqual(['0'.repeat(64), ...hashes.slice(0, -1)])
  })
  it('is for this user’s eyes only', async () => {
    await open().append([entry()])
    expect(statSync(path()).mode & 0o777).toBe(0o600)
  })
  it('writes many at once in the order in which they came', async () => {
    const journal = open()
    const many = Array.from({ length: 200 }, entry)
    expect(await Promise.all(many.map((one) => journal.append([one])))).not.toContain(false)
    const ids = journal.lines.map(({ text }) => /"sessionId":"([^"]+)"/.exec(text)?.[1])
    expect(ids).toEqual(many.map((one) => (one.kind === 'left' ? one.sessionId : '')))
  })
  it('forgets only what it is told to, and goes on where it was', async () => {
    const journal = open()
    await journal.append([entry(), entry(), entry()])
    const id = journal.journalId ?? ''
    await journal.forget(randomUUID(), 3)
    expect(seqs(journal)).toEqual([1, 2, 3])
    await journal.forget(id, 2)
    await journal.append([entry()])
    expect(seqs(open())).toEqual([3, 4])
    await journal.forget(id, 4)
    expect(journal.journalId).toBeUndefined()
    expect(readdirSync(folder)).not.toContain('offline-journal')
    await journal.append([entry()])
    expect(seqs(open())).toEqual([1])
    expect(journal.journalId).not.toBe(id)
  })
})

describe('of what was only seen', () => {
  const sight = (): NewEntry => ({
    ...{ kind: 'seen', atMs: clock.wallMs(), sessionId: newSession() },
    ...{ evidence: 'proximity', confidence: 0.6 },
  })
  it('leaves room for who is let in and for who leaves, however often it is told', async () => {
    const journal = open()
    for (let n = 0; n < 40; n++) {
      for (let one = 0; one < 300; one++) journal.keep(sight())
      await journal.append([entry()])
    }
    expect(journal.lines.length).toBeLessThan(7000)
    const { length } = journal.lines
    expect(await journal.append([entry()])).toBe(true)
    journal.keep(entry())
    await expect.poll(() => journal.lines.length).toBe(length + 2)
    expect(logged).toEqual([{ event: 'offline.journal-full', count: expect.any(Number) }])
  })
})

describe('of a file that is not as it was', () => {
  const whole = async (): Promise<string> => {
    await open().append([entry(), entry(), entry()])
    return readFileSync(path(), 'latin1')
  }

  it.each([1, 2, 20, 100])('a last line that lacks %i bytes is cut, and said', async (bytes) => {
    const text = await whole()
    writeFileSync(path(), text.slice(0, -bytes))
    const journal = open()
    expect(seqs(journal)).toEqual([1, 2])
    expect(logged).toContainEqual({ event: 'offline.journal-cut', reason: 'torn' })
    await journal.append([entry()])
    expect(seqs(open())).toEqual([1, 2, 3])
  })
  it.each([
    ['a line is gone', (lines: string[]) => lines.toSpliced(2, 1), [1]],
    ['two are swapped', ([h, a, b, ...r]: string[]) => [h, b, a, ...r], []],
    ['one is there twice', ([h, a, ...r]: string[]) => [h, a, a, ...r], [1]],
    [
      'one is changed',
      ([h, a = '', ...r]: string[]) => [h, `${a.startsWith('A') ? 'B' : 'A'}${a.slice(1)}`, ...r],
      [],
    ],
    ['the head is gone', ([, ...r]: string[]) => r, []],
  ])('where %s, what follows is kept aside, and said', async (_what, change, left) => {
    const text = await whole()
    const lines = text.split('\n')
    const broken = change(lines).join('\n')
    writeFileSync(path(), broken)
    expect(seqs(open())).toEqual(left)
    expect(logged).toContainEqual({ event: 'offline.journal-cut', reason: 'damaged' })
    const kept = readdirSync(folder).find((name) => name.startsWith('offline-journal.damaged-'))
    expect(readFileSync(join(folder, kept ?? ''), 'latin1')).toBe(broken)
  })
  it('keeps one copy aside, however often it is started on it', async () => {
    await whole()
    writeFileSync(path(), 'broken\n')
    for (let starts = 0; starts < 3; starts++) open()
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toHaveLength(1)
    writeFileSync(path(), 'broken otherwise\n')
    open()
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toHaveLength(2)
  })
  it('starts where there is no room for a copy, and says so', async () => {
    await whole()
    writeFileSync(path(), 'broken\n')
    const copy = (): void => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    }
    expect(seqs(open({ ...ownDisk, copy }))).toEqual([])
    expect(logged).toContainEqual({ event: 'offline.journal-cut', reason: 'damaged-not-kept' })
  })
  it('nothing opens with another workstation’s key', async () => {
    const text = await whole()
    rmSync(join(folder, 'offline.key'))
    expect(seqs(open())).toEqual([])
    expect(readdirSync(folder).some((name) => name.includes('damaged'))).toBe(true)
    expect(text).not.toContain('idle')
  })
})

describe('where the disk takes nothing', () => {
  it('acknowledges nothing, keeps what has happened, and writes it when it can', async () => {
    const journal = open()
    await journal.append([entry()])
    const again = open()
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'not a folder')
    expect(await again.append([entry()])).toBe(false)
    again.keep(entry())
    expect(await again.append([entry()])).toBe(false)
    rmSync(folder)
    await clock.advance(2000)
    await expect.poll(() => seqs(again)).toEqual([1, 2])
    expect(await again.append([entry()])).toBe(true)
    expect(seqs(again)).toEqual([1, 2, 3])
  })
})
