// What a stream promises, on each engine: everything once it can be, in order, and from where it
// was; by one broker at a time; what was forgotten is not named. With a receiver that a test holds.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore, silentLog } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import type { TestStore } from '../../../../test/kit/stores.ts'
import { encodeFact } from '../../audit/fact.ts'
import { moveStream } from '../../flows/streams/move-stream.ts'
import { findStream } from '../../flows/streams/stream-row.ts'
import { streamSettings } from '../../platform/setting-rows/stream-settings.ts'
import type { StreamEvent } from './formats/stream-event.ts'
import { previousOf } from './read-events.ts'
import { SendFailed } from './senders/sender.ts'
import type { Sender, Settling } from './senders/sender.ts'
import { StreamRunner } from './stream-runner.ts'
import type { StreamNeeds } from './stream-runner.ts'

/** A receiver that keeps what it got, and fails as it is told. */
class Held implements Sender {
  batchMax = 3
  isCut = false
  readonly settling: Settling | undefined
  readonly got: StreamEvent[] = []
  readonly batches: number[] = []
  fails: SendFailed | undefined
  hooks: (() => Promise<void>)[] = []
  #isOpen = false

  constructor(settling?: Settling) {
    this.settling = settling
  }

  open(): Promise<boolean> {
    const isNew = !this.#isOpen
    this.#isOpen = true
    this.isCut = false
    return Promise.resolve(isNew)
  }

  async send(events: readonly StreamEvent[]): Promise<void> {
    if (this.fails) throw this.fails
    this.got.push(...events)
    this.batches.push(events.length)
    await this.hooks.shift()?.()
  }

  cut(): void {
    this.isCut = true
    this.#isOpen = false
  }

  probe(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.#isOpen = false
    this.isCut = false
    return Promise.resolve()
  }
}

