// The part of updates that has the rights, as it goes on: takes up what was cut off, carries out an
// order that still stands, and judges what is on trial by the signs that are laid down. It believes
// no word of the session's but that nobody is there, and that a broker has noted something.

import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
import type { Disk } from '../../platform/disk.ts'
import type { Log } from '../../platform/log.ts'
import { laySaid, readSaid } from '../hand-over/hand-over-places.ts'
import type { HandOverPlaces } from '../hand-over/hand-over-places.ts'
import {
  isFresh,
  orderWithinMs,
  signsWithinMs,
  updateNoted,
  updateOrder,
  updateSigns,
  updateTold,
} from '../hand-over/hand-over-words.ts'
import type { UpdateOrder, UpdateSigns, UpdateTold } from '../hand-over/hand-over-words.ts'
import type { Prepared } from '../install/installer.ts'
import type { PrivilegedInstaller } from '../install/privileged-installer.ts'
import type { SystemPackages } from '../install/system-packages.ts'
import { returnsMax } from '../trial.ts'
import { TrialKeeper } from '../trial-keeper.ts'

export interface UpdateKeeperNeeds {
  readonly places: HandOverPlaces
  readonly packages: Pick<SystemPackages, 'installed'>
  readonly installer: Pick<
    PrivilegedInstaller,
    'prepare' | 'apply' | 'putBack' | 'settle' | 'name' | 'keep'
  >
  readonly disk: Disk
  readonly clock: Pick<Clock, 'monoMs' | 'wallMs'>
  readonly log: Log
  /** So long a release may take to show itself well. */
  readonly withinMs: number
  /** Where the seat's part of the folder follows who sits there. */
  readonly makeSeat?: (() => Promise<void>) | undefined
  /** So often it says that it is there, where nothing else is to be said. */
  readonly aliveEveryMs?: number | undefined
}

/** `again`: another release is installed now, and this process has to make room for it. */
export type Looked = 'go-on' | 'again'

const usualAliveEveryMs = 10_000
const prepareEveryMs = 10 * 60_000
/** After an order that came to nothing, and before the next try at a way back. */
const breathMs = 60_000

const lastFile = updateTold.shape.last.unwrap()
type Last = z.infer<typeof lastFile>
type Refused = NonNullable<UpdateTold['refused']>

export class UpdateKeeper {
  readonly #needs: UpdateKeeperNeeds
  /** What is installed, which in the middle of a trial is another one than this process is of. */
  #installed: string | undefined
  #atStart: string | undefined
  #ready: Prepared = { kind: 'refused', why: 'not-kept' }
  #preparedMs = -Infinity
  #trialSinceMs = 0
  #run: string | undefined
  #refused: Refused | undefined
  #restUntilMs = -Infinity
  #isSeatMissing = false
  #told = ''
  #toldMs = -Infinity

  constructor(needs: UpdateKeeperNeeds) {
    this.#needs = needs
  }

  /** Once, before any look. */
  async start(): Promise<void> {
    await this.#resume()
    this.#atStart = this.#installed
    const { installer, log } = this.#needs
    const kept = await installer.keep()
    if (kept !== 'kept') log.warn('update.not-kept', { reason: kept })
    await this.#tell()
  }

