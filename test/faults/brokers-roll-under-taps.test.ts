// A pair of brokers on one PostgreSQL, stopped in order and started again one at a time, as for an
// update, while people tap: each tap opens her screen, by a broker, and the record is whole.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPair } from '../kit/processes/broker-pair.ts'
import type { BrokerProgram, Worker } from '../kit/processes/broker-program.ts'
import { freePorts, Program, until } from '../kit/processes/program.ts'
import { Undo } from '../kit/processes/undo.ts'
import { WorkstationProgram } from '../kit/processes/workstation-program.ts'

const isHere =
  process.env['WARDKEY_HAS_POSTGRES'] === '1' && process.env['WARDKEY_HAS_CHROMIUM'] !== undefined

/** What a person waits for her chart at the very most, whichever broker is being updated. */
const openWithinMs = 5000
/** Each broker so often. */
const rolls = 2
/** As the kit's workstations have it. */
const debounceMs = 200
const places = ['4 West, station 1', '4 West, station 2'] as const

/** One station, the two who share it, and how long each of their taps took. */
interface Shared {
  readonly station: WorkstationProgram
  readonly pair: readonly [Worker, Worker]
  readonly tookMs: number[]
}

describe.runIf(isHere)('two brokers that are rolled', () => {
  let brokers: readonly BrokerProgram[]
  let shared: readonly Shared[]
  const undo = new Undo()

  beforeAll(async () => {
    const [port = 0] = await freePorts(1)
    const chart = new Program('test/kit/processes/chart-server.ts', [String(port)])
    undo.add(chart, (one) => one.signal('SIGTERM'))
    await chart.line()
    const chartUrl = `http://127.0.0.1:${String(port)}/chart`
    const { first, second } = await openPair(undo, { chartUrl })
    brokers = [first, second]
    shared = await Promise.all(places.map((place, at) => share(place, at)))
  }, 300_000)
  afterAll(() => undo.run(), 60_000)

  it('lose no tap, and each opens what is hers', async () => {
    let isRolling = true
    const tapping = shared.map((one) => tapWhile(one, () => isRolling))
    try {
      for (let round = 0; round < rolls; round++) {
        for (const [at, broker] of brokers.entries()) {
          expect(await broker.stop()).toBe(0)
          await broker.start()
          // An operator goes on when it is ready, and the workstations have somewhere to go.
          await until(() => everyoneIsUp(), `all connected, ${String(round)} ${String(at)}`)
        }
      }
    } finally {
      isRolling = false
    }
    await Promise.all(tapping)
    for (const { tookMs } of shared) expect(tookMs.length).toBeGreaterThan(rolls * 2)
  }, 300_000)

  it('and the record says of every tap that a broker let her in', async () => {
    for (const { station } of shared) await station.stop()
    expect(await brokers[0]?.stop()).toBe(0)
    const facts = (await brokers[1]?.checkRecord()) ?? []
    const taps = shared.reduce((sum, { tookMs }) => sum + tookMs.length, 0)
    const of = (...codes: readonly string[]) => facts.filter(({ code }) => codes.includes(code))
    // One whose answer was lost on the way is answered again: the same tap, and the same session.
    expect(new Set(of('TAP-001').map((fact) => fact['tap'])).size).toBe(taps)
    expect(of('TAP-101', 'TAP-102', 'OFF-002')).toEqual([])
    expect(of('SES-001')).toHaveLength(shared.length * 2)
  }, 60_000)

  const everyoneIsUp = (): boolean => shared.every(({ station }) => station.now?.link === 'up')

  async function share(place: string, at: number): Promise<Shared> {
    const [first, second] = brokers as readonly [BrokerProgram, BrokerProgram]
    const others = { otherBrokers: [second.address] }
    const station = undo.add(await WorkstationProgram.enrol(first, { place, ...others }), (one) =>
      one.dispose(),
    )
    const uid = (n: number) => `04a1b2c3d4e58${String(at * 2 + n)}`
    const rosa = await first.addPerson('Rosa', uid(0), '48261739')
    const ben = await first.addPerson('Ben', uid(1), '59372840')
    await station.start()
    await station.until(({ link }) => link === 'up', 'the link')
    return { station, pair: [rosa, ben], tookMs: [] }
  }

  /** They take turns; hers is open, and by a broker, before the other one taps. */
  async function tapWhile({ station, pair, tookMs }: Shared, goesOn: () => boolean) {
    const hers = new Map<Worker, string>()
    for (let turn = 0; goesOn(); turn++) {
      // The same card within the reader's debounce is the same tap.
      await pause(debounceMs)
      const who = pair[turn % 2 === 0 ? 0 : 1]
      const before = station.now?.sessionId
      const fromMs = performance.now()
      station.tap(who)
      await until(
        () => {
          const { phase, sessionId } = station.now ?? {}
          return phase === 'open' && sessionId !== before
        },
        `open by tap ${String(turn)}`,
        openWithinMs,
        () => JSON.stringify(station.sights.slice(-6)) + station.log,
      )
      tookMs.push(performance.now() - fromMs)
      const { sessionId = '', isSeatedAlone } = station.now ?? {}
      expect(isSeatedAlone ?? false).toBe(false)
      expect(hers.get(who) ?? sessionId).toBe(sessionId)
      hers.set(who, sessionId)
    }
  }
})

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
