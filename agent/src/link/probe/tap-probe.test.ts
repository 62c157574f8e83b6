// One probe over a line: only its own pong, in its time, over the same line, is an answer.

import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { TapProbe } from './tap-probe.ts'

const newId = () => messageId.parse(randomUUID())

function bed(isUp = true) {
  const sent: AgentFrameOf<'ping'>[] = []
  const timers = new Map<() => void, number>()
  const probe = new TapProbe({
    newId: randomUUID,
    clock: {
      after: (delayMs, run) => {
        timers.set(run, delayMs)
        return () => {
          timers.delete(run)
        }
      },
    },
    send: (ping) => {
      if (isUp) sent.push(ping)
      return isUp
    },
  })
  const late = (): void => {
    for (const run of [...timers.keys()]) run()
  }
  const asked = () => {
    const [ping] = sent.slice(-1)
    if (!ping) throw new Error('nothing was asked')
    return ping.id
  }
  return { probe, sent, timers, late, asked }
}
const pong = (replyTo = newId()): BrokerFrame => ({ kind: 'pong', id: newId(), replyTo })
const failed = (replyTo = newId()): BrokerFrame => ({
  ...{ kind: 'failed', id: newId(), replyTo, code: 'internal', repeat: 'transient' },
})

it('is answered by its own pong, and leaves no timer behind', async () => {
  const { probe, sent, timers, asked } = bed()
  const outcome = probe.ask(5000)
  expect(sent).toEqual([{ kind: 'ping', id: asked(), probe: true }])
  expect([...timers.values()]).toEqual([5000])
  probe.hear(pong(asked()))
  expect(await outcome).toBe(true)
  expect(timers.size).toBe(0)
})
it('asks once for two who ask at a time, and anew afterwards', async () => {
  const { probe, sent, asked } = bed()
  const both = [probe.ask(5000), probe.ask(5000)]
  expect(sent).toHaveLength(1)
  probe.hear(pong(asked()))
  expect(await Promise.all(both)).toEqual([true, true])
  const again = probe.ask(5000)
  expect(sent).toHaveLength(2)
  probe.hear(failed(asked()))
  expect(await again).toBe(false)
})
it('is not answered where there is no line', async () => {
  const { probe, timers } = bed(false)
  expect(await probe.ask(5000)).toBe(false)
  expect(timers.size).toBe(0)
})
it.each<[string, (one: ReturnType<typeof bed>) => void]>([
  [
    'its time is over',
    ({ late }) => {
      late()
    },
  ],
  [
    'the line is gone',
    ({ probe }) => {
      probe.lost()
    },
  ],
  [
    'the broker could not',
    ({ probe, asked }) => {
      probe.hear(failed(asked()))
    },
  ],
])('is not answered once %s, whatever comes then', async (_what, act) => {
  const one = bed()
  const outcome = one.probe.ask(5000)
  act(one)
  one.probe.hear(pong(one.asked()))
  expect(await outcome).toBe(false)
})
it.each<[string, (id: ReturnType<typeof newId>) => BrokerFrame]>([
  ['the pong of another ping', () => pong()],
  ['another’s failure', () => failed()],
  ['a word that it was noted', (replyTo) => ({ kind: 'noted', id: newId(), replyTo })],
])('takes no answer from %s', async (_what, frame) => {
  const { probe, asked } = bed()
  const outcome = probe.ask(5000)
  probe.hear(frame(asked()))
  probe.lost()
  expect(await outcome).toBe(false)
})
it('takes no answer to a probe that was given up for the next one', async () => {
  const { probe, late, asked } = bed()
  const first = probe.ask(5000)
  const firstId = asked()
  late()
  const second = probe.ask(5000)
  probe.hear(pong(firstId))
  late()
  expect(await Promise.all([first, second])).toEqual([false, false])
})
