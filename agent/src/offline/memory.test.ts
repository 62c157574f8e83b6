// The sealed memory is written one after the other, whoever asks when: an older one never lands over
// a newer one.

import { expect, it } from 'vitest'
import { ownDisk } from '../platform/disk.ts'
import { Memory } from './memory.ts'

const sealer = {
  seal: (text: string) => Buffer.from(text),
  unseal: (sealed: Buffer) => sealed.toString(),
}

/** A disk on which everything takes a turn of the loop, that says how many write at once. */
function slowDisk() {
  const seen = { atOnce: 0, most: 0, written: [] as string[] }
  const replace = async (_path: string, bytes: Uint8Array): Promise<void> => {
    seen.atOnce += 1
    seen.most = Math.max(seen.most, seen.atOnce)
    await new Promise((resolve) => setImmediate(resolve))
    seen.written.push(Buffer.from(bytes).toString())
    seen.atOnce -= 1
  }
  return { seen, disk: { ...ownDisk, read: () => undefined, replace } }
}

it('writes one at a time, also where somebody asks in the moment in which one ends', async () => {
  const { seen, disk } = slowDisk()
  const memory = new Memory('nowhere', sealer, disk)
  const first = memory.change({ sequence: 1 })
  const second = memory.change({ sequence: 2 })
  const third = first.then(() => memory.change({ sequence: 3 }))
  await Promise.all([first, second, third])
  await memory.settled()
  expect(seen.most).toBe(1)
  expect(JSON.parse(seen.written.at(-1) ?? '')).toMatchObject({ sequence: 3 })
})

it('is settled once what waits for another write is written too', async () => {
  const { seen, disk } = slowDisk()
  const memory = new Memory('nowhere', sealer, disk)
  void memory.change({ sequence: 1 })
  void memory.change({ sequence: 2 })
  await memory.settled()
  expect(JSON.parse(seen.written.at(-1) ?? '')).toMatchObject({ sequence: 2 })
})
