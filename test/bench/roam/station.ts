// One workstation of the benchmark: the product's agent from its own parts, put together as its
// main does, with a real browser, and a hand in place of a reader. What happens is noted, no more.

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FakeDesktop } from '@wardkey/agent/desktop/fake/fake-desktop'
import { unsafeNoSandbox } from '@wardkey/agent/launch/browser-process'
import type { DevToolsSession } from '@wardkey/agent/launch/devtools'
import { Launcher } from '@wardkey/agent/launch/launcher'
import type { Identity } from '@wardkey/agent/link/identity'
import { Link } from '@wardkey/agent/link/link'
import { openAlone } from '@wardkey/agent/offline/open-alone'
import { findBootId, systemUpMs } from '@wardkey/agent/platform/boot-id'
import { systemClock } from '@wardkey/agent/platform/clock'
import type { Log } from '@wardkey/agent/platform/log'
import { openKeyFile } from '@wardkey/agent/platform/sealed-storage'
import { SimulatedHand, simulatedSource } from '@wardkey/agent/readers/simulated/simulated-source'
import { Agent } from '@wardkey/agent/runtime/agent'
import { openJournal } from '@wardkey/agent/runtime/journal'
import { openStatusFile } from '@wardkey/agent/runtime/status-file'
import { bannerWords } from '@wardkey/agent/screen/page/catalogue/banner-words'
import { chooseCatalogue } from '@wardkey/agent/screen/page/catalogue/choose-catalogue'
import { openScreen } from '@wardkey/agent/screen/screen-server'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { Moments } from './moments.ts'
import type { MomentKind } from './moments.ts'
import { sharedMs } from './shared-clock.ts'
import { noLaunch, timedLaunch } from './timed-launch.ts'
import type { Badge } from './ward-broker.ts'

export interface StationNeeds {
  readonly identity: Identity
  /** Where its wire to the broker begins. */
  readonly port: number
  /** Without one it is a workstation whose screen nobody measures. */
  readonly browserPath?: string
}

export interface Tap {
  readonly atMs: number
  readonly answeredMs: number
  readonly shownMs: number
  readonly movedFrom?: string
  /** The badge was not enough: most of it was typing. */
  readonly isPinAsked: boolean
}

export interface Left {
  readonly heardMs: number | undefined
  readonly coveredMs: number | undefined
  readonly goneMs: number | undefined
  readonly isLocked: boolean
}

const host = '127.0.0.1'
const readyMaxMs = 40_000
/** No tap that is measured takes so long; one that does has failed. */
const tapMaxMs = 10_000
/** A new pad listens a moment after it can be seen. */
const padMs = 400
/** The same card comes to the same reader sooner than by any hand. */
const debounceMs = 200
const screenFolder = fileURLToPath(new URL('../../../agent/dist/screen', import.meta.url))

export class Station {
  readonly #moments = new Moments()
  readonly #folder = mkdtempSync(join(tmpdir(), 'wardkey-bench-station-'))
  readonly #hand = new SimulatedHand()
  readonly #needs: StationNeeds
  readonly #agent: Agent
  #front: DevToolsSession | undefined

  private constructor(needs: StationNeeds, screen: Screen) {
    this.#needs = needs
    this.#agent = this.#makeAgent(screen)
  }

