// wardkey-agent as it is installed, with a real card and a real browser, killed between the tap and
// the chart and after it: the browser goes with it, it wakes locked, and the record says so.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chanceOf } from '../kit/chance-of.ts'
import { PrivatePcscd } from '../kit/pcscd/private-pcscd.ts'
import { BrokerProgram } from '../kit/processes/broker-program.ts'
import type { Worker } from '../kit/processes/broker-program.ts'
import { freePorts, Program, until } from '../kit/processes/program.ts'
import { Undo } from '../kit/processes/undo.ts'
import { WorkstationProgram } from '../kit/processes/workstation-program.ts'
import { VirtualCard } from '../kit/virtual-card.ts'

const isHere =
  process.env['WARDKEY_HAS_PCSCD'] === '1' && process.env['WARDKEY_HAS_CHROMIUM'] !== undefined
const chance = chanceOf(20_264)
const kills = 4
/** From the card on the reader to some time after the chart is shown. */
const withinMs = 1600
const goneWithinMs = 5000

describe.runIf(isHere)('an agent that is killed in mid-tap', () => {
  let pcscd: PrivatePcscd
  let broker: BrokerProgram
  let chart: Program
  let station: WorkstationProgram
  let rosa: Worker

  const undo = new Undo()
  beforeAll(async () => {
    pcscd = undo.add(await PrivatePcscd.prepare(), (one) => one.dispose())
    await pcscd.start()
    const [port = 0] = await freePorts(1)
    chart = undo.add(new Program('test/kit/processes/chart-server.ts', [String(port)]), (one) =>
      one.signal('SIGTERM'),
    )
    await chart.line()
    const rules = { idleMs: 600_000, pin: 'never' }
    broker = undo.add(
      await BrokerProgram.make({ chartUrl: `http://127.0.0.1:${String(port)}/chart`, rules }),
      (one) => one.dispose(),
    )
    await broker.start()
    rosa = await broker.addPerson('Rosa', '04a1b2c3d4e580', '48261739')
    const pcscSocket = pcscd.environment.PCSCLITE_CSOCK_NAME
    station = undo.add(
      await WorkstationProgram.enrol(broker, { place: '4 West, station 1', pcscSocket }),
      (one) => one.dispose(),
    )
  }, 240_000)
  afterAll(() => undo.run(), 60_000)

  it(`${String(kills)} times: no browser is left, it wakes locked, and nothing is open`, async () => {
    let wereOpen = 0
    for (let round = 0; round < kills; round++) {
      await station.startMain()
      expect(station.status?.isLocked).toBe(true)
      expect(station.browsers).toBeGreaterThan(0)
      const card = new VirtualCard({ uid: rosa.uid, port: pcscd.port(0) })
      await card.insert()
      await sleep(((round + chance(round)) / kills) * withinMs)
      await station.kill()
      await until(() => station.browsers === 0, 'no browser left', goneWithinMs)
      await card.remove()
      wereOpen += (await broker.openSessions()).length
    }
    await station.startMain()
    await until(async () => (await broker.openSessions()).length === 0, 'nothing open in the books')
    expect(station.status?.isLocked).toBe(true)
    // Killed before the broker heard of it as well as after: else it shows half of what it says.
    expect(wereOpen).toBeGreaterThan(0)
    await station.stop()
    const facts = await broker.checkRecord()
    const locks = facts.filter(({ code }) => code === 'SES-003')
    expect(locks.length).toBeGreaterThanOrEqual(1)
  }, 240_000)
})
