// The trial of a release as it goes on: each step durable before it is taken, at a start and while
// the release shows whether it is well. What a step is follows from trial.ts alone.

import type { UpdateRequest } from '@wardkey/protocol/workstation/updates/update-exchange'
import type { Disk } from '../platform/disk.ts'
import { Fault } from '../platform/fault.ts'
import type { Download, Installer, NotBegun } from './install/installer.ts'
import { judgeTrial, onFall, onStart, trial } from './trial.ts'
import type { Next, Signs, Trial } from './trial.ts'

export interface TrialNeeds {
  readonly path: string
  readonly disk: Disk
  readonly installer: Installer
  /** The release that this process is of. */
  readonly running: string
}

/** `end`: another release is there now, and this process has to make room for it. */
export type Then = 'go-on' | 'end'
/** `why`: nothing was changed. */
export interface Begun {
  readonly then: Then
  readonly why?: NotBegun
}
type Ended = Extract<UpdateRequest, { kind: 'ended' }>
export type Ending = Pick<Ended, 'number' | 'outcome' | 'flaw'>

export class TrialKeeper {
  readonly #needs: TrialNeeds

  constructor(needs: TrialNeeds) {
    this.#needs = needs
  }

  /** Before anything else of the agent is begun. */
  async start(): Promise<Then> {
    const before = this.#read()
    if (!before) return 'go-on'
    return this.#take(onStart(before, this.#needs.running))
  }

  async begin(about: Omit<Trial, 'step' | 'from'>, download: Download): Promise<Begun> {
    const whole = { ...about, from: this.#needs.running }
    await this.#write({ step: 'installing', ...whole })
    const applied = await this.#needs.installer.apply(download)
    if (applied.kind === 'refused' && isLater(applied.why)) {
      await this.#needs.disk.remove(this.#needs.path)
      return { then: 'go-on', why: applied.why }
    }
    if (applied.kind !== 'refused' && applied.kind !== 'put-back') return { then: 'end' }
    // Nothing was changed, or all of it was undone.
    await this.#write({ step: 'ended', ...whole, outcome: 'failed', flaw: 'installer' })
    return { then: 'go-on', why: applied.kind === 'refused' ? applied.why : 'install-failed' }
  }

  /** Looked at again and again while the release is on trial. */
  async judge(signs: Signs, withinMs: number): Promise<Then> {
    const before = this.#read()
    if (before?.step !== 'on-trial') return 'go-on'
    const next = judgeTrial(before, signs, withinMs)
    return next ? this.#take(next) : 'go-on'
  }

  /** It was started again. */
  async fell(): Promise<Then> {
    const before = this.#read()
    return before?.step === 'on-trial' ? this.#take(onFall(before)) : 'go-on'
  }

  /** As it is written down. */
  now(): Trial | undefined {
    return this.#read()
  }

  /** What no broker has noted yet. */
  ending(): Ending | undefined {
    const now = this.#read()
    if (now?.step !== 'ended') return undefined
    const { number, outcome, flaw } = now
    return { number, outcome, ...(flaw === undefined ? {} : { flaw }) }
  }

  /** A broker has it in its record. */
  async noted(): Promise<void> {
    if (this.#read()?.step === 'ended') await this.#needs.disk.remove(this.#needs.path)
  }

  async #take({ write, then }: Next): Promise<Then> {
    await this.#write(write)
    const { installer, running } = this.#needs
    // Well, or left as it is: either way the next release has to find no trial under way. Again at
    // each start until a broker noted it, since this may be cut off too.
    if (write.step === 'ended' && write.to === running) await installer.settle()
    if (then === 'go-on') return 'go-on'
    const { kind } = await installer.putBack()
    return kind === 'returned' || kind === 'after-restart' ? 'end' : 'go-on'
  }

  #write(now: Trial): Promise<void> {
    return this.#needs.disk.replace(this.#needs.path, Buffer.from(JSON.stringify(now)))
  }

  #read(): Trial | undefined {
    const bytes = this.#needs.disk.read(this.#needs.path)
    if (!bytes) return undefined
    try {
      return trial.parse(JSON.parse(bytes.toString('utf8')))
    } catch (cause) {
      throw new Fault('internal', 'permanent', { cause })
    }
  }
}

/** Nothing is wrong with the release: another installation is under way, or somebody came. */
const isLater = (why: NotBegun): boolean => why === 'busy' || why === 'in-use'
