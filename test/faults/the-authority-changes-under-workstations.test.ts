// The workstation authority changes while two brokers run: an agent that heard of the next one is
// renewed by it and welcome after the end, one broker is killed in the middle, and a workstation
// that was away for all of it is refused, and can find out why.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { keyList } from '@wardkey/protocol/admin/keys/key-list'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { inventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import { subprotocol } from '@wardkey/protocol/workstation/version'
import { openToRead } from '@wardkey/broker/store/open-for-reading'
import { openPair } from '../kit/processes/broker-pair.ts'
import type { BrokerProgram } from '../kit/processes/broker-program.ts'
import { Program, until } from '../kit/processes/program.ts'
import { Undo } from '../kit/processes/undo.ts'
import { WireHand } from '../kit/processes/wire-hand.ts'
import { WorkstationProgram } from '../kit/processes/workstation-program.ts'

const isHere =
  process.env['WARDKEY_HAS_POSTGRES'] === '1' && process.env['WARDKEY_HAS_CHROMIUM'] !== undefined
const ahead = new URL('../kit/processes/days-ahead.ts', import.meta.url).href
const stateWithinMs = 20_000
const toldBody = z.object({ authorities: inventoryBody.shape.authorities })

describe.runIf(isHere)('an authority that changes under workstations', () => {
  let first: BrokerProgram
  let second: BrokerProgram
  let station: WorkstationProgram
  let away: WorkstationProgram
  let awayHand: WireHand
  let tokenTwo: string
  const undo = new Undo()

  beforeAll(async () => {
    ;({ first, second } = await openPair(undo))
    const enrol = async (number: number): Promise<WorkstationProgram> => {
      const place = `4 West, station ${String(number)}`
      const before = ['env', `NODE_OPTIONS=--import=${ahead}`]
      const plan = { place, before, otherBrokers: [second.address] }
      return undo.add(await WorkstationProgram.enrol(first, plan), (one) => one.dispose())
    }
    station = await enrol(1)
    away = await enrol(2)
    awayHand = await WireHand.enrol(first, '4 West, station 3')
    const made = await said(first, ['token', 'add', '--name', 'two', '--scope', 'keys:approve'])
    tokenTwo = join(first.folder, 'two.token')
    writeFileSync(tokenTwo, made.split('\n')[0] ?? '', { mode: 0o600 })
  }, 300_000)
  afterAll(() => undo.run(), 60_000)

  async function said(broker: BrokerProgram, words: readonly string[]): Promise<string> {
    const { code, out, err } = await broker.run(words)
    if (code !== 0) throw new Error(`${words.join(' ')}: ${err}`)
    return out
  }
  const keys = (...words: string[]) => said(first, ['keys', ...words])
  const nextAt = async (broker: BrokerProgram) => {
    const shown = keyList.parse(JSON.parse(await said(broker, ['--json', 'keys'])))
    return shown.keys.find(({ kind, name }) => kind === 'authority' && name === 'the next one')
  }
  const stands = (state: string): Promise<void> =>
    until(
      async () => {
        const both = [await nextAt(first), await nextAt(second)]
        return both.every((one) => one?.state === state && one.warning === undefined)
      },
      `the next one ${state} at both`,
      stateWithinMs,
    )
  /** The authorities that a place has said it believes. */
  const told = async (place: string): Promise<readonly string[]> => {
    const db = openToRead(first.place)
    try {
      const row = await db
        .selectFrom('workstation')
        .innerJoin('workstation_inventory', 'workstation_id', 'workstation.id')
        .select('body')
        .where('place', '=', place)
        .executeTakeFirst()
      return toldBody.parse(JSON.parse(row?.body ?? '{}')).authorities ?? []
    } finally {
      await db.destroy()
    }
  }
  const nextPem = (): string => {
    const file = readdirSync(first.keysDir).find((name) => /^authority-.*\.crt$/.test(name))
    return readFileSync(join(first.keysDir, file ?? ''), 'utf8')
  }

  it('is told to whoever is there, and signs nothing', async () => {
    await keys('prepare', 'authority')
    await stands('shown')
    await station.startMain(true)
    const next = (await nextAt(first))?.id
    const isTold = async () => (await told('4 West, station 1')).at(1) === next
    await until(isTold, 'the next one believed', stateWithinMs, () => station.log)
    expect((await nextAt(second))?.without).toBe(3)
  }, 120_000)

  it('renews by the next one who believes it, and counts the others', async () => {
    await keys('rotate', 'authority')
    await stands('in-force')
    const next = (await nextAt(first))?.id
    for (const _start of ['renewed by it', 'comes with it']) {
      await station.stop()
      await station.startMain(true)
    }
    const isFirst = async () => (await told('4 West, station 1')).at(0) === next
    await until(isFirst, 'a certificate of the next one', stateWithinMs, () => station.log)
    expect((await nextAt(second))?.without).toBe(2)
  }, 180_000)

  it('is not ended over those that are left, unless two people say so', async () => {
    const refused = await first.run(['keys', 'end', 'authority'])
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('4 West, station 2')
    expect(refused.err).not.toContain('4 West, station 1')
    await keys('end', 'authority', '--force')
    const own = await first.run(['keys', 'approve', 'authority', '--lost', '2'])
    expect(own.code).toBe(1)
    const word = ['--token-file', tokenTwo, 'keys', 'approve', 'authority', '--lost']
    expect((await second.run([...word, '1'])).code).toBe(1)
    expect((await nextAt(second))?.state).toBe('in-force')
    const done = await second.run([...word, '2'])
    expect([done.code, done.err]).toEqual([0, ''])
    // Whatever it had done of it by now.
    await first.kill()
    const isOver = async () => (await nextAt(second)) === undefined
    await until(isOver, 'the end at the second', stateWithinMs)
    await first.start()
  }, 120_000)

  it('leaves whoever was renewed where it was, also after a start of its own', async () => {
    await station.stop()
    await station.startMain(true)
    expect(station.status?.link).toBe('up')
    const shown = await said(second, ['--json', 'keys'])
    const { id } =
      keyList.parse(JSON.parse(shown)).keys.find((one) => one.kind === 'authority') ?? {}
    expect(first.caSha256).toBe(id)
    expect((await told('4 West, station 1')).at(0)).toBe(id)
    await (await WireHand.enrol(first, '4 West, station 4')).connect(second)
  }, 120_000)

  it('refuses whoever was away, by the certificate alone, and doctor says what that may be', async () => {
    for (const broker of [first, second]) {
      await expect(awayHand.connect(broker)).rejects.toThrow('did not open')
      const { caPem, certificatePem: cert, keyPem: key } = awayHand.identity
      const ca = caPem + nextPem()
      const url = `wss://${broker.address}${socketPath}`
      const line = new WebSocket(url, subprotocol, { ca, cert, key })
      const status = await new Promise((resolve) => {
        line.on('error', ({ message }) => {
          resolve(message)
        })
        line.once('unexpected-response', (_request, { statusCode }) => {
          resolve(statusCode)
        })
        line.once('open', () => {
          resolve('open')
        })
      })
      line.terminate()
      expect(status).toBe(401)
    }
    const words = ['doctor', '--settings', away.settingsFile]
    const doctor = await new Program('agent/bin/wardkey-agent.js', words).ended()
    expect(doctor.out).toContain('another authority')
    expect(doctor.out).toContain('wardkey-broker keys')
  }, 120_000)

  it('is in a record that is whole, each step once', async () => {
    await station.kill()
    await second.stop()
    const facts = await first.checkRecord()
    const states = facts.filter(({ code }) => code === 'KEY-006').map(({ fields }) => fields)
    expect(states).toMatchObject([
      { state: 'prepared' },
      { state: 'rotating' },
      { state: 'ended', by: 'token two', without: 2 },
    ])
  }, 120_000)

  it('does not start a broker that lacks it, and names what is missing', async () => {
    const [file = ''] = readdirSync(first.keysDir).filter((name) => /^authority-.*crt$/.test(name))
    rmSync(join(first.keysDir, file))
    const { code, err } = await first.run(['serve'])
    expect(code).toBe(78)
    expect(err).toContain(`${file}: the authority before it was ended`)
  }, 60_000)
})
