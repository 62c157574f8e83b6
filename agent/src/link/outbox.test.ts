// What must arrive, and what gives way when there is no more room.

import { describe, expect, it } from 'vitest'
import { messageId, sessionId, tapId } from '@wardkey/protocol/ids'
import type { AgentFrame, AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { Outbox, outboxMax } from './outbox.ts'

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const id = (n: number) => messageId.parse(uuid(n))
const session = sessionId.parse(uuid(9_000))
const leave = (n: number): AgentFrameOf<'leave'> => ({
  kind: 'leave',
  id: id(n),
  sessionId: session,
  reason: 'idle',
  atMs: 0,
})
const presence = (n: number): AgentFrame => ({
  kind: 'presence',
  id: id(n),
  sessionId: session,
  evidence: 'input',
  confidence: 0.5,
  atMs: 0,
})
const noted = (n: number) => ({ kind: 'noted', id: id(0), replyTo: id(n) }) as const
const failed = (n: number, repeat: 'transient' | 'permanent') =>
  ({ kind: 'failed', id: id(0), replyTo: id(n), code: 'internal', repeat }) as const
const ids = (outbox: Outbox): readonly string[] => outbox.all().map((frame) => frame.id)

function filled(make: (n: number) => AgentFrame): Outbox {
  const outbox = new Outbox()
  for (let n = 1; n <= outboxMax; n++) outbox.add(make(n))
  return outbox
}

it('keeps the order in which things happened', () => {
  const outbox = new Outbox()
  for (const n of [3, 1, 2]) outbox.add(leave(n))
  expect(ids(outbox)).toEqual([id(3), id(1), id(2)])
})
it('forgets what was noted, and only that', () => {
  const outbox = new Outbox()
  outbox.add(leave(1))
  outbox.add(leave(2))
  expect(outbox.settle(id(1), noted(1))).toBeUndefined()
  expect(ids(outbox)).toEqual([id(2)])
  expect(outbox.settle(id(7), noted(7))).toBeUndefined()
})

it('gives a hello the newest leaves that say of which opening they are', () => {
  const outbox = new Outbox()
  expect(outbox.left()).toEqual({})
  outbox.add(leave(1))
  outbox.add(presence(2))
  for (let n = 3; n < 13; n++) outbox.add({ ...leave(n), opening: n })
  const { left = [] } = outbox.left()
  expect(left.map(({ opening }) => opening)).toEqual([5, 6, 7, 8, 9, 10, 11, 12])
  expect(left[0]).toEqual({ id: id(5), sessionId: session, reason: 'idle', opening: 5, atMs: 0 })
  // A broker that took one of them by it; what it says of others is not known here.
  outbox.noted([id(12), id(99)])
  expect(ids(outbox)).not.toContain(id(12))
  expect(outbox.size).toBe(11)
  outbox.noted()
  expect(outbox.size).toBe(11)
})

describe('when it is full', () => {
  it('a report gives way to a leave', () => {
    const outbox = filled((n) => (n === 5 ? presence(n) : leave(n)))
    outbox.add(leave(1000))
    expect(outbox.size).toBe(outboxMax)
    expect(ids(outbox)).not.toContain(id(5))
    expect(ids(outbox)).toContain(id(1000))
  })
  it('a resumed does not give way to a report', () => {
    const resumed: AgentFrame = { kind: 'resumed', id: id(1), atMs: 0 }
    const outbox = filled((n) => (n === 1 ? resumed : presence(n)))
    outbox.add(presence(1000))
    expect(ids(outbox)).toContain(id(1))
    expect(ids(outbox)).not.toContain(id(2))
  })
  it('of leaves alone the newest stays', () => {
    const outbox = filled(leave)
    outbox.add(leave(1000))
    expect(ids(outbox)[0]).toBe(id(2))
    expect(ids(outbox).at(-1)).toBe(id(1000))
  })
})

describe('when the broker fails', () => {
  it('a report is sent again under its id, and not for ever', () => {
    const outbox = new Outbox()
    outbox.add(presence(1))
    for (let n = 0; n < 4; n++) {
      expect(outbox.settle(id(1), failed(1, 'transient'))).toBeGreaterThan(0)
      expect(outbox.find(id(1))).toEqual(presence(1))
    }
    expect(outbox.settle(id(1), failed(1, 'transient'))).toBeUndefined()
    expect(outbox.size).toBe(0)
  })
  it('a word that locks is sent again for as long as it takes, more and more seldom', () => {
    const outbox = new Outbox()
    outbox.add(leave(1))
    const waits = Array.from({ length: 200 }, () => {
      const afterMs = outbox.settle(id(1), failed(1, 'transient'))
      expect(outbox.find(id(1))).toEqual(leave(1))
      return afterMs ?? 0
    })
    expect(waits[0]).toBe(400)
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect(waits.at(-1)).toBe(20_000)
    expect(outbox.settle(id(1), noted(1))).toBeUndefined()
    expect(outbox.size).toBe(0)
  })
  it('is given up where it will never be taken', () => {
    const outbox = new Outbox()
    outbox.add(leave(1))
    expect(outbox.settle(id(1), failed(1, 'permanent'))).toBeUndefined()
    expect(outbox.size).toBe(0)
  })
})

describe('a leave that waits while its session is opened again', () => {
  const opened = (opening?: number): BrokerFrameOf<'admitted'> => ({
    kind: 'admitted',
    ...{ id: id(0), tapId: tapId.parse(uuid(8_000)), sessionId: session },
    ...{ name: 'R. Santos', role: 'nurse', steps: [] },
    ...(opening === undefined ? {} : { opening }),
  })

  it('is of one before that, where it knew none', () => {
    const outbox = new Outbox()
    outbox.add(leave(1))
    outbox.opened(opened(3))
    expect(outbox.all()).toEqual([{ ...leave(1), opening: 2 }])
    outbox.opened(opened(5))
    expect(outbox.find(id(1))).toEqual({ ...leave(1), opening: 2 })
  })
  it('stays of the one that it named, and nothing else is changed', () => {
    const outbox = new Outbox()
    const other = { ...leave(2), sessionId: sessionId.parse(uuid(9_001)) }
    const kept = [{ ...leave(1), opening: 2 }, other, presence(3)]
    for (const frame of kept) outbox.add(frame)
    outbox.opened(opened(7))
    expect(outbox.all()).toEqual(kept)
  })
  it.each([undefined, 1])('says nothing where the opening is %s', (opening) => {
    const outbox = new Outbox()
    outbox.add(leave(1))
    outbox.opened(opened(opening))
    expect(outbox.all()).toEqual([leave(1)])
  })
})
