// The session's half of updates, beside the loop: looks for a release, lays an order down while
// nobody is there, tells how an update ended, and makes room for what was installed. It reads the
// workstation's state and never changes it; what goes wrong here is a line in the log.

import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import type { UpdateFile } from '@wardkey/protocol/workstation/updates/manifest'
import type { UpdateTarget } from '@wardkey/protocol/workstation/updates/release'
import type { State } from '../../machine/state.ts'
import type { Clock } from '../../platform/clock.ts'
import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import type { BrokerPort } from '../fetch/broker-port.ts'
import type { Fetched } from '../fetch/fetch-package.ts'
import { lookForUpdate, soonMs, spreadMs } from '../fetch/look-for-update.ts'
import type { LocalWait, Looked, Readiness } from '../fetch/look-for-update.ts'
import { laySaid, readSaid } from '../hand-over/hand-over-places.ts'
import type { HandOverPlaces } from '../hand-over/hand-over-places.ts'
import { isFresh, toldWithinMs, updateNoted, updateTold } from '../hand-over/hand-over-words.ts'
import type { UpdateOrder, UpdateSigns, UpdateTold } from '../hand-over/hand-over-words.ts'
import type { Ending } from '../trial-keeper.ts'
import { waitsHere } from '../waits-here.ts'
import { goMs, isTaken, nextSteps } from './next-steps.ts'
import type { Go, Over, SessionSight, Steps } from './next-steps.ts'
import { ProbeAsker } from './probe-asker.ts'
import type { SessionBook } from './session-book.ts'

export interface SessionWatchNeeds {
  readonly places: HandOverPlaces
  readonly book: SessionBook
  readonly broker: BrokerPort
  readonly fetch: (file: UpdateFile) => Promise<Fetched>
  readonly here: { readonly target: UpdateTarget; readonly running: string }
  /** Another one at each start. */
  readonly run: string
  readonly state: () => State
  /** Whether a broker would answer a tap. Absent where that cannot be asked: the sign says no. */
  readonly probe?: ((withinMs: number) => Promise<boolean>) | undefined
  readonly everyMs: number
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  /** Another release is installed, and nobody is there: to be begun by whoever begins it. */
  readonly onReplaced: () => void
}

const idleEveryMs = 5000
/** An order is good for six seconds, and a sign for twenty. */
const busyEveryMs = 2000
const afterFaultMs = 30_000
const firstWithinMs = 60_000
const tellAgainMs = { first: 60_000, most: 30 * 60_000 }

type Order = Omit<UpdateOrder, 'version' | 'atMs' | 'hadReader'>

export class SessionWatch {
  readonly #needs: SessionWatchNeeds
  readonly #probe: ProbeAsker
  readonly #startedMs: number
  #go: (Go & { readonly order: Order }) | undefined
  /** True at first: one of a run before may lie there. */
  #isLaid = true
  #waits: LocalWait | undefined
  #lookAtMs: number
  #isLooking = false
  /** What was refused before anything changed: no trial tells of it. */
  #refused: Ending | undefined
  #tellAtMs = -Infinity
  #tellAgainMs = tellAgainMs.first
  #isTelling = false
  #isLeaving: 'no' | 'yes' | 'gave-up' = 'no'
  #turning: Promise<void> | undefined
  #isAgain = false
  #isStopped = false
  #forget: () => void = () => undefined

  constructor(needs: SessionWatchNeeds) {
    this.#needs = needs
    const { probe, clock } = needs
    this.#probe = new ProbeAsker({ probe, clock })
    this.#startedMs = clock.monoMs()
    // All that a ward switches on in one minute do not ask in one second.
    this.#lookAtMs = this.#startedMs + needs.random() * firstWithinMs
  }

  start(): void {
    this.#turnIn(0)
  }

