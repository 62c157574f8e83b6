// A leave names the opening that the workstation heard of last, and nothing where it heard of none.

import { describe, expect, it } from 'vitest'
import { messageId, sessionId, tapId } from '@wardkey/protocol/ids'
import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { Openings } from './openings.ts'

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const id = messageId.parse(uuid(1))
const admitted = (session: number, opening?: number): BrokerFrame => ({
  kind: 'admitted',
  id,
  tapId: tapId.parse(uuid(2)),
  sessionId: sessionId.parse(uuid(session)),
  name: 'R. Santos',
  role: 'nurse',
  steps: [],
  ...(opening === undefined ? {} : { opening }),
})
const leave = (session: number): AgentFrame => ({
  kind: 'leave',
  id,
  sessionId: sessionId.parse(uuid(session)),
  reason: 'idle',
  atMs: 1,
})

it('names the latest opening of that session', () => {
  const openings = new Openings()
  openings.hear(admitted(10, 3))
  openings.hear(admitted(11, 9))
  openings.hear(admitted(10, 5))
  expect(openings.name(leave(10))).toEqual({ ...leave(10), opening: 5 })
  expect(openings.name(leave(11))).toEqual({ ...leave(11), opening: 9 })
})

it('names none that it does not know, and changes no other word', () => {
  const openings = new Openings()
  openings.hear(admitted(10))
  const resumed: AgentFrame = { kind: 'resumed', id, atMs: 1 }
  expect(openings.name(leave(10))).toEqual(leave(10))
  expect(openings.name(resumed)).toBe(resumed)
})

it('forgets the one that was not heard of for longest', () => {
  const openings = new Openings()
  for (let n = 1; n <= 64; n++) openings.hear(admitted(n, 1))
  openings.hear(admitted(1, 2))
  openings.hear(admitted(65, 1))
  expect(openings.name(leave(1))).toMatchObject({ opening: 2 })
  expect(openings.name(leave(2))).toEqual(leave(2))
})

describe('of a session that was opened here alone', () => {
  const merged = (isKept: boolean, opening?: number): BrokerFrame => ({
    kind: 'offline-merged',
    ...{ id, replyTo: id, journalId: uuid(7), upToSeq: 4 },
    sessions: [
      {
        ...{ sessionId: sessionId.parse(uuid(10)), isKept },
        ...(opening === undefined ? {} : { opening }),
      },
    ],
  })
  function heard(...frames: readonly BrokerFrame[]): Openings {
    const openings = new Openings()
    for (const frame of [admitted(10, 3), admitted(11, 9), ...frames]) openings.hear(frame)
    expect(openings.name(leave(11))).toEqual({ ...leave(11), opening: 9 })
    return openings
  }

  it('names the one that the broker has taken in', () => {
    expect(heard(merged(true, 4)).name(leave(10))).toEqual({ ...leave(10), opening: 4 })
  })
  it('names the later one where that is said again', () => {
    const openings = heard(merged(true, 4), admitted(10, 5), merged(true, 4))
    expect(openings.name(leave(10))).toEqual({ ...leave(10), opening: 5 })
  })
  it('names none where the broker says none', () => {
    expect(heard(merged(true)).name(leave(10))).toEqual(leave(10))
  })
  it('names the one before where it is not on the screen any more', () => {
    expect(heard(merged(false)).name(leave(10))).toEqual({ ...leave(10), opening: 3 })
  })
})
