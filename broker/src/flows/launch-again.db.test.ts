// Steps for a chart whose way was cut, asked for once more: who gets them, and who is told to lock.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionId, TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { launchAgain } from './launch-again.ts'
import { revokePerson } from './revoke-person.ts'
import { tapMemoryMs } from './tap-row.ts'

describe.each(engines)('a chart whose way was cut, on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let there: WorkstationId
  let anna: KitPerson
  let ben: KitPerson
  let tap: TapId
  let session: SessionId
  let first: BrokerFrame

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    there = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    ben = await core.addPerson({ given: 'Ben', family: 'Okafor' })
    tap = core.newTapId()
    await core.tap(here, anna, tap)
    first = await core.pin(here, tap, anna.pin)
    session = sessionOf(first)
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  let askedAt: WorkstationId
  const again = async (at = here, id = tap, of = session): Promise<BrokerFrame> => {
    askedAt = at
    const asked = { tapId: id, sessionId: of }
    return (await core.needs.perform(() => launchAgain(asked, at, core.needs))).answer
  }
  const openNow = async () => (await core.sessions()).filter(({ state }) => state === 'open')
  const tickets = async (): Promise<number> =>
    (await core.store.read.selectFrom('launch_ticket').selectAll().execute()).length

  it('gets steps with a ticket of their own, as often as it asks, and opens nothing', async () => {
    const second = await again()
    const third = await again()
    expect(second).toMatchObject({ kind: 'admitted', tapId: tap, sessionId: session })
    expect(new Set([first, second, third].map(ticketOf)).size).toBe(3)
    expect(await openNow()).toMatchObject([{ id: session, version: openingOf(first) }])
    expect(openingOf(third)).toBe(openingOf(first))
    expect(await core.counts()).toMatchObject({ 'TAP-001': 1, 'TAP-004': 2, 'SES-001': 1 })
  })

  it('gets them in an emergency, for as long as that lasts', async () => {
    await core.leave(here, session)
    const id = core.newTapId()
    await core.breakGlass(here, anna, { id })
    const given = await core.pin(here, id, anna.pin)
    const asked = await again(here, id, sessionOf(given))
    expect(asked).toMatchObject({ kind: 'admitted', emergency: { reason: expect.any(String) } })
  })

  describe('is told to lock, and gets no ticket,', () => {
    const refusals: readonly [string, () => Promise<BrokerFrame>, string][] = [
      [
        'where it was locked meanwhile, though the tap is young',
        async () => {
          await core.leave(here, session)
          return again()
        },
        'session-ended',
      ],
      [
        'where she is at another workstation by now',
        async () => {
          await core.tap(there, anna)
          return again()
        },
        'session-moved',
      ],
      [
        'where somebody else sits there by now',
        async () => {
          await core.signIn(here, ben)
          return again()
        },
        'session-ended',
      ],
      [
        'where she was revoked',
        async () => {
          const ending = { personId: anna.personId, status: 'terminated', by: 'kit' } as const
          await core.needs.perform(() => revokePerson(ending, core.needs))
          return again()
        },
        'session-ended',
      ],
      ['where the tap was another workstation’s', () => again(there), 'session-moved'],
      ['where the tap is unknown', () => again(here, core.newTapId()), 'session-ended'],
      [
        'where the tap opened another session',
        async () => {
          const bens = await core.signIn(there, ben)
          return again(here, tap, bens)
        },
        'session-moved',
      ],
      [
        'where the tap still waits for its PIN',
        async () => {
          await core.leave(here, session)
          core.pass(6 * 3_600_000)
          const id = core.newTapId()
          expect(await core.tap(here, anna, id)).toMatchObject({ kind: 'ask-pin' })
          return again(here, id)
        },
        'session-ended',
      ],
      [
        'where the tap was too long ago',
        () => {
          core.pass(tapMemoryMs)
          return again()
        },
        'session-ended',
      ],
    ]
    it.each(refusals)('%s', async (_name, asks, code) => {
      const asked = await asks()
      expect(asked).toMatchObject({ kind: 'lock', code })
      // What the screen is told is what the books say.
      const told = asked.kind === 'lock' ? asked.sessionId : ''
      expect((await openNow()).some((one) => one.id === told && isAt(one, askedAt))).toBe(false)
      const before = await tickets()
      await again(here, core.newTapId())
      expect(await tickets()).toBe(before)
      expect((await core.counts())['SES-102']).toBe(2)
      expect((await core.counts())['TAP-004']).toBeUndefined()
    })
  })
})

const isAt = (one: { workstation_id: string }, place: WorkstationId): boolean =>
  one.workstation_id === place

function sessionOf(frame: BrokerFrame): SessionId {
  if (frame.kind !== 'admitted') throw new Error(`not admitted: ${frame.kind}`)
  return frame.sessionId
}

function openingOf(frame: BrokerFrame): number | undefined {
  return frame.kind === 'admitted' ? frame.opening : undefined
}

function ticketOf(frame: BrokerFrame): string | undefined {
  const [step] = frame.kind === 'admitted' ? frame.steps : []
  return step?.kind === 'open-web' ? step.signIn?.ticket : undefined
}
