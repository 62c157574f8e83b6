// A trial whose power goes before or after each thing that it does: in the end one of the two
// releases runs, it is the right one, and what is told of it is so.

import { describe, expect, it } from 'vitest'
import type { Disk } from '../platform/disk.ts'
import type { Applied, Installer } from './install/installer.ts'
import type { Signs } from './trial.ts'
import { TrialKeeper } from './trial-keeper.ts'
import type { Ending } from './trial-keeper.ts'

class PowerCut extends Error {}

/** What outlives a cut: the disk, and what is installed. */
class Machine {
  installed = '1.1.0'
  isSettled = true
  /** So many steps are left; none where it never goes. */
  stepsLeft = Infinity
  apply: Applied = { kind: 'applied', from: '1.1.0', to: '1.2.0' }
  readonly #files = new Map<string, Buffer>()

  get isClean(): boolean {
    return this.#files.size === 0
  }

  /** Cut before it, or after it and before anybody hears of it. */
  async #step<T>(act: () => T): Promise<T> {
    if (this.stepsLeft-- <= 0) throw new PowerCut()
    const done = act()
    await Promise.resolve()
    if (this.stepsLeft-- <= 0) throw new PowerCut()
    return done
  }

  readonly disk: Pick<Disk, 'read' | 'replace' | 'remove'> = {
    read: (path) => this.#files.get(path),
    replace: (path, bytes) =>
      this.#step(() => {
        this.#files.set(path, Buffer.from(bytes))
      }),
    remove: (path) =>
      this.#step(() => {
        this.#files.delete(path)
      }),
  }

  readonly installer: Installer = {
    prepare: () => Promise.resolve({ kind: 'ready', running: this.installed }),
    apply: () =>
      this.#step(() => {
        if (this.apply.kind === 'applied') [this.installed, this.isSettled] = ['1.2.0', false]
        return this.apply
      }),
    putBack: () =>
      this.#step(() => {
        if (this.isSettled) return { kind: 'no-way' }
        ;[this.installed, this.isSettled] = ['1.1.0', true]
        return { kind: 'returned', to: '1.1.0' }
      }),
    settle: () =>
      this.#step(() => {
        this.isSettled = true
      }),
  }

  keeper(): TrialKeeper {
    const { disk, installer, installed: running } = this
    return new TrialKeeper({ path: '/trial.json', disk: disk as Disk, installer, running })
  }
}

const well: Signs = { isReaderUp: true, isLinkUp: true, isProbeAnswered: true, sinceMs: 0 }
const minute = 60_000
const deaf: Signs = { ...well, isProbeAnswered: false, sinceMs: 5 * minute }
const about = { number: 7, to: '1.2.0' }
const download = { manifests: [], path: '/fetched.deb' }

/** One life of a process, until it ends by itself, is cut, or has told how it ended. */
async function live(machine: Machine, signs: Signs, told: Ending[]): Promise<void> {
  try {
    const keeper = machine.keeper()
    if ((await keeper.start()) === 'end') return
    if ((await keeper.judge(signs, 5 * minute)) === 'end') return
    const ending = keeper.ending()
    if (!ending) return
    told.push(ending)
    await keeper.noted()
  } catch (thrown) {
    if (!(thrown instanceof PowerCut)) throw thrown
    machine.stepsLeft = Infinity
  }
}

async function through(stepsLeft: number, signs: Signs, apply?: Applied) {
  const machine = new Machine()
  if (apply) machine.apply = apply
  machine.stepsLeft = stepsLeft
  const told: Ending[] = []
  try {
    await machine.keeper().begin(about, download)
  } catch (thrown) {
    if (!(thrown instanceof PowerCut)) throw thrown
    machine.stepsLeft = Infinity
  }
  for (let lives = 0; lives < 10 && !machine.isClean; lives++) await live(machine, signs, told)
  return { machine, told }
}

const cuts = Array.from({ length: 16 }, (_, at) => at)

