// The broker's own program, killed between a tap and its answer: at chance moments, and at the very
// flush that makes the answer true. What was answered is in the record; asked again under the same
// id it is answered the same, and nothing happens twice.

import { randomUUID } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { chanceOf } from '../kit/chance-of.ts'
import { BrokerProgram } from '../kit/processes/broker-program.ts'
import type { Worker } from '../kit/processes/broker-program.ts'
import { until } from '../kit/processes/program.ts'
import { Undo } from '../kit/processes/undo.ts'
import { WireHand } from '../kit/processes/wire-hand.ts'

const chance = chanceOf(20_262)
const kills = 6
/** A tap is answered in a few milliseconds; some kills come before it is read, some after. */
const withinMs = 12

const folder = mkdtempSync(join(tmpdir(), 'wardkey-dying-'))
const library = join(folder, 'dying-flush.so')
const source = new URL('./dying-flush.c', import.meta.url).pathname
const compiled = spawnSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl'])
const order = join(folder, 'die-at')
const env = { LD_PRELOAD: library, WARDKEY_TEST_DIE_AT: order }
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const isHere = process.platform === 'linux' && compiled.status === 0
describe.runIf(isHere)('a broker that is killed in mid-tap', () => {
  let broker: BrokerProgram
  let here: WireHand
  let there: WireHand
  let rosa: Worker

  const undo = new Undo()
  beforeAll(async () => {
    broker = undo.add(
      await BrokerProgram.make({ rules: { idleMs: 600_000, pin: 'never' } }),
      (one) => one.dispose(),
    )
    await start()
    rosa = await broker.addPerson('Rosa', '04a1b2c3d4e580', '48261739')
    here = undo.add(await WireHand.enrol(broker, '4 West, station 1'), (one) => {
      one.close()
    })
    there = undo.add(await WireHand.enrol(broker, '4 West, station 2'), (one) => {
      one.close()
    })
    await here.connect(broker)
    expect(await here.tap(rosa)).toMatchObject({ kind: 'admitted' })
  }, 240_000)
  afterAll(() => undo.run(), 60_000)

  async function start(): Promise<void> {
    rmSync(order, { force: true })
    await broker.start({ env })
  }

  /** Whoever has her screen is left behind by a tap at the other one. */
  const sides = (): readonly [WireHand, WireHand] =>
    here.openSessionId === undefined ? [here, there] : [there, here]

  /** After a restart the same question, under the id it had, as an agent asks it. */
  async function askAgain(at: WireHand, from: WireHand, tapId: string, first?: BrokerFrame) {
    at.close()
    from.close()
    await start()
    await at.connect(broker)
    const again = await at.tap(rosa, tapId)
    if (first?.kind === 'admitted') expect(again).toMatchObject({ sessionId: first.sessionId })
    expect(again).toMatchObject({ kind: 'admitted' })
    expect(await broker.openSessions()).toEqual([at.openSessionId])
    from.openSessionId = undefined
    const facts = await broker.facts()
    const moves = facts.filter((fact) => fact['tap'] === tapId && fact.code === 'TAP-001')
    // Once, or once more where the screen that never opened was locked when it came back.
    expect(moves.length).toBeGreaterThan(0)
    expect(new Set(moves.map((fact) => fact['session'])).size).toBe(1)
  }

  it(`at ${String(kills)} chance moments: what was answered is in the record`, async () => {
    for (let round = 0; round < kills; round++) {
      const [at, from] = sides()
      await at.connect(broker)
      const tapId = randomUUID()
      const answer = at.tap(rosa, tapId).catch(() => undefined)
      await sleep(chance(round) * withinMs)
      await broker.kill()
      const first = await answer
      const facts = await broker.facts()
      if (first) expect(facts.some((fact) => fact['tap'] === tapId)).toBe(true)
      await askAgain(at, from, tapId, first)
    }
  }, 240_000)

  it.each(['before', 'after'])(
    '%s the flush of its answer: nothing was said',
    async (when) => {
      const [at, from] = sides()
      await at.connect(broker)
      // What came before is signed by then: the next flush is the tap's own.
      await sleep(600)
      writeFileSync(order, when)
      const tapId = randomUUID()
      const answer = await at.tap(rosa, tapId).catch(() => undefined)
      expect(answer).toBeUndefined()
      await until(() => !broker.isRunning, 'dead')
      await askAgain(at, from, tapId)
    },
    60_000,
  )

  it('and the record is whole', async () => {
    here.close()
    there.close()
    const facts = await broker.checkRecord()
    expect(facts.filter(({ code }) => code === 'SYS-001')).toHaveLength(kills + 3)
  }, 60_000)
})
