// Keys change while two brokers of one record are tapped at all the time: no tap fails, each broker
// takes the new key up by itself, one is killed in the middle, and an auditor with the old key follows.

import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordMain } from '@wardkey/broker/record-main'
import { openToRead } from '@wardkey/broker/store/open-for-reading'
import { openPair } from '../kit/processes/broker-pair.ts'
import type { BrokerProgram, Worker } from '../kit/processes/broker-program.ts'
import { until } from '../kit/processes/program.ts'
import { Undo } from '../kit/processes/undo.ts'
import { WireHand } from '../kit/processes/wire-hand.ts'

const isHere = process.env['WARDKEY_HAS_POSTGRES'] === '1'
/** At each of two brokers, and after each change. */
const tapsMin = 20

describe.runIf(isHere)('keys that change under taps', () => {
  let first: BrokerProgram
  let second: BrokerProgram
  let hands: readonly [WireHand, WireHand]
  let rosa: Worker
  const undo = new Undo()

  beforeAll(async () => {
    ;({ first, second } = await openPair(undo))
    rosa = await first.addPerson('Rosa', '04a1b2c3d4e580', '48261739')
    hands = [await enrolled(first, 1), await enrolled(second, 2)]
  }, 300_000)
  afterAll(() => undo.run(), 60_000)

  async function enrolled(broker: BrokerProgram, number: number): Promise<WireHand> {
    const hand = await WireHand.enrol(broker, `4 West, station ${String(number)}`)
    undo.add(hand, (one) => {
      one.close()
    })
    await hand.connect(broker)
    return hand
  }

  /** Hers moves to and fro between the brokers until the end is called; each answer is kept. */
  function tapping(): { kinds: string[]; end: () => Promise<void> } {
    const state = { isEnded: false }
    const kinds: string[] = []
    const loop = async (): Promise<void> => {
      while (!state.isEnded) {
        for (const hand of hands) kinds.push((await hand.tap(rosa)).kind)
      }
    }
    const done = loop()
    return {
      kinds,
      end: () => {
        state.isEnded = true
        return done
      },
    }
  }

  async function newestNote(): Promise<string> {
    const db = openToRead(first.place)
    try {
      const rows = db.selectFrom('checkpoint').select('note').orderBy('size', 'desc')
      return (await rows.limit(1).executeTakeFirstOrThrow()).note
    } finally {
      await db.destroy()
    }
  }
  const isSignedBy = async (vkey: string): Promise<boolean> => {
    const lines = (await newestNote()).split('\n\n')[1]?.trim().split('\n') ?? []
    const idOf = (line = ''): string =>
      Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .subarray(0, 4)
        .toString('hex')
    return lines.length === 1 && idOf(lines[0]) === vkey.split('+')[1]
  }
  async function rotate(...words: readonly string[]): Promise<string> {
    const { code, out } = await first.run(['keys', 'rotate', 'record', ...words])
    expect(code).toBe(0)
    return out.split('\n')[0] ?? ''
  }

  it('the record’s, twice: zero taps fail, and both brokers sign with the new one', async () => {
    const load = tapping()
    for (const words of [[], ['--reason', 'compromised']]) {
      const vkey = await rotate(...words)
      await until(() => isSignedBy(vkey), 'a checkpoint by the new key alone')
      const before = load.kinds.length
      await until(() => load.kinds.length >= before + 2 * tapsMin, 'taps after it', 60_000)
    }
    await load.end()
    expect(load.kinds.filter((kind) => kind !== 'admitted')).toEqual([])
    expect([first, second].map(({ isRunning }) => isRunning)).toEqual([true, true])
  }, 180_000)

  it('the record’s, where the broker is killed right after the order', async () => {
    for (const waitMs of [0, 2100]) {
      const vkey = await rotate()
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      await Promise.all([first.kill(), second.kill()])
      await second.start()
      await first.start()
      await hands[1].connect(second)
      await hands[0].connect(first)
      expect((await hands[0].tap(rosa)).kind).toBe('admitted')
      await until(() => isSignedBy(vkey), 'a checkpoint by the new key alone')
    }
  }, 180_000)

  it('and an auditor with the first key and an early checkpoint follows to the last', async () => {
    const db = openToRead(first.place)
    const { note } = await db
      .selectFrom('checkpoint')
      .select('note')
      .orderBy('size')
      .limit(1)
      .executeTakeFirstOrThrow()
    await db.destroy()
    const [early, file, keys] = ['early.note', 'record.ndjson', 'record.keys'].map((name) =>
      join(first.folder, name),
    )
    if (early === undefined || file === undefined || keys === undefined) throw new Error('no file')
    writeFileSync(early, note)
    const exported = await second.run(['record', 'export', '--out', file])
    expect(exported).toMatchObject({ code: 0 })
    const said = await second.run(['record', 'keys'])
    writeFileSync(keys, said.out)
    const proved = await second.run(['record', 'prove', '0'])
    const proof = join(first.folder, 'fact.proof')
    writeFileSync(proof, proved.out)
    const old = ['--vkey', first.recordKeyAtFirst]
    const verify = ['verify', '--export', file, ...old, '--checkpoint', early]
    expect(await recordMain(verify)).toBe(0)
    expect(await recordMain(['verify-proof', proof, ...old])).toBe(1)
    expect(await recordMain(['verify-proof', proof, ...old, '--keys', keys])).toBe(0)
    for (const one of [early, file, keys, proof]) rmSync(one)
    for (const hand of hands) hand.close()
    expect(await first.stop()).toBe(0)
    const facts = await second.checkRecord()
    expect(facts.filter(({ code }) => code === 'KEY-003')).toHaveLength(4)
  }, 120_000)
})
