// The service of Windows that begins the part that installs, from a copy of the program, and begins
// it again. The part outlives it: Windows Installer ends this one to replace it, and what comes of
// that the release before has to judge. It installs nothing itself.

import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import type { HostWord } from './host-word.ts'
import type { TakeLock } from './lone-lock.ts'

export interface HostNeeds {
  readonly run: string
  readonly word: Pick<HostWord, 'keep' | 'isUnderWay'>
  readonly takeLock: TakeLock
  /** Settings as they are by now. */
  readonly isUpdated: () => Promise<boolean>
  /** Of the program that is installed by now; its file. */
  readonly copy: () => Promise<string>
  /** Resolves with its exit code when it has ended; `undefined` where it did not begin. */
  readonly begin: (file: string, run: string) => Promise<number | undefined>
  readonly clock: { after(ms: number, act: () => void): () => void; monoMs(): number }
  readonly log: Log
}

/** Another release is installed now: begun again at once, from a copy of that one. */
const again = 75
const restMs = { again: 0, held: 2000, failed: 15_000, nothing: 60_000 } as const
type Rest = keyof typeof restMs

/** Windows gives a service half a minute to end. */
const endWithinMs = 15_000
const endLookMs = 200

export class UpdatesHost {
  readonly #needs: HostNeeds
  #isStopped = false
  #wake: () => void = () => undefined
  #going: Promise<void> | undefined
  #isBegun = false
  #complaint = ''

  constructor(needs: HostNeeds) {
    this.#needs = needs
  }

  start(): void {
    this.#going = this.#go()
  }

  /** Resolves when the part has ended, or has to go on without us. */
  async stop(): Promise<void> {
    const { word, clock } = this.#needs
    this.#isStopped = true
    this.#wake()
    await word.keep(undefined).catch((thrown: unknown) => {
      this.#complain(thrown)
    })
    const untilMs = clock.monoMs() + endWithinMs
    while (this.#isBegun && !word.isUnderWay() && clock.monoMs() < untilMs) {
      await this.#rest(endLookMs)
    }
    if (!this.#isBegun) await this.#going
  }

  async #go(): Promise<void> {
    while (!this.#isStopped) {
      const rest = await this.#once().catch((thrown: unknown): Rest => {
        this.#complain(thrown)
        return 'failed'
      })
      if (restMs[rest] > 0) await this.#rest(restMs[rest])
    }
  }

  async #once(): Promise<Rest> {
    const { word, run, takeLock, isUpdated, copy, begin } = this.#needs
    if (!(await isUpdated())) return 'nothing'
    // One of a host before ends by this once nothing is under way; it holds the lock until then.
    await word.keep(run)
    const lock = await takeLock()
    if (lock === 'held') return 'held'
    let file: string
    try {
      file = await copy()
    } finally {
      await lock.close()
    }
    if (this.#isStopped) return 'again'
    this.#isBegun = true
    const code = await begin(file, run).finally(() => {
      this.#isBegun = false
    })
    this.#complaint = ''
    if (code === again) return 'again'
    return code === 0 ? 'held' : 'failed'
  }

  /** None any more once it is told to stop, but for the looks of that itself. */
  #rest(ms: number): Promise<void> {
    if (this.#isStopped && ms !== endLookMs) return Promise.resolve()
    return new Promise((resolve) => {
      const forget = this.#needs.clock.after(ms, resolve)
      this.#wake = () => {
        forget()
        resolve()
      }
    })
  }

  /** Once for as long as it is the same; a code only, since a message may quote anything. */
  #complain(thrown: unknown): void {
    const isCoded = thrown instanceof Error && 'code' in thrown
    const code = thrown instanceof Fault || isCoded ? String(thrown.code) : 'internal'
    if (code !== this.#complaint) this.#needs.log.error('updates.failed', { code })
    this.#complaint = code
  }
}
