// A journal that is cut exactly at a line's end, with real files: it is seen, told until a broker
// has it, and keeps nobody out. What a kill leaves is never taken for it.

import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AloneBed, ben, newSession, rosa } from '../bed-for-tests.ts'
import { BundleSigner, offlinePersonOf } from '../../../../test/kit/offline-bundles.ts'
import { countOf, gapAfter } from './journal-count.ts'
import { lineAfter, nothingBefore, baseOf } from './journal-lines.ts'
import type { Line } from './journal-lines.ts'

const minuteMs = 60_000
let bed: AloneBed
beforeEach(() => {
  bed = new AloneBed()
})
afterEach(() => bed.close())

const pathOf = (name: 'journal' | 'memory' | 'bundle'): string =>
  join(bed.folder, 'offline', `offline-${name}`)
const remove =
  (...names: readonly Parameters<typeof pathOf>[0][]) =>
  (): void => {
    for (const name of names) rmSync(pathOf(name))
  }
const kept = (name: 'journal' | 'memory') => {
  const bytes = readFileSync(pathOf(name))
  return () => {
    writeFileSync(pathOf(name), bytes)
  }
}
/** Exactly at a line's end. */
const cutBy = (count: number) => (): void => {
  const lines = readFileSync(pathOf('journal'), 'latin1').split('\n').slice(0, -1)
  const left = lines.slice(0, lines.length - count)
  writeFileSync(pathOf('journal'), left.map((line) => `${line}\n`).join(''), 'latin1')
}
const gaps = () => bed.alone.known.gaps
/** Cut off, with three lines of Rosa's: asked for her PIN, it matched, let in. */
const withLines = async (): Promise<void> => {
  await bed.cutOff({ people: [offlinePersonOf(), offlinePersonOf({ uid: ben })] })
  expect(await bed.signIn(rosa)).toMatchObject({ kind: 'admitted' })
}
/** Within a minute it is counted, whatever else happens. */
const counted = async (): Promise<void> => {
  await bed.settled()
  const before = readFileSync(pathOf('memory'))
  await bed.clock.advance(minuteMs)
  // Sealed anew, no two are alike.
  await bed.until(() => !readFileSync(pathOf('memory')).equals(before))
}
const merged = async (upToSeq: number): Promise<void> => {
  bed.welcome()
  await bed.until(() => bed.sent.some(({ kind }) => kind === 'offline-facts'))
  const told = bed.sent.findLast((frame) => frame.kind === 'offline-facts')
  if (told?.kind !== 'offline-facts') throw new Error('nothing was told')
  const { id: replyTo, journalId } = told
  bed.hear({ kind: 'offline-merged', replyTo, journalId, upToSeq, sessions: [] })
  await bed.settled()
}

describe('a journal that is cut at a line’s end', () => {
  it.each([1, 2, 3])('by %i lines is told, and people work on', async (count) => {
    await withLines()
    await counted()
    await bed.killed(cutBy(count))
    const gap = { kind: 'lines-gone', seq: 3, foundSeq: 3 - count, atMs: expect.any(Number) }
    expect(gaps()).toMatchObject([gap])
    expect(bed.alone.status.gaps).toBe(1)
    expect(bed.logged).toContainEqual({ event: 'offline.journal-gap', reason: 'lines-gone', count })
    expect(await bed.signIn(ben)).toMatchObject({ kind: 'admitted' })
  })
  it('is told where it was counted by the PIN that was asked for next alone', async () => {
    await withLines()
    await bed.signIn(ben)
    // Of Ben's lines only the question was there when his PIN was counted.
    await bed.killed(cutBy(3))
    expect(gaps()).toMatchObject([{ seq: 4, foundSeq: 3 }])
  })
  it('is told to the last line after an end in order', async () => {
    await withLines()
    await bed.alone.close()
    cutBy(1)()
    await bed.restart()
    expect(gaps()).toMatchObject([{ foundSeq: expect.any(Number) }])
  })
  it('is not seen of what was written since the last count', async () => {
    await withLines()
    // The match of her PIN was counted after its question; what came then was not.
    await bed.killed(cutBy(2))
    expect(gaps()).toBeUndefined()
  })
  it('is told where the whole file is gone', async () => {
    await withLines()
    await counted()
    await bed.killed(remove('journal'))
    expect(gaps()).toMatchObject([{ kind: 'lines-gone', seq: 3, foundSeq: 0 }])
    expect(await bed.signIn(rosa)).toMatchObject({ kind: 'admitted' })
  })
  it('is told where it was put back from a copy', async () => {
    await withLines()
    const putBack = kept('journal')
    await bed.signIn(ben)
    await counted()
    await bed.killed(putBack)
    expect(gaps()).toMatchObject([{ seq: 6, foundSeq: 3 }])
  })
  it('is not seen where a copy of both is put back', async () => {
    await withLines()
    const [journal, memory] = [kept('journal'), kept('memory')]
    await bed.signIn(ben)
    await counted()
    await bed.killed(() => {
      journal()
      memory()
    })
    expect(gaps()).toBeUndefined()
  })
})