  /** The workstation is another than it was. Returns at once: nobody's tap waits for it. */
  changed(): void {
    if (this.#go) this.#turnNow()
  }

  /** Resolves when no order of this one lies there. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#forget()
    await this.#turning
    this.#go = undefined
    await this.#takeAway().catch((thrown: unknown) => {
      this.#complain(thrown)
    })
  }

  #turnNow(): void {
    if (this.#turning) this.#isAgain = true
    else this.#turnIn(0)
  }

  #turnIn(ms: number): void {
    if (this.#isStopped) return
    this.#forget()
    this.#forget = this.#needs.clock.after(ms, () => {
      this.#isAgain = false
      this.#turning ??= this.#turn()
    })
  }

  /** Never rejects. Waits for no broker: an order that is over would lie there so long. */
  async #turn(): Promise<void> {
    let nextMs = afterFaultMs
    try {
      nextMs = await this.#act()
    } catch (thrown) {
      this.#complain(thrown)
    }
    this.#turning = undefined
    this.#turnIn(this.#isAgain ? 0 : nextMs)
  }

  async #act(): Promise<number> {
    const sight = await this.#see()
    const steps = nextSteps(sight)
    if (steps.over) this.#end(steps.over, sight)
    if (steps.mayLieThere && this.#go) await this.#lay(this.#go.order)
    else await this.#takeAway()
    if (steps.forgetsNoted) await rm(this.#needs.places.noted, { force: true })
    if (steps.isSigning) await this.#sign(sight)
    const owed = steps.owed ?? this.#refused
    if (owed) void this.#tell(owed, steps.owed !== undefined, sight.told)
    if (steps.leave !== 'no') await this.#leave(steps.leave, sight.told?.installed ?? '')
    if (steps.mayLook && !owed) this.#lookIfDue(sight)
    return this.#go || steps.isSigning || owed ? busyEveryMs : idleEveryMs
  }

  /** The state last: it is what it is when there is nothing more to wait for. */
  async #see(): Promise<SessionSight> {
    const { places, clock, book, here, state } = this.#needs
    const noted = await readSaid(places.noted, updateNoted)
    const said = await readSaid(places.told, updateTold)
    // While it verifies and installs it says nothing more.
    const withinMs = this.#go && isTaken(this.#go, { told: said }) ? goMs : toldWithinMs
    const told = said && isFresh(said, clock.wallMs(), withinMs) ? said : undefined
    const nowMs = clock.monoMs()
    const sinceStartMs = nowMs - this.#startedMs
    const { running } = here
    const { left } = book
    return {
      ...{ running, sinceStartMs, nowMs, told, noted, left },
      go: this.#go,
      waits: waitsHere(state()),
    }
  }