describe.each(engines)('a stream on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let opened: TestStore
  let monotonicMs: number
  let size: number
  let told: string[]

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({
      open: async () => {
        opened = await open()
        return opened
      },
    })
    monotonicMs = 1_000_000
    size = 0
    told = []
  })
  afterEach(async () => {
    if (isHere) await core.close()
  })

  /** So many facts more, under a checkpoint. */
  const facts = async (count: number, code: 'ADM-001' | 'BTG-002' = 'ADM-001') => {
    for (let n = 0; n < count; n++) {
      const body = encodeFact({ id: randomUUID(), code, atMs: 1_800_000_000_000 })
      await core.store.commit({ kind: 'recorded', writes: [], facts: [body] })
    }
    size += count
  }
  const runner = (sender: Sender, change: object = {}, more: Partial<StreamNeeds> = {}) => {
    const given = { name: 'siem', kind: 'file', folder: '/nowhere', from: 'beginning', ...change }
    const [setting] = streamSettings.parse([given])
    if (!setting) throw new Error('no setting')
    return new StreamRunner(setting, sender, {
      ...{ store: core.store, personKeys: core.needs.personKeys, origin: 'kit.example/record' },
      ...{ nowMs: () => core.nowMs(), monotonicMs: () => monotonicMs, chance: () => 1 },
      log: {
        ...silentLog,
        warn: (event, { reason, count }) => told.push([event, reason ?? count].join(' ')),
      },
      ...{ sealedSize: () => size, runId: randomUUID(), ...more },
    })
  }
  const indexes = ({ got }: Held) => got.map(({ index }) => index)
  const row = async () => findStream(core.store.read, 'siem')
  const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, n) => n + from)

  it('has everything in order, each saying what it follows and what covers it', async () => {
    const sender = new Held()
    const one = runner(sender)
    await facts(8)
    await one.tick()
    await facts(3)
    await one.tick()
    expect(indexes(sender)).toEqual(upTo(11))
    expect(sender.got.map(({ previous }) => previous)).toEqual([undefined, ...upTo(10)])
    expect(sender.got.map(({ checkpoint }) => checkpoint)).toEqual([
      ...Array.from({ length: 8 }, () => 8),
      ...[11, 11, 11],
    ])
    expect(await row()).toMatchObject({ nextIndex: 11, previousIndex: 10, handedIndex: 11 })
  })

  it('has nothing that is under no checkpoint yet', async () => {
    const sender = new Held()
    await facts(4)
    size = 2
    await runner(sender).tick()
    expect(indexes(sender)).toEqual([0, 1])
  })

  it('begins with what comes, unless settings want all of it', async () => {
    const sender = new Held()
    await facts(4)
    const one = runner(sender, { from: 'now' })
    await one.tick()
    await facts(2)
    await one.tick()
    expect(indexes(sender)).toEqual([4, 5])
    expect(sender.got[0]?.previous).toBeUndefined()
  })

  it('shows by what a fact follows that those between are not for it', async () => {
    const sender = new Held()
    await facts(1, 'BTG-002')
    await facts(600)
    await facts(1, 'BTG-002')
    const one = runner(sender, { codes: ['BTG-*'] })
    await one.tick()
    expect(sender.got.map(({ index, previous }) => [index, previous])).toEqual([
      [0, undefined],
      [601, 0],
    ])
    expect(await row()).toMatchObject({ nextIndex: 602, previousIndex: 601 })
  })

  it('goes on where it was, after the broker is killed', async () => {
    await facts(7)
    const first = new Held()
    first.hooks = [() => Promise.resolve(), () => Promise.reject(new Error('killed'))]
    await runner(first).tick()
    const second = new Held()
    monotonicMs += 100_000
    const again = runner(second)
    await again.tick()
    monotonicMs += 15_000
    await again.tick()
    expect(indexes(second)).toEqual(upTo(7, 3))
  })

  it('is tried again and ever later, and a receiver that says no for good seldom', async () => {
    const sender = new Held()
    const one = runner(sender)
    await facts(2)
    const waits: number[] = []
    const failing = async (until: number) => {
      const beganMs = monotonicMs
      while (told.length < until) {
        monotonicMs += 500
        await one.tick()
      }
      waits.push(monotonicMs - beganMs)
    }
    sender.fails = new SendFailed('ECONNREFUSED', 'transient')
    for (const n of [1, 2, 3, 4]) await failing(n)
    sender.fails = new SendFailed('status-403', 'permanent')
    for (const n of [5, 6]) await failing(n)
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 60_000])
    expect(await row()).toMatchObject({ reason: 'status-403', attempts: 6, nextIndex: 0 })
    sender.fails = undefined
    monotonicMs += 60_000
    await one.tick()
    expect(indexes(sender)).toEqual([0, 1])
    expect(await row()).toMatchObject({ reason: undefined, failingMs: undefined, attempts: 0 })
  })

  it('goes in smaller parts where they are too large', async () => {
    const sender = new Held()
    const one = runner(sender)
    await facts(3)
    sender.fails = new SendFailed('status-413', 'too-large')
    await one.tick()
    sender.fails = undefined
    monotonicMs += 2000
    await one.tick()
    expect(sender.batches).toEqual([2, 1])
  })

  it('without acknowledgements is sent again from where its way has lived on', async () => {
    const sender = new Held({ afterMs: 30_000, keepMin: 2 })
    const one = runner(sender)
    await facts(5)
    await one.tick()
    expect(await row()).toMatchObject({ nextIndex: 0, handedIndex: 5 })
    monotonicMs += 30_000
    await one.tick()
    // Three in the first part, and two after them that are kept.
    expect(await row()).toMatchObject({ nextIndex: 3, handedIndex: 5 })
    sender.cut()
    await one.tick()
    expect(told).toEqual(['stream.failed cut'])
    monotonicMs += 1000
    await one.tick()
    expect(indexes(sender)).toEqual([...upTo(5), 3, 4])
    monotonicMs += 30_000
    await one.tick()
    expect(await row()).toMatchObject({ failingMs: undefined, attempts: 0 })
  })

  it('is moved by an operator, back and on, and the record says so', async () => {
    const sender = new Held()
    const one = runner(sender)
    await facts(6)
    await one.tick()
    const move = (to: number, name = 'siem') =>
      core.needs.perform(() =>
        moveStream(
          { by: 'kit', name, to },
          (index) =>
            previousOf(
              index,
              { codes: undefined, classes: undefined, identifiers: 'ids' },
              core.needs,
            ),
          core.needs,
        ),
      )
    expect((await move(4)).answer).toEqual({ kind: 'moved', from: 6, to: 4 })
    size += 1
    await one.tick()
    expect(sender.got.slice(6).map(({ index, code, previous }) => [index, code, previous])).toEqual(
      [
        [4, 'ADM-001', 3],
        [5, 'ADM-001', 4],
        [6, 'STR-001', 5],
      ],
    )
    expect((await move(99)).answer).toMatchObject({ code: 'stream-place' })
    expect((await move(0, 'other')).answer).toMatchObject({ code: 'stream-unknown' })
  })

  it('refuses/to pass over a number that is missing in the record', async () => {
    const sender = new Held()
    const one = runner(sender)
    await facts(4)
    const query = core.store.read.deleteFrom('fact').where('idx', '=', 1).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    await expect(one.tick()).rejects.toMatchObject({ code: 'record-not-valid' })
    expect(sender.got).toEqual([])
  })

  it('names people only where it may, and nobody who was forgotten', async () => {
    const rosa = await core.addPerson({ staffNumber: 'S-4711' })
    const kim = await core.addPerson({ given: 'Kim', family: 'Berg' })
    await core.store.commit({
      kind: 'housekeeping',
      writes: [core.needs.personKeys.destroy(kim.personId, core.nowMs())],
    })
    size = (await core.record()).length
    const sent = async (identifiers: string) => {
      const sender = new Held()
      const one = runner(sender, { name: identifiers, identifiers })
      await one.tick()
      const of = (person: string) =>
        sender.got.find((event) => event.person === person)?.identity ?? 'nothing of her'
      return [of(rosa.personId), of(kim.personId)]
    }
    expect(await sent('ids')).toEqual([{}, {}])
    expect(await sent('staff-numbers')).toEqual([{ staffNumber: 'S-4711' }, {}])
    expect(await sent('names')).toEqual([{ name: 'Rosa Santos', staffNumber: 'S-4711' }, {}])
  })

  it('says in the log that a receiver is long behind', async () => {
    const sender = new Held()
    const one = runner(sender)
    await facts(2)
    sender.fails = new SendFailed('ECONNREFUSED', 'transient')
    for (let n = 0; n < 8; n++) {
      await one.tick()
      monotonicMs += 60_000
    }
    expect(told.filter((event) => event.startsWith('stream.behind'))).toEqual(['stream.behind 2'])
  })
})

