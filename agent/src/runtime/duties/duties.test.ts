import { describe, expect, it } from 'vitest'
import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import { startDuties } from './duties.ts'
import type { Duty } from './duties.ts'

function bed() {
  const waiting: (() => void)[] = []
  const said: string[] = []
  const note = (event: string, fields: object): void => {
    said.push(`${event} ${JSON.stringify(fields)}`)
  }
  const log: Log = { info: note, warn: note, error: note }
  const clock = {
    after: (_ms: number, act: () => void) => {
      waiting.push(act)
      return () => {
        waiting.splice(waiting.indexOf(act), 1)
      }
    },
  }
  const begin = (...duties: Duty[]) => startDuties(duties, log, clock)
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return { begin, waiting, said, settle }
}

describe('duties', () => {
  it('are looked after at once, and again when their time has come', async () => {
    const { begin, waiting, settle } = bed()
    let looks = 0
    const look = () => Promise.resolve(void (looks += 1))
    begin({ name: 'session', everyMs: 5, look })
    await settle()
    expect(looks).toBe(1)
    waiting.shift()?.()
    await settle()
    expect(looks).toBe(2)
  })

  it('go on after one that failed, which is told by its name and code alone', async () => {
    const { begin, waiting, said, settle } = bed()
    const failing = (cause: Error) => () => Promise.reject(cause)
    begin(
      { name: 'one', everyMs: 5, look: failing(new Fault('link-down', 'transient')) },
      { name: 'two', everyMs: 5, look: failing(new Error('token abc')) },
    )
    await settle()
    expect(said).toEqual([
      'duty.failed {"kind":"one","code":"link-down"}',
      'duty.failed {"kind":"two","code":"internal"}',
    ])
    expect(waiting).toHaveLength(2)
  })

  it('are not begun again once they are told to stop, and what is under way is waited for', async () => {
    const { begin, waiting, settle } = bed()
    const under = Promise.withResolvers<undefined>()
    const running = begin({ name: 'slow', everyMs: 5, look: () => under.promise })
    let isStopped = false
    const stopping = running.stop().then(() => {
      isStopped = true
    })
    await settle()
    expect(isStopped).toBe(false)
    under.resolve(undefined)
    await stopping
    expect(waiting).toEqual([])
  })
})
