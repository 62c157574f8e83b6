// The disk of a workstation: it may be full, and the power may go around any of its writes. What was
// not flushed by then is there in part, or not at all. What lies on it outlives the agent.

import type { Disk, DiskFile } from '@wardkey/agent/platform/disk'
import type { Random } from '../seeded.ts'
import type { ProcessClock } from '../virtual-time.ts'

export type DiskFate = 'dies-before' | 'dies-after'

interface File {
  /** As whoever reads it finds it now. */
  live: Buffer
  /** As it is after a loss of power. */
  durable: Buffer
}

const nothing = Buffer.alloc(0)

export class AgentDisk {
  isFull = false
  readonly #files = new Map<string, File>()
  readonly #random: Random
  #fate: { readonly what: DiskFate; left: number; readonly die: () => void } | undefined

  constructor(random: Random) {
    this.#random = random
  }

  /** Around one of the next writes the agent ends. */
  arm(what: DiskFate, nth: number, die: () => void): void {
    this.#fate = { what, left: nth, die }
  }

  disarm(): void {
    this.#fate = undefined
  }

  /** What would be found there after a loss of power at this moment. */
  durable(path: string): Buffer | undefined {
    return this.#files.get(path)?.durable
  }

  /** The power went: of what was not flushed some is there. A process that ends alone loses nothing. */
  losePower(): void {
    for (const file of this.#files.values()) {
      const { live, durable } = file
      const isLonger = live.length > durable.length
      const kept = isLonger ? this.#random.int(durable.length, live.length) : 0
      file.live = isLonger ? live.subarray(0, kept) : durable
      file.durable = file.live
    }
  }

  /** For one life of the agent: what it began and did not end is never done. */
  mount(clock: ProcessClock): Disk {
    const takesMs = (): number => (this.#random.chance(0.05) ? 60 : this.#random.int(1, 6))
    const write = (act: () => void): Promise<void> => this.#write(clock, takesMs(), act)
    return {
      read: (path) => this.#files.get(path)?.live,
      replace: (path, bytes) =>
        write(() => {
          const whole = Buffer.from(bytes)
          this.#files.set(path, { live: whole, durable: whole })
        }),
      remove: (path) =>
        write(() => {
          this.#files.delete(path)
        }),
      drop: (path) => {
        this.#files.delete(path)
      },
      copy: (path, to) => {
        const file = this.#files.get(path)
        if (file) this.#files.set(to, { live: file.live, durable: nothing })
      },
      open: (path) => {
        const file = this.#files.get(path)
        if (!file) return Promise.reject(noSuchFile())
        return Promise.resolve(this.#open(file, write))
      },
    }
  }

  #open(file: File, write: (act: () => void) => Promise<void>): DiskFile {
    return {
      write: (bytes, at) => {
        // A part of it may be there already when there is no room for the rest.
        const taken = this.isFull ? this.#random.int(0, bytes.length - 1) : bytes.length
        file.live = Buffer.concat([file.live.subarray(0, at), bytes.subarray(0, taken)])
        return this.isFull ? Promise.reject(noRoom()) : Promise.resolve()
      },
      flush: () =>
        write(() => {
          file.durable = file.live
        }),
      cut: (length) => {
        file.live = file.live.subarray(0, length)
        return Promise.resolve()
      },
      close: () => Promise.resolve(),
    }
  }

  async #write(clock: ProcessClock, takesMs: number, act: () => void): Promise<void> {
    await clock.wait(takesMs)
    const fate = this.#nextFate()
    if (fate?.what === 'dies-before') {
      fate.die()
      await clock.wait(0)
    }
    if (this.isFull) throw noRoom()
    act()
    if (fate?.what === 'dies-after') {
      fate.die()
      await clock.wait(0)
    }
  }

  #nextFate(): { readonly what: DiskFate; readonly die: () => void } | undefined {
    const fate = this.#fate
    if (!fate) return undefined
    fate.left -= 1
    if (fate.left > 0) return undefined
    this.#fate = undefined
    return fate
  }
}

const noRoom = (): Error => Object.assign(new Error('no space left'), { code: 'ENOSPC' })
const noSuchFile = (): Error => Object.assign(new Error('no such file'), { code: 'ENOENT' })