  /** Connected, with its lock screen up, and able to go on alone. */
  static async open(needs: StationNeeds): Promise<Station> {
    const screen = await openScreen({ folder: screenFolder, port: 0, language: '', log: quietLog })
    const station = new Station(needs, screen)
    station.#agent.start()
    await station.#until('ready', ({ surroundings: { browser, reader, link }, offline }) => {
      return browser === 'ready' && reader === 'ready' && link === 'up' && offline !== undefined
    })
    return station
  }

  /** Until the chart is there; with the PIN where it is asked for. Throws where nothing opens. */
  async tap({ uid, pin }: Badge): Promise<Tap> {
    const atMs = sharedMs()
    this.#hand.do({ kind: 'tap', uid })
    const first = await this.#moments.first(['admitted', 'pin-asked', 'refused'], atMs, tapMaxMs)
    const isPinAsked = first?.kind === 'pin-asked'
    if (isPinAsked && !this.#front) throw new Error('nowhere to type a PIN')
    if (isPinAsked) await this.#type(`${pin}\r`)
    const answer = await this.#moments.first(['admitted', 'refused'], atMs, tapMaxMs)
    const shown = await this.#moments.first(['shown'], atMs, tapMaxMs)
    if (answer?.kind !== 'admitted' || !shown) throw new Error('a tap opened nothing')
    const { movedFrom } = answer
    const moved = movedFrom === undefined ? {} : { movedFrom }
    return { atMs, answeredMs: answer.atMs, shownMs: shown.atMs, isPinAsked, ...moved }
  }

  /** How the screen that was left since then was locked. */
  async left(sinceMs: number): Promise<Left> {
    const at = async (kind: MomentKind): Promise<number | undefined> =>
      (await this.#moments.first([kind], sinceMs, tapMaxMs))?.atMs
    const goneMs = await at('gone')
    const isLocked = this.#agent.state.phase.kind === 'locked'
    return { heardMs: await at('lock-heard'), coveredMs: await at('covered'), goneMs, isLocked }
  }

  cutOff(): Promise<void> {
    return this.#until('cut off', ({ surroundings }) => surroundings.link === 'down')
  }

  /** Resolves when a broker has confirmed what was opened without it. */
  joined(): Promise<void> {
    return this.#until('back', ({ surroundings, phase }) => {
      const isTheBrokers = !('seated' in phase) || !phase.seated.isAlone
      return surroundings.link === 'up' && isTheBrokers
    })
  }

  async close(): Promise<void> {
    await this.#agent.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #makeAgent(screen: Screen): Agent {
    const { identity, port, browserPath } = this.#needs
    const moments = this.#moments
    const dataDir = join(this.#folder, 'data')
    const runtimeDir = join(this.#folder, 'run')
    const catalogue = chooseCatalogue('en')
    const parts = { clock: systemClock, log: quietLog, newId: randomUUID, agentVersion: 'bench' }
    const launcher = new Launcher({
      browser: () => ({
        path: browserPath ?? '',
        runtimeDir,
        isHeadless: true,
        sandbox: unsafeNoSandbox,
      }),
      programs: {},
      log: quietLog,
      bannerWords: (banner) => bannerWords(catalogue, banner, systemClock.wallMs()),
      barWords: () => ({ text: '', back: '' }),
      onFront: (front) => (this.#front = front),
    })
    const alone = openAlone({
      ...{ ...parts, dataDir, sealed: openKeyFile(dataDir, 'offline.key'), upMs: systemUpMs() },
      workstationId: () => identity.workstationId,
    })
    const address = { host, port, serverName: host }
    return new Agent({
      ...{ ...parts, debounceMs, desktop: new FakeDesktop(systemClock), serviceDesk: '' },
      screen: browserPath === undefined ? unseen(screen) : screen,
      sources: [simulatedSource({ clock: systemClock, commands: this.#hand })],
      makeLink: (ears) =>
        new Link({
          ...{ ...ears, ...parts, addresses: [address], identity: () => identity },
          ...{ bootId: findBootId(systemClock.wallMs()), platform: 'linux', random: Math.random },
          onFrame: noting(moments, ears.onFrame),
        }),
      makeAlone: (ears) => alone({ ...ears, onFrame: noting(moments, ears.onFrame) }),
      launch: timedLaunch(browserPath === undefined ? noLaunch : launcher, moments),
      journal: openJournal(dataDir),
      statusFile: openStatusFile(runtimeDir),
      onBug: (thrown) => {
        throw thrown
      },
    })
  }

  async #type(keys: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, padMs))
    for (const key of keys) {
      const pressed = key === '\r' ? { key: 'Enter', text: '\r' } : { key, text: key }
      await this.#front?.send('Input.dispatchKeyEvent', { type: 'keyDown', ...pressed })
      await this.#front?.send('Input.dispatchKeyEvent', { type: 'keyUp', key: pressed.key })
    }
  }

  async #until(what: string, holds: (state: Agent['state']) => boolean): Promise<void> {
    const untilMs = sharedMs() + readyMaxMs
    while (!holds(this.#agent.state)) {
      if (sharedMs() > untilMs) throw new Error(`a workstation was never ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

type Screen = Awaited<ReturnType<typeof openScreen>>

/** Whoever has no browser has no window that could say that it is there. */
function unseen(screen: Screen): Screen {
  return {
    ...screen,
    onWindow: (listener) => {
      listener(true)
    },
  }
}

/** As the machine gets it: a moment before it decides what follows. */
function noting(
  moments: Moments,
  onFrame: (frame: BrokerFrame) => void,
): (frame: BrokerFrame) => void {
  return (frame) => {
    if (frame.kind === 'admitted') {
      const { sessionId, movedFrom } = frame
      moments.note('admitted', { sessionId, ...(movedFrom === undefined ? {} : { movedFrom }) })
    }
    if (frame.kind === 'ask-pin') moments.note('pin-asked')
    if (frame.kind === 'refused') moments.note('refused')
    if (frame.kind === 'lock') moments.note('lock-heard', { sessionId: frame.sessionId })
    onFrame(frame)
  }
}

const quietLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (event, fields) => {
    process.stderr.write(`${event} ${JSON.stringify(fields)}\n`)
  },
}
