// The agent's PC/SC source against a USB reader: libccid, pcscd and its hot-plug are the real ones;
// the reader is qemu's, and its card is played outside.

import { closeSync, openSync, writeSync } from 'node:fs'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pcscSource } from '../../../agent/src/readers/pcsc/pcsc-source.ts'
import { realClock } from '../../kit/real-clock.ts'
import { check, expectSame, WatchedSource } from './watched-source.ts'

const uid = '04a1b2c3d4e5f6'
const taps = 12

export async function checkCcid(): Promise<void> {
  const outside = new Outside()
  const source = new WatchedSource(pcscSource({ clock: realClock }))
  await check('a USB reader is found through libccid and pcscd', async () => {
    const up = await source.next('reader-up')
    if (!up.readerName.includes('CCID')) throw new Error(up.readerName)
    return up.readerName
  })
  await check('a card is read through a USB reader', async () => {
    await outside.ask(`insert ${uid}`)
    const seen = await source.next('card-seen')
    expectSame(seen.card, { technology: 'csn', canonical: uid })
    await outside.ask('remove')
    await source.next('card-gone')
    return seen.card.canonical
  })
  await check('twelve taps, each of its own card, are told in order', async () => {
    const insertMs: number[] = []
    for (let tap = 0; tap < taps; tap += 1) {
      const own = `04${tap.toString(16).padStart(12, '0')}`
      const fromMs = performance.now()
      await outside.ask(`insert ${own}`)
      const seen = await source.next('card-seen')
      insertMs.push(Math.round(seen.atMonoMs - fromMs))
      expectSame(seen.card.canonical, own)
      // At random phases of whatever polls.
      await sleep(Math.random() * 300)
      await outside.ask('remove')
      await source.next('card-gone')
      await sleep(Math.random() * 300)
    }
    return `insert to event ${insertMs.toSorted((one, other) => one - other).join(' ')} ms`
  })
  await check('a random UID is refused', async () => {
    await outside.ask('insert 08112233')
    const refusal = await source.next('card-refused')
    expectSame(refusal.code, 'card-uid-random')
    await outside.ask('remove')
    await sleep(1000)
    return refusal.code
  })
  await check('a USB reader pulled out with a card on it is a card gone', async () => {
    await outside.ask(`insert ${uid}`)
    await source.next('card-seen')
    await outside.ask('unplug')
    await source.next('card-gone')
    const down = await source.next('reader-down')
    expectSame(down.reason, 'unplugged')
    return down.reason
  })
  await check('a USB reader plugged in again is found', async () => {
    await outside.ask('plug')
    const up = await source.next('reader-up')
    return up.readerName
  })
  await source.stop()
  outside.close()
}

/** Whoever moves cards and readers: they are outside, at the end of the second serial line. */
class Outside {
  readonly #serial = openSync('/dev/ttyS1', 'r+')
  readonly #input = createReadStream('', { fd: openSync('/dev/ttyS1', 'r') })
  readonly #lines = createInterface({ input: this.#input })[Symbol.asyncIterator]()

  async ask(line: string): Promise<void> {
    writeSync(this.#serial, `${line}\n`)
    await this.#lines.next()
  }

  close(): void {
    closeSync(this.#serial)
    this.#input.destroy()
  }
}
