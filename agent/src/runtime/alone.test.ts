// The runtime beside something that decides alone: which questions and reports go where, what a
// broker is told of a screen that it did not open, and what is never lost in a full queue.

import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { messageId, sessionId, tapId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type {
  AloneEars,
  AlonePort,
  AloneQuestion,
  AloneReport,
  AloneStatus,
} from '../offline/alone-port.ts'
import { Bed } from './fakes-for-tests.ts'

const rosa = '04a1b2c3d4e501'
const ben = '04a1b2c3d4e502'
const one = sessionId.parse('00000000-0000-4000-8000-000000000001')
const two = sessionId.parse('00000000-0000-4000-8000-000000000002')
const newId = () => messageId.parse(randomUUID())

class FakeAlone implements AlonePort {
  readonly asked: AloneQuestion[] = []
  readonly reported: AloneReport[] = []
  readonly heard: BrokerFrame[] = []
  readonly calls: string[] = []
  /** Sessions that no broker knows of. */
  readonly own = new Set<string>()
  ears: AloneEars | undefined
  known = { bundleSequence: 7, waitsToMerge: true }
  status: AloneStatus = { people: 2, waiting: 3, isStuck: false, untilMs: 5 }

  start(): void {
    this.calls.push('start')
  }
  ask(question: AloneQuestion): void {
    this.asked.push(question)
  }
  report(report: AloneReport): boolean {
    this.reported.push(report)
    return this.own.has(report.sessionId)
  }
  resumed(): void {
    this.calls.push('resumed')
  }
  hear(frame: BrokerFrame): boolean {
    this.heard.push(frame)
    return frame.kind === 'bundle' || frame.kind === 'offline-merged'
  }
  linkChanged(link: string): void {
    this.calls.push(link)
  }
  follow(): void {
    this.calls.push('follow')
  }
  close(): Promise<void> {
    this.calls.push('close')
    return Promise.resolve()
  }
}

let alone: FakeAlone
let bed: Bed

beforeEach(async () => {
  alone = new FakeAlone()
  bed = new Bed({
    makeAlone: (ears) => {
      alone.ears = ears
      return alone
    },
  })
  await bed.ready()
})

async function cutOff(): Promise<void> {
  alone.ears?.onOffline({ untilMs: bed.clock.monoMs() + 3_600_000, hasEmergency: true })
  bed.link.ears.onState('down')
  await bed.clock.advance(0)
  bed.doings.length = 0
  bed.link.sent.length = 0
}

async function opensAlone(uid: string, session: typeof one): Promise<void> {
  bed.hand.do({ kind: 'tap', uid })
  await bed.clock.advance(0)
  alone.own.add(session)
  alone.ears?.onFrame({
    kind: 'admitted',
    id: newId(),
    tapId: alone.asked.at(-1)?.tapId ?? tapId.parse(randomUUID()),
    sessionId: session,
    name: 'R. Santos',
    role: 'nurse',
    steps: [],
  })
  await bed.clock.advance(2000)
}

describe('without a broker', () => {
  it('asks what decides alone, and tells no broker of what comes of it', async () => {
    await cutOff()
    await opensAlone(rosa, one)
    expect(alone.asked.map(({ kind }) => kind)).toEqual(['tap'])
    expect([...bed.launch.visible]).toEqual([one])
    expect(alone.reported.map(({ kind }) => kind)).toContain('launched')
    bed.desktop.setLocked(true)
    await bed.clock.advance(0)
    expect(alone.reported.at(-1)).toMatchObject({ kind: 'leave', sessionId: one })
    expect(bed.link.sent).toEqual([])
  })
  it('tells a broker of what a broker opened, once there is one', async () => {
    await bed.opens(rosa, one)
    await cutOff()
    bed.desktop.setLocked(true)
    await bed.clock.advance(0)
    expect(bed.link.last('leave')).toMatchObject({ sessionId: one })
  })
  it('lets a second person take over, and locks the first before', async () => {
    await cutOff()
    await opensAlone(rosa, one)
    bed.doings.length = 0
    await opensAlone(ben, two)
    expect(bed.doings.slice(0, 2)).toEqual(['cover', 'launch'])
    expect([...bed.launch.visible]).toEqual([two])
  })
  it('hears before the machine that the link is down', async () => {
    alone.calls.length = 0
    bed.link.ears.onState('down')
    expect(alone.calls).toEqual(['down'])
    await bed.clock.advance(0)
    expect(bed.agent.state.surroundings.link).toBe('down')
  })
  it('says what was proved before a sleep', async () => {
    await cutOff()
    bed.desktop.sleepAndWake()
    await bed.clock.advance(0)
    expect(alone.calls).toContain('resumed')
  })
})

describe('a broker', () => {
  it('is never told that a screen is open which it did not open', async () => {
    expect(bed.link.ears.openSession()).toBeUndefined()
    await cutOff()
    await opensAlone(rosa, one)
    expect(bed.link.ears.openSession()).toBeUndefined()
    bed.link.ears.onState('up')
    alone.ears?.onConfirmed(one, true)
    await bed.clock.advance(0)
    expect(bed.link.ears.openSession()).toBe(one)
  })
  it('is told with the hello what is held here, and what is to be told', () => {
    expect(bed.link.ears.known()).toEqual({ bundleSequence: 7, waitsToMerge: true })
    expect(new Bed().link.ears.known()).toEqual({})
  })
  it('that does not keep a screen has it locked', async () => {
    await cutOff()
    await opensAlone(rosa, one)
    bed.link.ears.onState('up')
    alone.ears?.onConfirmed(one, false)
    await bed.clock.advance(0)
    expect(bed.phase).toBe('locked')
    expect(alone.reported.at(-1)).toMatchObject({ kind: 'leave', reason: 'network-back' })
  })
  it('that says nothing of a screen has it locked in ten seconds', async () => {
    await cutOff()
    await opensAlone(rosa, one)
    bed.link.ears.onState('up')
    await bed.clock.advance(9900)
    expect(bed.phase).toBe('open')
    await bed.clock.advance(300)
    expect(bed.phase).toBe('locked')
  })
  it('sends a bundle past a queue that is full, and locks nobody by it', async () => {
    await bed.opens(rosa, one)
    const part = { kind: 'bundle', sequence: 1, parts: 600, text: 'x' } as const
    for (let n = 0; n < 600; n++) bed.link.ears.onFrame({ ...part, id: newId(), part: n })
    await bed.clock.advance(0)
    expect(alone.heard.filter(({ kind }) => kind === 'bundle')).toHaveLength(600)
    expect(bed.phase).toBe('open')
  })
  it('is sent lines under the id they have', () => {
    const frame = { kind: 'ping', id: newId() } as const
    expect(alone.ears?.send(frame)).toBe(true)
    expect(bed.link.whole).toEqual([frame])
  })
})

it('shows in the status file what it may decide alone', async () => {
  await cutOff()
  expect(bed.statuses.at(-1)?.alone).toEqual(alone.status)
})

it('confesses a crash to whoever knows of the session', async () => {
  const crashed = new FakeAlone()
  crashed.own.add(one)
  const again = new Bed({ makeAlone: () => crashed })
  again.journalled = one
  again.agent.start()
  expect(crashed.reported).toMatchObject([{ kind: 'leave', sessionId: one, reason: 'restart' }])
  expect(crashed.calls[0]).toBe('start')
  await again.clock.advance(0)
  expect(again.link.last('leave')).toBeUndefined()
})

it('waits at its end for what must be on the disk', async () => {
  const stopping = bed.agent.stop()
  await bed.clock.advance(5000)
  await stopping
  expect(alone.calls.at(-1)).toBe('close')
})