describe('a trial', () => {
  it('ends well, or with nothing of it begun, wherever it is cut', async () => {
    for (const at of cuts) {
      const { machine, told } = await through(at, well)
      expect([at, machine.isClean, machine.isSettled]).toEqual([at, true, true])
      const [first] = told
      const isNew = machine.installed === '1.2.0'
      if (isNew) expect(first).toEqual({ number: 7, outcome: 'healthy' })
      else if (first) expect(first).toMatchObject({ outcome: 'failed', flaw: 'cut-off' })
      expect(new Set(told.map((one) => one.outcome)).size).toBeLessThan(2)
    }
  })
  it('leads back where the new release is not well, wherever it is cut', async () => {
    for (const at of cuts) {
      const { machine, told } = await through(at, deaf)
      expect([at, machine.installed, machine.isClean]).toEqual([at, '1.1.0', true])
      const [first] = told
      const isBegun = first?.outcome === 'returned'
      if (isBegun) expect(first).toEqual({ number: 7, outcome: 'returned', flaw: 'no-answer' })
      else if (first) expect(first).toMatchObject({ outcome: 'failed', flaw: 'cut-off' })
    }
  })
  it('is told as failed where nothing was changed', async () => {
    const refused = { kind: 'refused', why: 'download-changed' } as const
    const { machine, told } = await through(Infinity, well, refused)
    expect(machine.installed).toBe('1.1.0')
    expect(told).toEqual([{ number: 7, outcome: 'failed', flaw: 'installer' }])
  })
  it.each(['busy', 'in-use'] as const)('is no failure, but later: %s', async (why) => {
    const machine = new Machine()
    machine.apply = { kind: 'refused', why }
    expect(await machine.keeper().begin(about, download)).toEqual({ then: 'go-on', why })
    expect([machine.installed, machine.isClean]).toEqual(['1.1.0', true])
  })
  it('goes back at the third fall that is seen, and asks no reader where there was none', async () => {
    const machine = new Machine()
    const keeper = machine.keeper()
    await keeper.begin({ ...about, hadReader: false }, download)
    await machine.keeper().start()
    const falls = ['go-on', 'go-on', 'end'] as const
    for (const then of falls) expect(await machine.keeper().fell()).toBe(then)
    expect([machine.installed, await machine.keeper().fell()]).toEqual(['1.1.0', 'go-on'])
    const other = new Machine()
    await other.keeper().begin({ ...about, hadReader: false }, download)
    await other.keeper().start()
    await other.keeper().judge({ ...well, isReaderUp: false }, 5 * minute)
    expect(other.keeper().ending()).toEqual({ number: 7, outcome: 'healthy' })
  })
  it('is told again until a broker has noted it', async () => {
    const machine = new Machine()
    await machine.keeper().begin(about, download)
    await machine.keeper().start()
    await machine.keeper().judge(well, 5 * minute)
    for (const _ of [1, 2]) {
      expect(await machine.keeper().start()).toBe('go-on')
      expect(machine.keeper().ending()).toEqual({ number: 7, outcome: 'healthy' })
    }
    await machine.keeper().noted()
    expect(machine.keeper().ending()).toBeUndefined()
  })
  it('of a release that falls each time it starts leads back at the third', async () => {
    const machine = new Machine()
    await machine.keeper().begin(about, download)
    const starts = ['go-on', 'go-on', 'go-on', 'end'] as const
    for (const then of starts) expect(await machine.keeper().start()).toBe(then)
    expect(machine.installed).toBe('1.1.0')
    await machine.keeper().start()
    expect(machine.keeper().ending()).toMatchObject({ outcome: 'returned', flaw: 'crashed' })
  })
  it('stops where its file cannot be read', async () => {
    const machine = new Machine()
    await machine.disk.replace('/trial.json', Buffer.from('{"step":"done"}'))
    await expect(machine.keeper().start()).rejects.toThrow('internal')
  })
})