  /** A folder that cannot be made keeps no release from being judged. */
  async #makeSeat(): Promise<void> {
    try {
      await this.#needs.makeSeat?.()
      this.#isSeatMissing = false
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown)) throw thrown
      if (!this.#isSeatMissing) {
        this.#needs.log.error('update.no-seat', { code: String(thrown.code) })
      }
      this.#isSeatMissing = true
    }
  }

  async look(): Promise<Looked> {
    await this.#makeSeat()
    await this.#hearNoted()
    const step = this.#keeper().now()?.step
    if (step === 'on-trial') await this.#judge()
    else if (step === 'returning') await this.#returnAgain()
    else if (step === undefined) await this.#takeOrder()
    await this.#tell()
    const isOther = this.#installed !== undefined && this.#installed !== this.#atStart
    return isOther && !this.isUnderWay() ? 'again' : 'go-on'
  }

  /** Something is being installed, or waits for its judgement. */
  isUnderWay(): boolean {
    return !['ended', undefined].includes(this.#keeper().now()?.step)
  }

  /** What was cut off, or what follows from a step that was taken: to where it rests. */
  async #resume(): Promise<void> {
    const { packages, installer } = this.#needs
    this.#installed = await packages.installed()
    // By half: nobody can have called that well. Where it was not ours there is no way back.
    if (this.#installed === undefined && (await installer.putBack()).kind === 'returned') {
      this.#installed = await packages.installed()
    }
    for (let turn = 0; turn < returnsMax; turn++) {
      const then = await this.#keeper().start()
      this.#installed = await packages.installed()
      if (then === 'go-on') break
    }
    this.#preparedMs = -Infinity
    this.#trialSinceMs = this.#needs.clock.monoMs()
    this.#run = undefined
    await this.#noteEnd()
  }

  /** The release that is there stands for who runs: this process may be of the one before. */
  #keeper(): TrialKeeper {
    const { places, disk, installer } = this.#needs
    const path = join(places.own, 'trial.json')
    return new TrialKeeper({ path, disk, installer, running: this.#installed ?? '0.0.0' })
  }

  async #judge(): Promise<void> {
    const { clock, withinMs, log } = this.#needs
    const signs = await this.#signs()
    const isNew = signs?.release === this.#installed
    // The release before is still up, with somebody before it: the new one had no time yet.
    if (signs && !isNew) this.#trialSinceMs = clock.monoMs()
    if (signs && isNew && signs.run !== this.#run) {
      const isFirst = this.#run === undefined
      this.#run = signs.run
      if (!isFirst && (await this.#keeper().fell()) === 'end') return this.#resume()
    }
    const shown = signs && isNew ? signs : undefined
    const { isReaderUp = false, isLinkUp = false, isProbeAnswered = false } = shown ?? {}
    const sinceMs = clock.monoMs() - this.#trialSinceMs
    const all = { isReaderUp, isLinkUp, isProbeAnswered, sinceMs }
    const then = await this.#keeper().judge(all, withinMs)
    const step = this.#keeper().now()?.step
    if (step === 'returning') log.warn('update.not-well', {})
    if (then === 'end') await this.#resume()
    else if (step === 'returning') this.#restUntilMs = clock.monoMs() + breathMs
    else if (step === 'ended') await this.#noteEnd()
  }

  async #signs(): Promise<UpdateSigns | undefined> {
    const { places, clock } = this.#needs
    const signs = await readSaid(places.signs, updateSigns)
    return signs && isFresh(signs, clock.wallMs(), signsWithinMs) ? signs : undefined
  }

  /** A way back that did not work the first time. */
  async #returnAgain(): Promise<void> {
    const { clock } = this.#needs
    if (clock.monoMs() < this.#restUntilMs) return
    this.#restUntilMs = clock.monoMs() + breathMs
    await this.#resume()
  }

  async #takeOrder(): Promise<void> {
    const { places, clock, installer, log } = this.#needs
    if (clock.monoMs() < this.#restUntilMs) return
    const order = await readOrder(places, clock)
    if (!order || this.#isOver(order)) return
    const path = join(places.packages, order.package)
    const download = { manifests: order.manifests, path }
    const named = await installer.name(download)
    if (named.kind === 'refused') return this.#refuse(order, named.why)
    const { number, to } = named
    log.info('update.begins', { version: to })
    await this.#tell({ step: 'installing', number, from: this.#installed ?? '0.0.0', to })
    const about = { number, to, hadReader: order.hadReader }
    const { then, why } = await this.#keeper().begin(about, download)
    if (why !== undefined) await this.#refuse(order, why)
    if (then === 'end') await this.#resume()
    else await this.#noteEnd()
  }

  /** What it ordered has ended since: whoever laid it down was not quick to take it away. */
  #isOver({ number, atMs }: UpdateOrder): boolean {
    const last = this.#last()
    return last?.number === number && atMs <= last.atMs
  }

  /** Nothing was changed. Not at once again: a whole package was read for it. */
  async #refuse({ number }: UpdateOrder, why: string): Promise<void> {
    const { clock, log } = this.#needs
    log.warn('update.refused', { code: why })
    this.#refused = { number, why, atMs: Math.round(clock.wallMs()) }
    this.#restUntilMs = clock.monoMs() + breathMs
    this.#installed = await this.#needs.packages.installed()
  }

  /** For whoever asks how the last one ended, long after a broker noted it. */
  async #noteEnd(): Promise<void> {
    const now = this.#keeper().now()
    if (now?.step !== 'ended') return
    const { number, from, to, outcome, flaw } = now
    const before = this.#last()
    if (before?.number === number && before.outcome === outcome) return
    this.#needs.log.info('update.ended', { version: to, kind: outcome, reason: flaw ?? '' })
    const atMs = Math.round(this.#needs.clock.wallMs())
    const last: Last = { number, from, to, outcome, ...(flaw === undefined ? {} : { flaw }), atMs }
    await this.#needs.disk.replace(this.#lastPath(), Buffer.from(JSON.stringify(last)))
  }

  async #hearNoted(): Promise<void> {
    const ending = this.#keeper().ending()
    if (!ending) return
    const noted = await readSaid(this.#needs.places.noted, updateNoted)
    if (noted?.number !== ending.number || noted.outcome !== ending.outcome) return
    await this.#keeper().noted()
  }

  #last(): Last | undefined {
    const bytes = this.#needs.disk.read(this.#lastPath())
    if (!bytes) return undefined
    // Only shown: what cannot be read is as if there were none.
    return z.preprocess(jsonOf, lastFile).safeParse(bytes.toString('utf8')).data
  }

  #lastPath(): string {
    return join(this.#needs.places.own, 'last.json')
  }

  async #tell(under?: UpdateTold['trial']): Promise<void> {
    const { clock, installer, places, aliveEveryMs = usualAliveEveryMs } = this.#needs
    const nowMs = clock.monoMs()
    if (nowMs - this.#preparedMs >= prepareEveryMs) {
      this.#ready = await installer.prepare()
      this.#preparedMs = nowMs
    }
    const trial = under ?? this.#keeper().now()
    const last = this.#last()
    const told = {
      version: 1,
      ...(this.#installed === undefined ? {} : { installed: this.#installed }),
      ready: this.#ready.kind === 'ready' ? 'ready' : this.#ready.why,
      ...(trial ? { trial } : {}),
      ...(this.#refused ? { refused: this.#refused } : {}),
      ...(last ? { last } : {}),
    } satisfies Omit<UpdateTold, 'atMs'>
    const text = JSON.stringify(told)
    if (text === this.#told && nowMs - this.#toldMs < aliveEveryMs) return
    await laySaid(places.told, { ...told, atMs: Math.round(clock.wallMs()) }, true)
    this.#told = text
    this.#toldMs = nowMs
  }
}

/** One that still stands: nobody has come since it was laid down. */
export async function readOrder(
  places: HandOverPlaces,
  clock: Pick<Clock, 'wallMs'>,
): Promise<UpdateOrder | undefined> {
  const order = await readSaid(places.order, updateOrder)
  return order && isFresh(order, clock.wallMs(), orderWithinMs) ? order : undefined
}

function jsonOf(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