const postgres = engines.find(({ engine }) => engine === 'PostgreSQL')

describe.runIf(postgres?.isHere)('a stream of several brokers', () => {
  let core: BrokerCore
  let monotonicMs = 0
  let size = 0

  beforeEach(async () => {
    core = await openCore(postgres ? { open: postgres.open } : {})
    size = 0
  })
  afterEach(() => core.close())

  const runner = (sender: Sender, runId: string) => {
    const given = { name: 'siem', kind: 'file', folder: '/nowhere', from: 'beginning' }
    const [setting] = streamSettings.parse([given])
    if (!setting) throw new Error('no setting')
    return new StreamRunner(setting, sender, {
      ...{ store: core.store, personKeys: core.needs.personKeys, origin: 'kit.example/record' },
      ...{ nowMs: () => core.nowMs(), monotonicMs: () => monotonicMs, chance: () => 1 },
      ...{ log: silentLog, sealedSize: () => size, runId },
    })
  }
  const facts = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const body = encodeFact({ id: randomUUID(), code: 'ADM-001', atMs: 1_800_000_000_000 })
      await core.store.commit({ kind: 'recorded', writes: [], facts: [body] })
    }
    size += count
  }
  const indexes = ({ got }: Held) => got.map(({ index }) => index)

  it('is sent by one of them, and by the other when that is gone', async () => {
    const [one, two] = [new Held(), new Held()]
    const [first, second] = [runner(one, 'run-1'), runner(two, 'run-2')]
    await facts(3)
    await first.tick()
    await second.tick()
    // Idle for long: its beat keeps it.
    for (let n = 0; n < 10; n++) {
      monotonicMs += 5_000
      await first.tick()
      await second.tick()
    }
    await facts(2)
    await second.tick()
    expect(indexes(two)).toEqual([])
    // Now the first is gone.
    monotonicMs += 14_000
    await second.tick()
    expect(indexes(two)).toEqual([])
    monotonicMs += 1_000
    await second.tick()
    expect([indexes(one), indexes(two)]).toEqual([
      [0, 1, 2],
      [3, 4],
    ])
    // It was only slow: it finds out before it sends anything.
    await facts(1)
    await first.tick()
    expect(indexes(one)).toEqual([0, 1, 2])
  })

  it('is handed over at once by one that stops in order', async () => {
    const [one, two] = [new Held(), new Held()]
    const [first, second] = [runner(one, 'run-1'), runner(two, 'run-2')]
    await facts(3)
    await first.tick()
    await first.stop()
    await facts(1)
    await second.tick()
    expect(indexes(two)).toEqual([3])
  })

  it('refuses/to be carried on by one that has lost it while it was sending', async () => {
    const [one, two] = [new Held(), new Held()]
    const [first, second] = [runner(one, 'run-1'), runner(two, 'run-2')]
    await facts(9)
    one.hooks = [
      async () => {
        await second.tick()
        monotonicMs += 15_000
        await second.tick()
      },
    ]
    await first.tick()
    // The part under way came twice, which receivers see by its numbers; nothing after it did.
    expect(indexes(one)).toEqual([0, 1, 2])
    expect(indexes(two)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(await findStream(core.store.read, 'siem')).toMatchObject({
      owner: 'run-2',
      nextIndex: 9,
    })
  })
})
