// The agent's rf IDEAS source against a device of the kernel: node-hid, hidraw and the HID core are
// the real ones; only the silicon is played.

import { spawn } from 'node:child_process'
import { openSync, read, readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { loadHidDevices } from '../../../agent/src/platform/hid-devices.ts'
import { rfIdeasSource } from '../../../agent/src/readers/hid/rf-ideas-source.ts'
import { realClock } from '../../kit/real-clock.ts'
import { check, expectSame, WatchedSource } from './watched-source.ts'

const goodCard = 'place 26 2f623ae'
const wrongParity = 'place 26 2f623af'
const keyEventBytes = 24

export async function checkHid(): Promise<void> {
  const device = new UhidReader()
  await device.ask('plug')
  const keys = await countKeys()
  await check('a card typed its number before the agent came', async () => {
    await device.ask(goodCard)
    await device.ask('clear')
    await sleep(1000)
    expectSame(keys(), 7)
    return '7 keys'
  })
  const typedBefore = keys()

  const source = new WatchedSource(rfIdeasSource({ clock: realClock, load: loadHidDevices }))
  await check('a reader of the kernel’s is found through node-hid', async () => {
    const up = await source.next('reader-up')
    expectSame(up.readerName, 'RFIDeas USB Keyboard')
    return up.readerId
  })
  await check('the reader is quiet now, and its memory untouched', async () => {
    const state = await device.ask('state')
    expectSame(state, 'state quiet volatile')
    return state
  })
  await check('a card is told with all its bits', async () => {
    const placedAtMs = performance.now()
    await device.ask(goodCard)
    const seen = await source.next('card-seen')
    const card = { technology: 'wiegand', canonical: '26:02f623ae', format: 'h10301' }
    expectSame(seen.card, card)
    return `${(performance.now() - placedAtMs).toFixed(0)} ms`
  })
  await check('the card that went is gone', async () => {
    await device.ask('clear')
    await source.next('card-gone')
    return 'gone'
  })
  await check('no key reached the keyboard meanwhile', async () => {
    await sleep(500)
    expectSame(keys(), typedBefore)
    return 'none'
  })
  await check('wrong parity is refused', async () => {
    await device.ask(wrongParity)
    const refusal = await source.next('card-refused')
    expectSame(refusal.code, 'card-parity')
    await device.ask('clear')
    await sleep(1000)
    return refusal.code
  })
  await check('a reader pulled out with a card on it is a card gone', async () => {
    await device.ask(goodCard)
    await source.next('card-seen')
    await device.ask('unplug')
    await source.next('card-gone')
    const down = await source.next('reader-down')
    return down.reason
  })
  await check('a reader plugged in again is found, and quiet again', async () => {
    await device.ask('plug')
    await source.next('reader-up')
    expectSame(await device.ask('state'), 'state quiet volatile')
    return 'found'
  })
  await source.stop()
  device.end()
}

/** The program that plays the device. */
class UhidReader {
  readonly #program = spawn(
    process.execPath,
    [fileURLToPath(new URL('./uhid-reader.ts', import.meta.url))],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  readonly #lines: AsyncIterator<string>

  constructor() {
    this.#lines = createInterface({ input: this.#program.stdout })[Symbol.asyncIterator]()
    void this.#lines.next()
  }

  async ask(line: string): Promise<string> {
    this.#program.stdin.write(`${line}\n`)
    const answer = await this.#lines.next()
    return answer.done === true ? 'ended' : answer.value
  }

  end(): void {
    this.#program.kill()
  }
}

/** How many keys of the reader's keyboard have been pressed, as any program would hear them. */
async function countKeys(): Promise<() => number> {
  let pressed = 0
  let path: string | undefined
  for (let waited = 0; path === undefined && waited < 10_000; waited += 100) {
    path = findKeyboard()
    await sleep(100)
  }
  if (path === undefined) throw new Error('the kernel made no keyboard of the reader')
  const keyboard = openSync(path, 'r')
  const listen = (): void => {
    const events = Buffer.alloc(keyEventBytes * 64)
    read(keyboard, events, 0, events.length, null, (error, bytes) => {
      // Unplugged: no more keys.
      if (error !== null) return
      for (let at = 0; at < bytes; at += keyEventBytes) {
        const isKey = events.readUInt16LE(at + 16) === 1
        if (isKey && events.readInt32LE(at + 20) === 1) pressed += 1
      }
      listen()
    })
  }
  listen()
  return () => pressed
}

function findKeyboard(): string | undefined {
  const name = readdirSync('/sys/class/input').find(
    (entry) =>
      entry.startsWith('event') &&
      readFileSync(`/sys/class/input/${entry}/device/name`, 'utf8').includes('RFIDeas'),
  )
  return name === undefined ? undefined : `/dev/input/${name}`
}
