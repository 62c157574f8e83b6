// The queue in front of the disk: what it batches, what it sheds, and that nobody waits for ever
// and nothing is called written that is not.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Fault } from '../platform/fault.ts'
import { CommitQueue } from './commit-queue.ts'
import type { Outcome } from './commit-queue.ts'
import type { FactBytes, Unit } from './store.ts'

const fact = (id: string): FactBytes => ({
  ...{ id, atMs: 1, code: 'ADM-001', body: Buffer.from('{}') },
  ...{ personId: null, workstationId: null, sessionId: null },
})
const unit = (id: string): Unit => ({ kind: 'recorded', writes: [], facts: [fact(id)] })
const idOf = (one: Unit): string => (one.kind === 'recorded' ? one.facts[0].id : '')
const committed = (firstIndex: number): Outcome => ({ kind: 'committed', firstIndex })

/** A disk that answers when it is told to. */
class HandDisk {
  readonly batches: string[][] = []
  #answer: ((outcomes: readonly Outcome[]) => void) | undefined
  #refuse: ((thrown: unknown) => void) | undefined

  write = (units: readonly Unit[]): Promise<readonly Outcome[]> => {
    this.batches.push(units.map(idOf))
    return new Promise((resolve, reject) => {
      this.#answer = resolve
      this.#refuse = reject
    })
  }

  async answer(outcomes: readonly Outcome[]): Promise<void> {
    this.#answer?.(outcomes)
    await settled()
  }

  async refuse(thrown: unknown): Promise<void> {
    this.#refuse?.(thrown)
    await settled()
  }
}

/** Lets everything happen that needs no time to pass. */
const settled = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined)

