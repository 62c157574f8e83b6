// What decides alone with everything real but its clock, its line and its screen: files in a folder
// of the test's own, a thread for PINs, and a hand on the time.

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageId, sessionId, tapId } from '@wardkey/protocol/ids'
import type { SessionId, TapId } from '@wardkey/protocol/ids'
import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import { agentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type {
  BrokerFrame,
  BrokerFrameOf,
  ZoneRules,
} from '@wardkey/protocol/workstation/broker-frames'
import { brokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { OfflineBundle } from '@wardkey/protocol/workstation/offline-bundle'
import { offlineEntry } from '@wardkey/protocol/workstation/offline-entries'
import type { OfflineEntry } from '@wardkey/protocol/workstation/offline-entries'
import { HandClock } from '../../../test/kit/hand-clock.ts'
import { BundleSigner, offlineBundleOf } from '../../../test/kit/offline-bundles.ts'
import { initialState } from '../machine/initial.ts'
import type { Offline, State } from '../machine/state.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log, LogFields } from '../platform/log.ts'
import { openKeyFile } from '../platform/sealed-storage.ts'
import type { AlonePort } from './alone-port.ts'
import { openAlone } from './open-alone.ts'

export const hourMs = 3_600_000
export const rosa = '04a1b2c3d4e501'
export const ben = '04a1b2c3d4e502'
export const rightPin = '27051846'
export const wrongPin = '31415926'

type Bare<F> = F extends unknown ? Omit<F, 'id'> : never

const waitMaxMs = 10_000

export class AloneBed {
  readonly clock = new HandClock()
  readonly signer = new BundleSigner()
  readonly folder = mkdtempSync(join(tmpdir(), 'wardkey-alone-'))
  workstationId: string = randomUUID()
  readonly frames: BrokerFrame[] = []
  readonly sent: AgentFrame[] = []
  readonly confirmed: (readonly [SessionId, boolean])[] = []
  readonly logged: (LogFields & { event: string })[] = []
  offline: Offline | undefined
  isLine = false
  upMs = 10 * hourMs
  rules: ZoneRules = {
    ...initialState('4455').rules,
    zoneId: offlineBundleOf(this.workstationId, 0).zoneId,
    offlineMaxMs: 6 * hourMs,
    emergency: { reasons: [{ code: 'care', label: 'Care cannot wait', asksNote: false }] },
  }
  /** From then on none of its timers runs: what is dead writes nothing over what came after. */
  #kill: () => void = () => undefined
  alone: AlonePort = this.#open()
  readonly #killed: AlonePort[] = []

  #open(): AlonePort {
    const note = (event: string, fields: LogFields): void => {
      this.logged.push({ event, ...fields })
    }
    const log: Log = { info: note, warn: note, error: note }
    let isAlive = true
    this.#kill = () => (isAlive = false)
    const clock: Clock = {
      monoMs: () => this.clock.monoMs(),
      wallMs: () => this.clock.wallMs(),
      after: (delayMs, run) =>
        this.clock.after(delayMs, () => {
          if (isAlive) run()
        }),
    }
    const make = openAlone({
      dataDir: this.folder,
      sealed: openKeyFile(this.folder, 'offline.key'),
      workstationId: () => this.workstationId,
      upMs: this.upMs,
      newId: randomUUID,
      clock,
      log,
    })
    return make({
      // What the link would refuse must not pass here either.
      onFrame: (frame) => this.frames.push(brokerFrame.parse(frame)),
      onOffline: (offline) => (this.offline = offline),
      onConfirmed: (id, isKept) => this.confirmed.push([id, isKept]),
      send: (frame) => {
        if (this.isLine) this.sent.push(agentFrame.parse(frame))
        return this.isLine
      },
    })
  }

  hear(frame: Bare<BrokerFrame>, ageMs?: number): void {
    this.alone.hear({ ...frame, id: messageId.parse(randomUUID()) }, ageMs)
  }

  welcome(change: Partial<BrokerFrameOf<'welcome'>> = {}, ageMs?: number): void {
    this.isLine = true
    this.alone.linkChanged('up')
    const welcome: Bare<BrokerFrame> = {
      kind: 'welcome',
      replyTo: messageId.parse(randomUUID()),
      version: 1,
      workstationId: offlineBundleOf(this.workstationId, 0).workstationId,
      place: '4 West, station 2',
      rules: this.rules,
      serverTimeMs: this.clock.wallMs(),
      brokers: [],
      bundleKey: this.signer.bundleKey,
      ...change,
    }
    this.hear(welcome, ageMs)
  }

  bundle(change: Partial<OfflineBundle> = {}): OfflineBundle {
    return offlineBundleOf(this.workstationId, this.clock.wallMs(), change)
  }

  give(bundle: OfflineBundle, signer = this.signer): void {
    for (const frame of signer.frames(bundle)) this.hear(frame)
  }

  cut(): void {
    this.isLine = false
    this.alone.linkChanged('down')
  }

  /** Welcomed, with a bundle, and then without a broker. */
  async cutOff(change: Partial<OfflineBundle> = {}): Promise<this> {
    this.alone.start()
    this.welcome()
    this.give(this.bundle(change))
    await this.settled()
    this.cut()
    return this
  }

  /** Ended in order, and started anew on what it left. */
  async restart(rightAfterStart: () => void = () => undefined): Promise<void> {
    await this.alone.close()
    this.offline = undefined
    this.alone = this.#open()
    this.alone.start()
    rightAfterStart()
    this.alone.linkChanged('down')
  }

  /** As a kill leaves it, with its last writes done, and what is done to its files meanwhile. */
  async killed(meanwhile: () => void = () => undefined): Promise<void> {
    await this.settled()
    this.#killed.push(this.alone)
    this.#kill()
    meanwhile()
    this.logged.length = 0
    this.alone = this.#open()
    this.alone.start()
    this.alone.linkChanged('down')
  }

  async close(): Promise<void> {
    for (const one of [...this.#killed, this.alone]) await one.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  async tap(uid: string, tap = newTap()): Promise<BrokerFrame> {
    const card = { technology: 'simulated', canonical: uid } as const
    return this.answered(() => {
      this.alone.ask({ kind: 'tap', tapId: tap, card, atMs: this.clock.wallMs() })
    })
  }

  async pin(tap: TapId, pin: string): Promise<BrokerFrame> {
    return this.answered(() => {
      this.alone.ask({ kind: 'pin', tapId: tap, pin })
    })
  }

  /** Badge, and PIN where it is asked for. */
  async signIn(uid: string, pin = rightPin): Promise<BrokerFrame> {
    const tap = newTap()
    const first = await this.tap(uid, tap)
    return first.kind === 'ask-pin' ? this.pin(tap, pin) : first
  }

  async answered(act: () => void): Promise<BrokerFrame> {
    const before = this.frames.length
    act()
    await this.until(() => this.frames.length > before)
    const [answer] = this.frames.slice(before)
    if (!answer) throw new Error('no answer')
    return answer
  }

  async until(holds: () => boolean): Promise<void> {
    const endMs = performance.now() + waitMaxMs
    while (!holds()) {
      if (performance.now() > endMs) throw new Error(`never; ${JSON.stringify(this.logged)}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** Real files take real time. */
  settled(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 60))
  }

  /** Its lines, as it tells them to a broker. */
  async told(): Promise<readonly OfflineEntry[]> {
    await this.settled()
    this.welcome()
    await this.until(() => this.sent.some(({ kind }) => kind === 'offline-facts'))
    const facts = this.sent.findLast((frame) => frame.kind === 'offline-facts')
    if (facts?.kind !== 'offline-facts') return []
    return facts.lines.map((line) => offlineEntry.parse(JSON.parse(line)))
  }

  /** As the machine would be with these behind its lock screen. */
  covers(...seats: readonly { id: SessionId; uid?: string; isEmergency?: boolean }[]): void {
    const state = initialState('4455')
    for (const { id, uid, isEmergency } of seats) {
      const seated = {
        sessionId: id,
        name: 'x',
        role: 'x',
        isAlone: false,
        ...(uid === undefined
          ? {}
          : { card: { technology: 'simulated' as const, canonical: uid } }),
        ...(isEmergency === true ? { emergency: { reason: 'x', untilMs: 1e12 } } : {}),
      }
      const phase: State['phase'] = {
        kind: 'opening',
        seated,
        tapId: newTap(),
        stage: '',
        untilMs: 1e12,
      }
      const covered = seats.map(({ id: sessionId }) => ({ sessionId, untilMs: 1e12 }))
      this.alone.follow({ ...state, phase, covered })
      this.alone.follow({ ...state, covered })
    }
  }
}

export const newTap = (): TapId => tapId.parse(randomUUID())
export const newSession = (): SessionId => sessionId.parse(randomUUID())
