// The service of Windows and the parts that it begins, played through: there is never a second part,
// an update that is under way is not cut off, and what has ended is begun again.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Log } from '../../platform/log.ts'
import { HostWord } from './host-word.ts'
import { UpdatesHost } from './updates-host.ts'

const runs = ['1', '2'].map((n) => `00000000-0000-4000-8000-00000000000${n}`)
const own = '/own'
const trialPath = join(own, 'trial.json')

/** What is written is there at once. */
class PlainDisk {
  readonly files = new Map<string, string>()

  read(path: string): Buffer | undefined {
    const text = this.files.get(path)
    return text === undefined ? undefined : Buffer.from(text)
  }

  replace(path: string, bytes: Uint8Array): Promise<void> {
    this.files.set(path, Buffer.from(bytes).toString('utf8'))
    return Promise.resolve()
  }
}

/** One machine: a lock that one process at a time has, and whoever is begun. */
class Machine {
  readonly disk = new PlainDisk()
  readonly word = new HostWord(own, this.disk)
  readonly said: string[] = []
  readonly begun: string[] = []
  isUpdated = true
  copies = 0
  copyFails: Error | undefined
  mostAtOnce = 0
  nowMs = 0
  #waiting: { atMs: number; act: () => void }[] = []
  #isHeld = false
  #alive = 0
  #end: (code: number | undefined) => void = () => undefined