describe('the commit queue', () => {
  let disk: HandDisk
  let fatal: Error[]
  let queue: CommitQueue
  /** What became of each unit, in words. */
  let ends: Record<string, string>
  const commit = (id: string): void => {
    ends[id] = 'waits'
    void queue.commit(unit(id)).then(
      (done) => {
        ends[id] = done.kind === 'committed' ? `at ${String(done.receipt.firstIndex)}` : done.kind
      },
      (thrown: unknown) => {
        ends[id] = thrown instanceof Fault ? `${thrown.code} ${thrown.class}` : 'not a fault'
      },
    )
  }
  beforeEach(() => {
    vi.useFakeTimers()
    disk = new HandDisk()
    fatal = []
    ends = {}
    queue = new CommitQueue({
      write: disk.write,
      batchMax: 3,
      onFatal: (cause) => fatal.push(cause),
    })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('writes what came in one turn as one batch, and what comes meanwhile as the next', async () => {
    commit('a')
    commit('b')
    await settled()
    for (const id of ['c', 'd', 'e', 'f']) commit(id)
    await settled()
    expect(disk.batches).toEqual([['a', 'b']])
    expect(queue.waiting).toBe(6)
    expect(ends).toMatchObject({ a: 'waits', f: 'waits' })
    await disk.answer([committed(0), committed(1)])
    expect(ends).toMatchObject({ a: 'at 0', b: 'at 1', c: 'waits' })
    await disk.answer([committed(2), { kind: 'conflict' }, committed(3)])
    expect(disk.batches).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']])
    expect(ends).toMatchObject({ c: 'at 2', d: 'conflict', e: 'at 3', f: 'waits' })
  })
  it('gives a receipt that names its facts', async () => {
    const done = queue.commit(unit('a'))
    await settled()
    await disk.answer([committed(7)])
    expect(await done).toEqual({
      kind: 'committed',
      receipt: { factIds: ['a'], firstIndex: 7, count: 1 },
    })
  })
  it('fails one unit alone that can never be written', async () => {
    commit('a')
    commit('b')
    await settled()
    const fault = new Fault('internal', 'permanent')
    await disk.answer([{ kind: 'failed', fault }, committed(0)])
    expect(ends).toEqual({ a: 'internal permanent', b: 'at 0' })
    expect(fatal).toEqual([])
  })
  it('calls nothing written for which no outcome came', async () => {
    commit('a')
    commit('b')
    await settled()
    await disk.answer([committed(0)])
    expect(ends).toEqual({ a: 'at 0', b: 'store-unavailable ambiguous' })
  })
  it('refuses/more than may wait, at once', async () => {
    commit('first')
    await settled()
    for (let n = 0; n < 20_000; n++) commit(`n${String(n)}`)
    commit('late')
    await settled()
    expect(ends['late']).toBe('store-queue-full transient')
    expect(ends['n19999']).toBe('waits')
  })
  it('refuses/to wait longer for the disk than a person would', async () => {
    commit('a')
    await settled()
    commit('b')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(ends).toEqual({ a: 'store-unavailable ambiguous', b: 'store-unavailable transient' })
    commit('c')
    await settled()
    expect(ends['c']).toBe('store-unavailable transient')
    expect(disk.batches).toEqual([['a']])
    expect(fatal).toEqual([])
  })
  it('goes on when the disk answers after all, and says nothing else about what it had given up', async () => {
    commit('a')
    await vi.advanceTimersByTimeAsync(10_000)
    await disk.answer([committed(0)])
    expect(ends['a']).toBe('store-unavailable ambiguous')
    commit('b')
    await settled()
    await disk.answer([committed(1)])
    expect(ends['b']).toBe('at 1')
  })
  it('refuses/to write what has waited too long', async () => {
    for (const id of ['a', 'b', 'c']) commit(id)
    await settled()
    for (const id of ['d', 'e', 'f', 'g', 'h']) commit(id)
    await vi.advanceTimersByTimeAsync(9_000)
    await disk.answer([committed(0), committed(1), committed(2)])
    commit('young')
    await vi.advanceTimersByTimeAsync(9_000)
    await disk.answer([committed(3), committed(4), committed(5)])
    expect(ends).toMatchObject({ d: 'at 3', f: 'at 5', young: 'waits' })
    expect(ends).toMatchObject({
      g: 'store-unavailable transient',
      h: 'store-unavailable transient',
    })
    expect(disk.batches.at(-1)).toEqual(['young'])
  })
  it('tells everybody who waits when the store is gone, and tries again for the next', async () => {
    commit('a')
    await settled()
    commit('b')
    await disk.refuse(new Fault('store-unavailable', 'transient'))
    expect(ends).toEqual({ a: 'store-unavailable transient', b: 'store-unavailable transient' })
    commit('c')
    await settled()
    await disk.answer([committed(0)])
    expect(ends['c']).toBe('at 0')
    expect(fatal).toEqual([])
  })
  it('keeps those who wait when only the disk is full', async () => {
    commit('a')
    await settled()
    commit('b')
    await disk.refuse(new Fault('store-full', 'transient'))
    expect(ends).toEqual({ a: 'store-full transient', b: 'waits' })
    await disk.answer([committed(0)])
    expect(ends['b']).toBe('at 0')
  })
  it('takes on nothing more after a disk that cannot be trusted, and says so once', async () => {
    commit('a')
    await settled()
    commit('b')
    await disk.refuse(new Fault('store-unavailable', 'permanent'))
    expect(ends).toEqual({ a: 'store-unavailable permanent', b: 'store-unavailable transient' })
    expect(fatal).toHaveLength(1)
    commit('c')
    await settled()
    expect(ends['c']).toBe('store-unavailable transient')
    expect(disk.batches).toEqual([['a']])
  })
  it('takes what nobody foresaw for such a disk', async () => {
    commit('a')
    await settled()
    await disk.refuse(new TypeError('what'))
    expect(ends['a']).toBe('internal permanent')
    expect(fatal).toHaveLength(1)
  })
  it('closes when everything taken on has ended, and takes on nothing then', async () => {
    commit('a')
    await settled()
    let isClosed = false
    void queue.close().then(() => {
      isClosed = true
    })
    commit('b')
    await settled()
    expect([isClosed, ends['b']]).toEqual([false, 'store-unavailable transient'])
    await disk.answer([committed(0)])
    expect([isClosed, ends['a']]).toEqual([true, 'at 0'])
  })
})