  #end(over: Over, { nowMs }: SessionSight): void {
    const { log, random, everyMs } = this.#needs
    const { number } = this.#go ?? { number: 0 }
    this.#go = undefined
    if (over.kind === 'begun') return
    const reason = over.kind === 'came' ? over.waits : over.kind
    log.info('update.order-over', over.kind === 'refused' ? { reason, code: over.why } : { reason })
    const isSoonOver = over.kind === 'came' || (over.kind === 'refused' && over.why === 'busy')
    this.#lookAtMs = nowMs + spreadMs(isSoonOver ? soonMs : everyMs, random())
    this.#waits = over.kind === 'came' ? over.waits : 'no-installer'
    if (over.kind !== 'refused') return
    if (over.why === 'no-room') this.#waits = 'no-room'
    if (over.flaw !== undefined) this.#refused = { number, outcome: 'failed', flaw: over.flaw }
  }

  async #lay(order: Order): Promise<void> {
    const { places, clock, state } = this.#needs
    const atMs = Math.round(clock.wallMs())
    const hadReader = state().surroundings.reader === 'ready'
    this.#isLaid = true
    await laySaid(places.order, { version: 1, atMs, ...order, hadReader } satisfies UpdateOrder)
  }

  async #takeAway(): Promise<void> {
    if (!this.#isLaid) return
    await rm(this.#needs.places.order, { force: true })
    this.#isLaid = false
  }

  async #sign({ running, nowMs }: SessionSight): Promise<void> {
    const { places, clock, run, state } = this.#needs
    const { reader, link } = state().surroundings
    const isLinkUp = link === 'up'
    if (isLinkUp) this.#probe.askIfDue(nowMs)
    const shown = { isReaderUp: reader === 'ready', isLinkUp, isProbeAnswered: this.#probe.is }
    const about = { version: 1, atMs: Math.round(clock.wallMs()), release: running, run } as const
    await laySaid(places.signs, { ...about, ...shown } satisfies UpdateSigns)
  }

  /** Until it is answered; told again it is the same word. Never rejects. */
  async #tell(owed: Ending, isOfTrial: boolean, told: UpdateTold | undefined): Promise<void> {
    const { broker, here, book, clock, random, places, log } = this.#needs
    if (this.#isTelling || this.#isStopped || clock.monoMs() < this.#tellAtMs) return
    this.#isTelling = true
    try {
      const running = told?.installed ?? here.running
      const about = { target: here.target, running, seen: book.trust.seen?.number ?? 0 }
      const answer = await broker.ask({ kind: 'ended', ...about, ...owed })
      if (answer?.kind === 'noted') {
        const { number, outcome } = owed
        if (isOfTrial) await laySaid(places.noted, { version: 1, number, outcome })
        else this.#refused = undefined
        this.#tellAgainMs = tellAgainMs.first
        log.info('update.told', { kind: outcome })
      } else this.#tellLater(random())
    } catch (thrown) {
      this.#complain(thrown)
      this.#tellLater(random())
    } finally {
      this.#isTelling = false
    }
  }

  #tellLater(random: number): void {
    const { clock, log } = this.#needs
    log.warn('update.not-told', {})
    this.#tellAtMs = clock.monoMs() + spreadMs(this.#tellAgainMs, random)
    this.#tellAgainMs = Math.min(this.#tellAgainMs * 2, tellAgainMs.most)
  }

  async #leave(how: Exclude<Steps['leave'], 'no'>, release: string): Promise<void> {
    const { book, log, onReplaced } = this.#needs
    if (this.#isLeaving === 'yes') return
    if (how === 'gave-up') {
      if (this.#isLeaving !== 'gave-up') log.error('update.not-begun', { version: release })
      this.#isLeaving = 'gave-up'
      return
    }
    await book.keepLeaving(release)
    // Somebody may have come while it was written down.
    if (nextSteps(await this.#see()).leave === 'no' || this.#isStopped) return
    this.#isLeaving = 'yes'
    log.info('update.makes-room', { version: release })
    onReplaced()
  }

  #lookIfDue({ nowMs }: SessionSight): void {
    if (this.#isLooking || nowMs < this.#lookAtMs || this.#isLeaving === 'yes') return
    this.#isLooking = true
    void this.#look().finally(() => {
      this.#isLooking = false
    })
  }

  async #look(): Promise<void> {
    const { clock, random, everyMs } = this.#needs
    let againMs = everyMs
    try {
      const looked = await this.#lookOnce()
      this.#waits = looked.waits
      ;({ againMs } = looked)
    } catch (thrown) {
      this.#complain(thrown)
    }
    this.#lookAtMs = clock.monoMs() + spreadMs(againMs, random())
  }

  /** Asked once the package is here, which may be a quarter of an hour later. */
  async #readiness(): Promise<Readiness> {
    const { told } = await this.#see()
    if (told?.ready === 'ready' && !told.trial) return { kind: 'ready' }
    return { kind: 'refused', why: told?.trial ? 'on-trial' : (told?.ready ?? 'silent') }
  }

  #lookOnce(): Promise<Looked> {
    const { broker, book, here, state, fetch, clock, everyMs, log } = this.#needs
    return lookForUpdate(this.#waits, {
      ...{ broker, here, fetch, everyMs, log },
      installer: { prepare: () => this.#readiness() },
      trust: () => book.trust,
      keepTrust: (trust) => book.keepTrust(trust),
      waitsHere: () => waitsHere(state()),
      begin: ({ manifest }, { manifests, path }) => {
        const { number, release } = manifest
        const order = { number, manifests: [...manifests], package: basename(path) }
        const atWallMs = Math.round(clock.wallMs())
        this.#go = { number, atMs: clock.monoMs(), atWallMs, order }
        log.info('update.ordered', { version: release })
        this.#turnNow()
        return Promise.resolve()
      },
      nowMs: () => clock.wallMs(),
    })
  }

  /** A code or a name only: a message may quote anything. */
  #complain(thrown: unknown): void {
    const isCoded = thrown instanceof Error && 'code' in thrown
    const reason = thrown instanceof Fault || isCoded ? String(thrown.code) : 'unknown'
    this.#needs.log.error('updates.failed', { reason })
  }
}
