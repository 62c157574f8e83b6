// Two brokers on one PostgreSQL, and one workstation with two lines: the old one half dead at the
// first broker, the new one at the second. Every lock reaches the one that lives, and when the old
// one ends at last, the record says that it was replaced, and nothing is locked for it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openPair } from '../kit/processes/broker-pair.ts'
import type { BrokerProgram, Worker } from '../kit/processes/broker-program.ts'
import { until } from '../kit/processes/program.ts'
import { Undo } from '../kit/processes/undo.ts'
import { WireHand } from '../kit/processes/wire-hand.ts'

const isHere = process.env['WARDKEY_HAS_POSTGRES'] === '1'

/** Promise 4 and 5, for a connected workstation, whichever broker it is connected to. */
const lockedWithinMs = 250
/** A broker ends a line on which it has heard nothing for 35 seconds. */
const silentWithinMs = 60_000
const place = '4 West, station 1'
const ended = z.looseObject({ fields: z.looseObject({ reason: z.string() }) })

describe.runIf(isHere)('a workstation with a half-dead line', () => {
  let first: BrokerProgram
  let second: BrokerProgram
  let here: WireHand
  let there: WireHand
  let rosa: Worker
  let ben: Worker
  let cleo: Worker
  let dropOld: () => void

  const undo = new Undo()
  beforeAll(async () => {
    ;({ first, second } = await openPair(undo))
    rosa = await first.addPerson('Rosa', '04a1b2c3d4e590', '48261739')
    ben = await first.addPerson('Ben', '04a1b2c3d4e591', '59372840')
    cleo = await first.addPerson('Cleo', '04a1b2c3d4e592', '60483951')
    here = undo.add(await WireHand.enrol(first, place), (one) => {
      one.close()
    })
    there = undo.add(await WireHand.enrol(first, '4 West, station 2'), (one) => {
      one.close()
    })
    await here.connect(first)
    expect(await here.tap(rosa)).toMatchObject({ kind: 'admitted' })
    dropOld = undo.add(here.halfDie(), (drop) => {
      drop()
    })
    await here.connect(second)
    await there.connect(first)
  }, 300_000)
  afterAll(() => undo.run(), 60_000)

  const revoke = async (who: Worker, at: BrokerProgram): Promise<void> => {
    const { code } = await at.run(['person', 'revoke', who.personId, '--status', 'terminated'])
    expect(code).toBe(0)
  }

  it('goes on where it is: nobody’s screen is locked for the line that is half dead', async () => {
    expect(await first.openSessions()).toEqual([here.openSessionId])
    expect(await second.isConnected(place)).toBe(true)
  })

  it('locks at once for a tap elsewhere, at the broker where its old line hangs', async () => {
    const locked = here.locked().then((frame) => ({ frame, atMs: Date.now() }))
    const admitted = await there.tap(rosa)
    const answeredMs = Date.now()
    expect(admitted).toMatchObject({ kind: 'admitted' })
    const { frame, atMs } = await locked
    expect(frame).toMatchObject({ code: 'session-moved', movedTo: '4 West, station 2' })
    expect(atMs - answeredMs).toBeLessThan(lockedWithinMs)
  }, 30_000)

  it('locks for a revocation, whichever of the two is told of it', async () => {
    expect(await here.tap(ben)).toMatchObject({ kind: 'admitted' })
    let locked = here.locked()
    await revoke(ben, first)
    await locked
    expect(await here.tap(cleo)).toMatchObject({ kind: 'admitted' })
    locked = here.locked()
    await revoke(cleo, second)
    await locked
    expect(await second.openSessions()).toEqual([there.openSessionId])
  }, 60_000)

  it('is told as replaced when the old line ends, and what is open stays open', async () => {
    expect(await here.tap(rosa)).toMatchObject({ kind: 'admitted' })
    const goodbyes = async (): Promise<readonly unknown[]> => {
      for (const one of [here, there]) one.signOfLife()
      return (await second.facts()).filter(({ code }) => code === 'WKS-005')
    }
    await until(
      async () => (await goodbyes()).length > 0,
      'the end of the old line',
      silentWithinMs,
      () => 'none',
    )
    const [only, ...more] = (await goodbyes()).map((fact) => ended.parse(fact).fields)
    expect(only).toEqual({ reason: 'replaced', ended: 'silent' })
    expect(more).toEqual([])
    expect(await second.openSessions()).toEqual([here.openSessionId])
    expect([await first.isConnected(place), await second.isConnected(place)]).toEqual([false, true])
    dropOld()
    // And it is still there that a lock arrives.
    const locked = here.locked()
    await revoke(rosa, first)
    expect(await locked).toMatchObject({ kind: 'lock' })
  }, 120_000)

  it('and the record is whole, with each lock once and none out of reach', async () => {
    here.close()
    there.close()
    expect(await first.stop()).toBe(0)
    const facts = await second.checkRecord()
    expect(facts.filter(({ code }) => code === 'SES-003')).toEqual([])
    const ends = facts.filter(({ code }) => code === 'SES-004')
    expect(ends).toHaveLength(3)
    expect(JSON.stringify(ends)).not.toContain('isOutOfReach')
  }, 60_000)
})
