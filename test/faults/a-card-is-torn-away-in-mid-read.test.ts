// Cards on the real PC/SC stack that go at the worst moment, answer half, or nothing, and a service
// that dies with a chart open. Never a tap of half a read, never another card's number; and the
// reader works afterwards.

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
import type { VirtualCardNeeds } from '../kit/virtual-card.ts'

const isHere =
  process.env['WARDKEY_HAS_PCSCD'] === '1' && process.env['WARDKEY_HAS_CHROMIUM'] !== undefined
const chance = chanceOf(20_263)
const rounds = 6
/** Decision 0005, and the tick that sees it. */
const [lostMs, lostMostMs] = [10_000, 11_500]

const says = (hex: string) => ({ answer: () => Buffer.from(hex, 'hex') })
/** What becomes of a card; each is taken away after a moment. None of these was ever read whole. */
const mishaps: readonly (readonly [string, Partial<VirtualCardNeeds>])[] = [
  ['torn away in the question for its number', { answer: () => 'tear' }],
  ['silent when it is asked', { answer: () => 'silence' }],
  ['without an answer to its reset', { atr: Buffer.alloc(0) }],
  ['with half an answer to its reset', { atr: Buffer.of(0x3b) }],
  ['that says yes and no number', says('9000')],
  ['that says two bytes of its number', says('04a19000')],
  ['that says one byte', says('90')],
  ['that was reset under the question', says('6200')],
]

describe.runIf(isHere)('a card', () => {
  let pcscd: PrivatePcscd
  let broker: BrokerProgram
  let chart: Program
  let station: WorkstationProgram
  let rosa: Worker
  let ben: Worker

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
    ben = await broker.addPerson('Ben', '04782e21801d80', '59372840')
    const pcscSocket = pcscd.environment.PCSCLITE_CSOCK_NAME
    station = undo.add(
      await WorkstationProgram.enrol(broker, { place: '4 West, station 1', pcscSocket }),
      (one) => one.dispose(),
    )
    await station.start()
    await station.until(({ link }) => link === 'up', 'the link')
  }, 240_000)
  afterAll(() => undo.run(), 60_000)

  const card = (who: Worker, change: Partial<VirtualCardNeeds> = {}): VirtualCard =>
    new VirtualCard({ uid: who.uid, port: pcscd.port(0), ...change })
  /** A tap each, in their order: whose badge it was, or that it was nobody's. */
  const tappers = async (): Promise<readonly unknown[]> =>
    (await broker.facts())
      .filter(({ code }) => code === 'TAP-001' || code === 'TAP-101')
      .map((fact) => fact['person'])

  async function tapOf(who: Worker): Promise<void> {
    const before = (await tappers()).length
    const whole = card(who)
    await whole.insert()
    await until(async () => (await tappers()).length > before, 'a tap of a whole card')
    await whole.remove()
    expect((await tappers()).slice(before)).toEqual([who.personId])
    await station.until(({ phase }) => phase === 'open', 'open')
  }

  it.each(mishaps)(
    `%s is no tap, ${String(rounds)} times`,
    async (_what, change) => {
      const before = await tappers()
      for (let round = 0; round < rounds; round++) {
        const torn = card(rosa, change)
        await torn.insert()
        await sleep(20 + chance(round) * 60)
        await torn.remove()
        await sleep(10)
      }
      await sleep(200)
      expect(await tappers()).toEqual(before)
    },
    60_000,
  )

  it('that was read whole after all of that is hers, and a colleague’s is his', async () => {
    await tapOf(rosa)
    await tapOf(ben)
    await tapOf(rosa)
  }, 60_000)

  it('that is gone at any moment, with another one there in 10 ms, is itself or nothing', async () => {
    const before = (await tappers()).length
    for (let round = 0; round < 16; round++) {
      const one = card(round % 2 === 0 ? ben : rosa)
      await one.insert()
      await sleep(chance(100 + round) * 25)
      await one.remove()
      await sleep(10)
    }
    await sleep(500)
    const since = (await tappers()).slice(before)
    expect(since.filter((who) => who !== rosa.personId && who !== ben.personId)).toEqual([])
    expect(since.length).toBeLessThanOrEqual(16)
    await station.until(({ phase }) => phase === 'locked' || phase === 'open', 'at rest')
  }, 60_000)

  it('reader’s service that restarts within seconds leaves the chart as it was', async () => {
    await openFor(rosa)
    const before = station.now?.sessionId
    await pcscd.signal('SIGKILL')
    await station.until(({ reader }) => reader !== 'ready', 'the loss seen')
    await sleep(1500)
    await pcscd.start()
    await station.until(({ reader }) => reader === 'ready', 'the reader back')
    await sleep(lostMs)
    expect(station.now).toMatchObject({ phase: 'open', sessionId: before })
  }, 60_000)

  it('reader’s service that stays away locks after ten seconds, says so, and comes back', async () => {
    await openFor(rosa)
    await pcscd.signal('SIGKILL')
    const goneMs = await station.until(({ reader }) => reader !== 'ready', 'the loss seen')
    const lockedMs = await station.until(({ phase }) => phase === 'locked', 'locked')
    expect(lockedMs - goneMs).toBeGreaterThanOrEqual(lostMs - 100)
    expect(lockedMs - goneMs).toBeLessThan(lostMostMs)
    await station.read('The badge reader has stopped')
    const isTold = async (): Promise<boolean> =>
      (await broker.facts()).some(({ fields }) => Object(fields)['reason'] === 'reader-lost')
    await until(isTold, 'told')
    await pcscd.start()
    await station.until(({ reader }) => reader === 'ready', 'the reader back')
    await tapOf(rosa)
  }, 60_000)

  it('and the record is whole', async () => {
    await station.stop()
    const facts = await broker.checkRecord()
    expect(facts.filter(({ code }) => code === 'TAP-101')).toEqual([])
  }, 60_000)

  /** Whatever was before: her chart is open when it resolves. */
  async function openFor(who: Worker): Promise<void> {
    await sleep(3500)
    const isOpen = station.now?.phase === 'open'
    const owner = isOpen ? (await tappers()).at(-1) : undefined
    // On her own screen a tap would sign her out.
    if (owner === who.personId) await tapOf(who === rosa ? ben : rosa)
    await tapOf(who)
  }
})