  host(n: 0 | 1): UpdatesHost {
    const note = (event: string, fields: object): void => {
      this.said.push(`${event} ${JSON.stringify(fields)}`)
    }
    const log: Log = { info: note, warn: note, error: note }
    return new UpdatesHost({
      run: runs[n] ?? '',
      word: this.word,
      takeLock: () => this.take(),
      isUpdated: () => Promise.resolve(this.isUpdated),
      copy: () => {
        if (this.copyFails) return Promise.reject(this.copyFails)
        this.copies += 1
        return Promise.resolve(`copy-${String(n)}`)
      },
      begin: (file, run) => this.#begin(file, run),
      clock: { after: (ms, act) => this.#after(ms, act), monoMs: () => this.nowMs },
      log,
    })
  }

  async take() {
    if (this.#isHeld) return 'held' as const
    this.#isHeld = true
    const close = () => Promise.resolve(void (this.#isHeld = false))
    return Promise.resolve({ close })
  }

  /** As the system frees it: with the process. */
  end(code: number | undefined): Promise<void> {
    this.#isHeld = false
    this.#alive -= 1
    this.#end(code)
    return settle()
  }

  underWay(step: 'installing' | 'ended'): void {
    const about = { number: 7, from: '1.1.0', to: '1.2.0' }
    const whole = step === 'ended' ? { step, ...about, outcome: 'healthy' } : { step, ...about }
    this.disk.files.set(trialPath, JSON.stringify(whole))
  }

  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms
    for (;;) {
      await settle()
      const next = this.#waiting.toSorted((a, b) => a.atMs - b.atMs)[0]
      if (!next || next.atMs > untilMs) break
      this.nowMs = next.atMs
      this.#waiting = this.#waiting.filter((one) => one !== next)
      next.act()
    }
    this.nowMs = untilMs
  }

  #begin(file: string, run: string): Promise<number | undefined> {
    this.begun.push(`${file} ${run === runs[0] ? 'first' : 'second'}`)
    this.#isHeld = true
    this.#alive += 1
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#alive)
    return new Promise((resolve) => (this.#end = resolve))
  }

  #after(ms: number, act: () => void): () => void {
    const one = { atMs: this.nowMs + ms, act }
    this.#waiting.push(one)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== one)
    }
  }
}

/** Nothing here waits for anything but the clock. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('the service', () => {
  it('begins the part from a copy, and is its host', async () => {
    const machine = new Machine()
    machine.host(0).start()
    await machine.pass(0)
    expect(machine.begun).toEqual(['copy-0 first'])
    expect(machine.word.isFor(runs[0] ?? '')).toBe(true)
  })
  it('begins it again, from a new copy, when another release is there and when it fell', async () => {
    const machine = new Machine()
    machine.host(0).start()
    await machine.pass(0)
    await machine.end(75)
    await machine.pass(0)
    expect(machine.begun).toHaveLength(2)
    await machine.end(undefined)
    await machine.pass(1000)
    expect(machine.begun).toHaveLength(2)
    await machine.pass(15_000)
    expect([machine.begun.length, machine.copies, machine.mostAtOnce]).toEqual([3, 3, 1])
  })
  it('copies and begins nothing where nothing is updated, until something is', async () => {
    const machine = new Machine()
    machine.isUpdated = false
    machine.host(0).start()
    await machine.pass(300_000)
    expect([machine.begun, machine.copies, [...machine.disk.files]]).toEqual([[], 0, []])
    machine.isUpdated = true
    await machine.pass(60_000)
    expect(machine.begun).toHaveLength(1)
  })
  it('begins nothing where others could write the copy, and says so once', async () => {
    const machine = new Machine()
    machine.copyFails = Object.assign(new Error('/somewhere'), { code: 'internal' })
    machine.host(0).start()
    await machine.pass(120_000)
    expect([machine.begun, machine.said]).toEqual([[], ['updates.failed {"code":"internal"}']])
    machine.copyFails = undefined
    await machine.pass(15_000)
    expect(machine.begun).toHaveLength(1)
  })
  it('waits for the part that it was the host of, where nothing is under way', async () => {
    const machine = new Machine()
    const host = machine.host(0)
    host.start()
    await machine.pass(0)
    let isStopped = false
    void host.stop().then(() => (isStopped = true))
    await machine.pass(1000)
    expect([isStopped, machine.word.isFor(runs[0] ?? '')]).toEqual([false, false])
    await machine.end(0)
    await machine.pass(1000)
    expect([isStopped, machine.begun.length]).toEqual([true, 1])
  })
  it('goes at once while something is under way: it is what is being replaced', async () => {
    const machine = new Machine()
    const host = machine.host(0)
    host.start()
    await machine.pass(0)
    machine.underWay('installing')
    await Promise.all([host.stop(), machine.pass(0)])
    expect(machine.nowMs).toBe(0)
  })
  it('does not wait for ever for one that hangs', async () => {
    const machine = new Machine()
    const host = machine.host(0)
    host.start()
    await machine.pass(0)
    const stopping = host.stop()
    await machine.pass(20_000)
    await stopping
    expect(machine.begun).toHaveLength(1)
  })
  it('of the newer release waits until the part of the older one has judged it', async () => {
    const machine = new Machine()
    const older = machine.host(0)
    older.start()
    await machine.pass(0)
    machine.underWay('installing')
    await Promise.all([older.stop(), machine.pass(0)])
    const newer = machine.host(1)
    newer.start()
    await machine.pass(600_000)
    expect(machine.begun).toEqual(['copy-0 first'])
    // By this the part knows that it is over, once nothing is under way.
    expect(machine.word.isFor(runs[0] ?? '')).toBe(false)
    machine.underWay('ended')
    expect(machine.word.isUnderWay()).toBe(false)
    await machine.end(75)
    await machine.pass(2000)
    expect(machine.begun).toEqual(['copy-0 first', 'copy-1 second'])
    expect(machine.mostAtOnce).toBe(1)
  })
  it('stops though nothing was ever begun', async () => {
    const machine = new Machine()
    machine.isUpdated = false
    const host = machine.host(0)
    host.start()
    await machine.pass(0)
    await host.stop()
    expect(machine.begun).toEqual([])
  })
})

describe('the word between the two', () => {
  const unread = ['', '{', '{"version":2}', '{"version":1,"run":"x"}', '{"step":"ended"}']
  it('is nobody’s where it cannot be read', () => {
    const disk = new PlainDisk()
    const word = new HostWord(own, disk)
    expect(word.isFor(runs[0] ?? '')).toBe(false)
    for (const text of unread) {
      disk.files.set(join(own, 'host.json'), text)
      expect(word.isFor('x'), text).toBe(false)
    }
  })
  it('takes a trial that cannot be read for one that is under way', () => {
    const disk = new PlainDisk()
    const word = new HostWord(own, disk)
    expect(word.isUnderWay()).toBe(false)
    for (const text of unread) {
      disk.files.set(trialPath, text)
      expect(word.isUnderWay(), text).toBe(true)
    }
  })
})
