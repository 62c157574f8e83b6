// The promise of `perform`: no answer without a receipt, no notice before it, and nothing undone by
// a notice that fails.

import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Fact } from '../audit/fact.ts'
import { messageId, personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import { Fault } from '../platform/fault.ts'
import type { Committed, Receipt, Store, Unit } from '../store/store.ts'
import { attemptsMax, makePerform } from './perform.ts'
import type { Answered, Notices } from './perform.ts'
import type { Notice, Recorded } from './recorded.ts'

const receipt = { firstIndex: 7, count: 1 } as Receipt
const fact: Fact = { id: 'f1', code: 'SYS-001', atMs: 1 }
const notice = (n: number): Notice => ({
  kind: 'person-revoked',
  personId: personId.parse(`00000000-0000-4000-8000-00000000000${String(n)}`),
})
const recorded = (...notices: Notice[]): Recorded<string> => ({
  answer: 'open',
  facts: [fact],
  writes: [],
  notices,
})

function performWith(
  commit: (unit: Unit) => Promise<Committed>,
  notices: Notices = () => undefined,
) {
  const log: string[] = []
  const store: Pick<Store, 'commit'> = { commit }
  const note = (event: string): number => log.push(event)
  const perform = makePerform({
    store: store as Store,
    notices,
    log: { info: note, warn: note, error: note },
  })
  return { perform, log }
}

const committed = (): Promise<Committed> => Promise.resolve({ kind: 'committed', receipt })

describe('perform', () => {
  it('answers with the receipt of the unit that holds the facts', async () => {
    const units: Unit[] = []
    const { perform } = performWith((unit) => {
      units.push(unit)
      return committed()
    })
    const done = await perform(() => Promise.resolve(recorded()))
    expect(done).toEqual({ answer: 'open', receipt })
    expect(units[0]).toMatchObject({ kind: 'recorded', facts: [{ id: 'f1', code: 'SYS-001' }] })
  })

  it('looks at what it remembers first, and anew after each conflict', async () => {
    const looks: string[] = []
    let conflicts = 2
    const { perform } = performWith(() =>
      conflicts-- > 0 ? Promise.resolve({ kind: 'conflict' }) : committed(),
    )
    await perform((look) => {
      looks.push(look)
      return Promise.resolve(recorded())
    })
    expect(looks).toEqual(['remembered', 'fresh', 'fresh'])
  })

  it('carries notices out in order, after the commit', async () => {
    const steps: string[] = []
    const { perform } = performWith(
      () => {
        steps.push('commit')
        return committed()
      },
      (about) => {
        steps.push(about === first ? 'first' : 'second')
      },
    )
    const [first, second] = [notice(1), notice(2)]
    await perform(() => Promise.resolve(recorded(first, second)))
    await perform.idle()
    expect(steps).toEqual(['commit', 'first', 'second'])
  })

  it('does not wait for a slow notice to answer', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const { perform } = performWith(committed, () => promise)
    expect((await perform(() => Promise.resolve(recorded(notice(1))))).answer).toBe('open')
    resolve(undefined)
    await perform.idle()
  })

  it('goes on with the next notice when one fails, and says so', async () => {
    const heard: Notice[] = []
    const { perform, log } = performWith(committed, (about) => {
      if (heard.push(about) === 1) throw new Error('the line is dead')
    })
    const done = await perform(() => Promise.resolve(recorded(notice(1), notice(2))))
    await perform.idle()
    expect(done.answer).toBe('open')
    expect(heard).toHaveLength(2)
    expect(log).toEqual(['notice.failed'])
  })

  describe('refuses', () => {
    it('to answer when the store fails, and carries out nothing', async () => {
      const heard: Notice[] = []
      const { perform } = performWith(
        () => Promise.reject(new Fault('store-full', 'transient')),
        (about) => void heard.push(about),
      )
      await expect(perform(() => Promise.resolve(recorded(notice(1))))).rejects.toThrow(
        'store-full',
      )
      expect(heard).toEqual([])
    })
    it('to leave a screen as it is when nobody knows whether its unit was written', async () => {
      const heard: Notice[] = []
      const { perform } = performWith(
        () => Promise.reject(new Fault('store-unavailable', 'ambiguous')),
        (about) => void heard.push(about),
      )
      const at = workstationId.parse('00000000-0000-4000-8000-000000000009')
      const lock: Notice = {
        kind: 'to-workstation',
        workstationId: at,
        frame: {
          kind: 'lock',
          id: messageId.parse('00000000-0000-4000-8000-000000000001'),
          sessionId: sessionId.parse('00000000-0000-4000-8000-000000000002'),
          code: 'session-moved',
        },
      }
      const asked = perform(() => Promise.resolve(recorded(lock, notice(1), lock)))
      await expect(asked).rejects.toMatchObject({ class: 'ambiguous' })
      await perform.idle()
      expect(heard).toEqual([{ kind: 'workstation-in-doubt', workstationId: at }])
    })
    it('to go on for ever when others are always faster', async () => {
      let runs = 0
      const { perform } = performWith(() => Promise.resolve({ kind: 'conflict' }))
      const asked = perform(() => {
        runs += 1
        return Promise.resolve(recorded(notice(1)))
      })
      await expect(asked).rejects.toMatchObject({ code: 'store-contended', class: 'transient' })
      expect(runs).toBe(attemptsMax)
    })
    it('an answer that nobody recorded, and a record of nothing: neither compiles', () => {
      // @ts-expect-error an answer without the store's receipt
      const forged: Answered<string> = { answer: 'open', receipt }
      // @ts-expect-error a flow without facts
      const empty: Recorded<string> = { ...recorded(), facts: [] }
      expect([forged, empty]).toHaveLength(2)
      expectTypeOf<Answered<string>>().not.toEqualTypeOf<{ answer: string; receipt: Receipt }>()
    })
  })
})
