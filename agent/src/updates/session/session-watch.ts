// The session's half of updates, beside the loop: looks for a release, lays an order down while
// nobody is there, tells how an update ended, and makes room for what was installed. It reads the
// workstation's state and never changes it; what goes wrong here is a line in the log.

import { randomUUID } from 'node:crypto'
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
import type { UpdateOrder, UpdateSigns } from '../hand-over/hand-over-words.ts'
import type { WaitWord } from '../hand-over/session-waits.ts'
import type { Ending } from '../trial-keeper.ts'
import { waitsHere } from '../waits-here.ts'
import { goMs, isTaken, nextSteps } from './next-steps.ts'
import type { Go, Over, SessionSight, Steps } from './next-steps.ts'
import { OwedWords } from './owed-words.ts'
import type { OwedWord } from './owed-words.ts'
import { ProbeAsker } from './probe-asker.ts'
import { SaidWaits } from './said-waits.ts'
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

type Settle = () => Promise<void>
type Order = Omit<UpdateOrder, 'version' | 'atMs' | 'hadReader'>

export class SessionWatch {
  readonly #needs: SessionWatchNeeds
  readonly #probe: ProbeAsker
  readonly #words: OwedWords
  readonly #startedMs: number
  #go: (Go & { readonly order: Order }) | undefined
  /** True at first: one of a run before may lie there. */
  #isLaid = true
  readonly #said: SaidWaits
  #waits: LocalWait | undefined
  /** What the last look has found, where it is not somebody. */
  #word: WaitWord = 'next-look'
  #lookAtMs: number
  #isLooking = false
  /** What was refused before anything changed: no trial tells of it. */
  #refused: Ending | undefined
  #isLeaving: 'no' | 'yes' | 'gave-up' = 'no'
  #turning: Promise<void> | undefined
  #isAgain = false
  #isStopped = false
  #forget: () => void = () => undefined

  constructor(needs: SessionWatchNeeds) {
    this.#needs = needs
    const { probe, clock, broker, random, log } = needs
    const onFault = (thrown: unknown): void => {
      this.#complain(thrown)
    }
    this.#said = new SaidWaits(needs.places, clock)
    this.#words = new OwedWords({ broker, clock, random, log, onFault })
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
    const gone = [this.#takeAway(), this.#said.takeAway()]
    for (const one of await Promise.allSettled(gone)) {
      if (one.status === 'rejected') this.#complain(one.reason)
    }
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
    if (steps.over) await this.#end(steps.over, sight)
    if (steps.mayLieThere && this.#go) await this.#lay(this.#go.order)
    else await this.#takeAway()
    if (steps.forgetsNoted) await rm(this.#needs.places.noted, { force: true })
    if (steps.isSigning) await this.#sign(sight)
    if (steps.asked === 'begun') await this.#forgetAsked(sight)()
    const owed = this.#owedIn(steps, sight)
    if (owed && !this.#isStopped) void this.#words.tellIfDue(...owed)
    if (steps.leave !== 'no') await this.#leave(steps.leave, sight.told?.installed ?? '')
    if (steps.mayLook && !owed) this.#lookIfDue(sight)
    await this.#said.say(this.#wordNow(steps, sight))
    return this.#go || steps.isSigning || owed ? busyEveryMs : idleEveryMs
  }

  #wordNow({ mayLook, leave }: Steps, { waits }: SessionSight): WaitWord | undefined {
    if (this.#go || !mayLook || leave !== 'no') return undefined
    return waits ?? this.#word
  }

  /** The state last: it is what it is when there is nothing more to wait for. */
  async #see(): Promise<SessionSight> {
    const { places, clock, book, here, state } = this.#needs
    const isGone = !this.#isLaid
    const noted = await readSaid(places.noted, updateNoted)
    const said = await readSaid(places.told, updateTold)
    // While it verifies and installs it says nothing more.
    const withinMs = this.#go && isTaken(this.#go, { told: said }) ? goMs : toldWithinMs
    const told = said && isFresh(said, clock.wallMs(), withinMs) ? said : undefined
    const nowMs = clock.monoMs()
    const sinceStartMs = nowMs - this.#startedMs
    const { running } = here
    const { left, asked } = book
    return {
      ...{ running, sinceStartMs, nowMs, told, noted, left },
      ...{ go: this.#go, asked, isWithdrawn: isGone && !this.#isLooking },
      waits: waitsHere(state()),
    }
  }

  async #end(over: Over, sight: SessionSight): Promise<void> {
    const { log, random, everyMs } = this.#needs
    const { number } = this.#go ?? { number: 0 }
    this.#go = undefined
    if (over.kind === 'begun') return
    const reason = over.kind === 'came' ? over.waits : over.kind
    log.info('update.order-over', over.kind === 'refused' ? { reason, code: over.why } : { reason })
    const isSoonOver = over.kind === 'came' || (over.kind === 'refused' && over.why === 'busy')
    this.#lookAtMs = sight.nowMs + spreadMs(isSoonOver ? soonMs : everyMs, random())
    this.#waits = over.kind === 'came' ? over.waits : 'no-installer'
    if (over.kind !== 'refused') return
    if (over.why === 'no-room') this.#waits = 'no-room'
    this.#word = wordOf(this.#waits)
    if (over.flaw === undefined) return
    this.#refused = { number, outcome: 'failed', flaw: over.flaw }
    // It did not begin, and never will: that is how it ended.
    await this.#forgetAsked(sight)()
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

  /** What is owed to a broker, and how it is over once one has noted it. */
  #owedIn({ owed, asked }: Steps, sight: SessionSight): readonly [OwedWord, Settle] | undefined {
    const { here, book, places } = this.#needs
    const running = sight.told?.installed ?? here.running
    const about = { target: here.target, running, seen: book.trust.seen?.number ?? 0 }
    const ended = owed ?? this.#refused
    if (ended) {
      const { number, outcome } = ended
      const note = (): Promise<void> => laySaid(places.noted, { version: 1, number, outcome })
      return [{ kind: 'ended', ...about, ...ended }, owed ? note : () => this.#forgetRefused()]
    }
    if (asked !== 'not-begun' || !sight.asked) return undefined
    const waits = this.#waits && { waits: this.#waits }
    return [{ kind: 'not-begun', ...about, ...sight.asked, ...waits }, this.#forgetAsked(sight)]
  }

  #forgetRefused(): Promise<void> {
    this.#refused = undefined
    return Promise.resolve()
  }

  /** That one, and none that was asked since. */
  #forgetAsked({ asked }: SessionSight): Settle {
    const { book } = this.#needs
    return async () => {
      if (book.asked === asked) await book.keepAsked(undefined)
    }
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
      this.#word = looked.word ?? wordOf(looked.waits)
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
      newKey: randomUUID,
      keepAsked: (asked) => book.keepAsked(asked),
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

/** Whoever was there may be gone: that is looked at each time. */
const wordOf = (waits: LocalWait | undefined): WaitWord =>
  waits === 'downloading' || waits === 'no-installer' || waits === 'no-room' ? waits : 'next-look'