describe('what is gone', () => {
  it('is told at each hello, over restarts, until a broker says that it has noted it', async () => {
    await withLines()
    await counted()
    await bed.killed(cutBy(1))
    const told = gaps()
    await bed.killed()
    expect(gaps()).toEqual(told)
    // A broker of the release before does not know the word.
    bed.welcome()
    expect(gaps()).toEqual(told)
    bed.welcome({ gapsNoted: true })
    expect(gaps()).toBeUndefined()
    expect(bed.alone.status.gaps).toBeUndefined()
    await bed.restart()
    expect(gaps()).toBeUndefined()
  })
  it('is told once for each time, and not without end', async () => {
    await withLines()
    for (let n = 0; n < 6; n++) {
      await bed.signIn(ben)
      await counted()
      await bed.killed(cutBy(1))
    }
    expect(gaps()).toHaveLength(4)
    expect(new Set(gaps()?.map((gap) => JSON.stringify(gap))).size).toBe(4)
  })
  it('is told by whoever this workstation is enrolled as since', async () => {
    await withLines()
    await counted()
    bed.workstationId = randomUUID()
    await bed.killed(cutBy(1))
    bed.welcome({ bundleKey: new BundleSigner().bundleKey })
    expect(gaps()).toMatchObject([{ foundSeq: 2 }])
  })
})

describe('a count that is gone', () => {
  it.each([
    ['with the journal there', remove('memory')],
    ['with the journal', remove('memory', 'journal')],
    [
      'because it does not open',
      () => {
        writeFileSync(pathOf('memory'), 'broken')
      },
    ],
  ] as const)('%s is told, and a broker brings everything back', async (_how, spoil) => {
    await withLines()
    await counted()
    await bed.killed(spoil)
    expect(gaps()).toMatchObject([{ kind: 'count-gone' }])
    bed.welcome()
    bed.give(bed.bundle({ sequence: 2 }))
    await bed.settled()
    bed.cut()
    expect(await bed.signIn(rosa)).toMatchObject({ kind: 'admitted' })
  })
  it('is not missed where a workstation is new', async () => {
    await bed.cutOff()
    expect(gaps()).toBeUndefined()
  })
  it('is not seen where everything went with it', async () => {
    await withLines()
    await bed.killed(remove('memory', 'journal', 'bundle'))
    expect(gaps()).toBeUndefined()
  })
  it('is not missed where an agent of before had written none', async () => {
    await withLines()
    const putBack = kept('memory')
    putBack()
    await bed.killed()
    expect(gaps()).toBeUndefined()
  })
})

describe('a kill', () => {
  it('between a line and its count is nothing', async () => {
    await withLines()
    await counted()
    const memory = kept('memory')
    await bed.signIn(ben)
    await bed.killed(memory)
    expect(gaps()).toBeUndefined()
  })
  it('between the count and the file that goes, once all is merged, is nothing', async () => {
    await withLines()
    await counted()
    const journal = kept('journal')
    await merged(3)
    await bed.until(() => !existsSync(pathOf('journal')))
    await bed.killed(journal)
    expect(gaps()).toBeUndefined()
    await bed.killed(remove('journal'))
    expect(gaps()).toMatchObject([{ foundSeq: 0 }])
  })
  it('after a part was merged is nothing', async () => {
    await withLines()
    await counted()
    const [journal, memory] = [kept('journal'), kept('memory')]
    await merged(2)
    await bed.killed(memory)
    expect(gaps()).toBeUndefined()
    await bed.killed(journal)
    expect(gaps()).toBeUndefined()
  })
  it('before an old count went leaves a word that only the broker can judge', async () => {
    await withLines()
    await counted()
    const memory = kept('memory')
    await merged(3)
    await bed.killed(memory)
    // All of it is in the record, and the broker knows that: nothing becomes of this there.
    expect(gaps()).toMatchObject([{ kind: 'lines-gone', seq: 3, foundSeq: 0 }])
  })
})

describe('of what was counted', () => {
  const journalId = randomUUID()
  const linesOf = (count: number): Line[] => {
    const lines: Line[] = []
    for (let n = 0; n < count; n++) {
      const last = lines.at(-1)
      const entry = { kind: 'left', atMs: 7, sessionId: newSession(), reason: 'idle' } as const
      lines.push(lineAfter(last ? baseOf(last) : nothingBefore, entry))
    }
    return lines
  }
  const lines = linesOf(5)
  const all = { journalId, base: nothingBefore, lines }
  const five = countOf(all)
  const from = (seq: number) => {
    const line = lines[seq - 1]
    return { journalId, base: line ? baseOf(line) : nothingBefore, lines: lines.slice(seq) }
  }

  it('the last line is kept by number and hash', () => {
    const hash = createHash('sha256')
      .update(lines[4]?.text ?? '')
      .digest('hex')
    expect(five).toEqual({ journalId, seq: 5, hash, atMs: 7 })
    expect(countOf({ ...all, lines: [] })).toBeUndefined()
    expect(countOf({ ...all, journalId: undefined })).toBeUndefined()
  })
  it.each([0, 1, 4, 5])('nothing is missing where %i lines were merged since', (seq) => {
    expect(gapAfter(five, from(seq))).toBeUndefined()
  })
  it('nothing is missing where more is there, or nothing was counted', () => {
    expect(gapAfter(countOf({ ...all, lines: lines.slice(0, 2) }), all)).toBeUndefined()
    expect(gapAfter(undefined, all)).toBeUndefined()
  })
  it('a journal that was cut and written on since is not the one that was counted', () => {
    const other = linesOf(9)
    expect(gapAfter(five, { ...all, lines: other })).toMatchObject({ foundSeq: 4 })
    expect(
      gapAfter(five, { ...all, base: { seq: 5, hash: '1'.repeat(64) }, lines: [] }),
    ).toBeDefined()
  })
  it('another journal is none of it', () => {
    expect(gapAfter(five, { ...all, journalId: randomUUID() })).toMatchObject({ foundSeq: 0 })
  })
})
