// The cable between a workstation and its broker, in network namespaces: what is sent is lost without
// a word. The workstation notices, says so, goes on by itself, and tells all of it once afterwards.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BrokerProgram } from '../kit/processes/broker-program.ts'
import type { Worker } from '../kit/processes/broker-program.ts'
import { CutNetwork } from '../kit/processes/cut-network.ts'
import { freePorts, Program, until } from '../kit/processes/program.ts'
import { Undo } from '../kit/processes/undo.ts'
import { WorkstationProgram } from '../kit/processes/workstation-program.ts'
import type { Seen } from '../kit/processes/workstation-words.ts'

const isHere =
  process.env['WARDKEY_HAS_NETWORKS'] === '1' && process.env['WARDKEY_HAS_CHROMIUM'] !== undefined

/** A tap that the broker does not answer is decided by the workstation itself after this. */
const aloneWithinMs = 4500
/** Nobody taps: the silence is noticed by the next ping after 25 s. */
const noticedWithinMs = 36_500
/** A wait of at most 20 s between attempts, and TCP's own patience with the first packet. */
const backWithinMs = 35_000
/** Of a zone that lets nothing be decided without a broker: it is kept, however short it is. */
const staleMs = 12_000

describe.runIf(isHere)('the network is cut', () => {
  let network: CutNetwork
  let broker: BrokerProgram
  let station: WorkstationProgram
  let strict: WorkstationProgram
  let chart: Program
  let rosa: Worker
  let ben: Worker

  const undo = new Undo()
  beforeAll(async () => {
    network = undo.add(await CutNetwork.open(), (one) => one.close())
    const [port = 0] = await freePorts(1)
    const pages = `http://127.0.0.1:${String(port)}`
    const before = network.on('workstation')
    chart = undo.add(
      new Program('test/kit/processes/chart-server.ts', [String(port)], { before }),
      (one) => one.signal('SIGTERM'),
    )
    await chart.line()
    const downtime = {
      kind: 'open-web',
      url: `${pages}/downtime`,
      allowedOrigins: [pages],
      readySelector: '#ready',
    }
    broker = undo.add(
      await BrokerProgram.make({
        host: network.host,
        before: network.on('broker'),
        chartUrl: `${pages}/chart`,
        rules: { offlineMaxMs: 3_600_000, idleMs: 600_000, downtimeSteps: [downtime] },
        otherRules: { staleMs, idleMs: 600_000, pin: 'never' },
      }),
      (one) => one.dispose(),
    )
    await broker.start()
    rosa = await broker.addPerson('Rosa', '04a1b2c3d4e580', '48261739')
    ben = await broker.addPerson('Ben', '04a1b2c3d4e581', '59372840')
    station = undo.add(
      await WorkstationProgram.enrol(broker, { place: '4 West, station 1', before }),
      (one) => one.dispose(),
    )
    await station.start()
    const other = { place: '5 East, station 1', zone: '5-east', before } as const
    strict = undo.add(await WorkstationProgram.enrol(broker, other), (one) => one.dispose())
    await strict.start()
    await station.until(({ link }) => link === 'up', 'the link')
  }, 300_000)
  afterAll(() => undo.run(), 60_000)

  const open = (): Promise<number> => station.until(({ phase }) => phase === 'open', 'open')
  const codes = async (): Promise<readonly string[]> =>
    (await broker.facts()).map(({ code }) => code)

  async function signIn(who: Worker): Promise<void> {
    station.tap(who)
    await station.until(({ phase }) => phase === 'entering-pin', 'the PIN pad')
    await station.read('PIN')
    station.type(who.pin)
    await open()
  }

  /** Its screen and the broker's books say the same, and everything was told. */
  async function agreed(): Promise<void> {
    await station.until(({ link }) => link === 'up', 'back', backWithinMs)
    await station.until(({ isSeatedAlone }) => isSeatedAlone !== true, 'confirmed', 15_000)
    const shown = (): readonly string[] =>
      [station, strict].flatMap(({ now }) => now?.sessionId ?? []).sort()
    const isAgreed = async (): Promise<boolean> =>
      [...(await broker.openSessions())].sort().join() === shown().join()
    await until(isAgreed, 'agreed', 10_000, () => shown().join())
  }

  it('before a colleague’s tap: hers is locked, his is decided here, and the record has it once', async () => {
    await signIn(rosa)
    await station.read('the chart')
    // The workstation knows from a bundle who may use it.
    await until(async () => (await codes()).includes('OFF-001'), 'a bundle')
    await network.cut()
    const cutMs = Date.now()
    station.tap(ben)
    const padMs = await station.until(({ phase }) => phase === 'entering-pin', 'the PIN pad')
    expect(padMs - cutMs).toBeLessThan(aloneWithinMs)
    await station.read('Working without the network')
    station.type(ben.pin)
    await open()
    await station.read('what works now')
    expect(station.now).toMatchObject({ isSeatedAlone: true, link: 'down' })
    await network.join()
    await agreed()
    const decided = (await broker.facts()).filter(({ code }) => code === 'OFF-002')
    const outcomes = decided.map(({ person, fields }) => [person, Object(fields)['outcome']])
    expect(outcomes).toEqual([
      [ben.personId, 'asked-pin'],
      [ben.personId, 'admitted'],
    ])
  }, 120_000)

  it('while nobody taps: it is noticed, and the screen stays, or locks where the zone says so', async () => {
    if (station.now?.phase !== 'open') await signIn(ben)
    const before = station.now?.sessionId
    strict.tap(rosa)
    await strict.until(({ phase }) => phase === 'open', 'open there')
    await network.cut()
    const cutMs = Date.now()
    const downMs = await station.until(({ link }) => link === 'down', 'noticed', noticedWithinMs)
    expect(downMs - cutMs).toBeLessThan(noticedWithinMs)
    expect(station.now).toMatchObject({ phase: 'open', sessionId: before, isAlone: true })
    const lockedMs = await strict.until(({ phase }) => phase === 'locked', 'locked there')
    // From the last word of the broker, which came before the cut, and a tick.
    expect(lockedMs - cutMs).toBeLessThan(staleMs + 600)
    await strict.read('No connection')
    await network.join()
    await agreed()
    expect(station.now?.sessionId).toBe(before)
  }, 120_000)

  it('in one direction, with the question through and no answer: one screen in the end', async () => {
    const opened = async () =>
      (await broker.facts()).filter(({ code }) => code === 'TAP-001').length
    const before = await opened()
    await network.cut('broker')
    station.tap(rosa)
    await station.until(({ phase }) => phase === 'entering-pin', 'the PIN pad', aloneWithinMs)
    // The broker heard the tap, and answered nobody.
    expect(await opened()).toBe(before + 1)
    await station.read('PIN')
    station.type(rosa.pin)
    const isOpenAlone = ({ phase, isSeatedAlone }: Seen): boolean =>
      phase === 'open' && isSeatedAlone === true
    await station.until(isOpenAlone, 'opened by itself')
    await network.join()
    await agreed()
  }, 120_000)

  it('and nothing of it is missing, doubled or unsigned', async () => {
    await station.stop()
    const facts = await broker.checkRecord()
    const all = facts.map(({ code }) => code)
    expect(all.filter((code) => code === 'OFF-101')).toEqual([])
    expect(broker.complaints).not.toMatch(/"level":"error"/)
  }, 60_000)
})
