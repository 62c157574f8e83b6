// Carries out launches with one browser: the lock screen's window, and a web session for each
// session that is open or covered. It shows nothing by itself.

import { z } from 'zod'
import type { LaunchStage, LaunchStep, OpenWeb } from '@wardkey/protocol/launch-steps'
import { Fault } from '../platform/fault.ts'
import type { Log } from '../platform/log.ts'
import type { Banner } from '../machine/screen-view.ts'
import type { BannerWords } from './banner-script.ts'
import { startBrowser } from './browser-process.ts'
import type { BrowserSettings, RunningBrowser } from './browser-process.ts'
import type { DevToolsSession } from './devtools.ts'
import type { LaunchPort } from './launch-port.ts'
import { Programs } from './programs.ts'
import type { ProgramSettings } from './programs.ts'
import type { BarWords } from './sign-in/sign-in-bar.ts'
import { SignInPage } from './sign-in/sign-in-page.ts'
import { WebSession } from './web-session.ts'
import { findWindow, showWindow } from './window-control.ts'
import { WindowGate } from './sign-in/window-gate.ts'

export interface LauncherNeeds {
  readonly browser: () => BrowserSettings
  readonly programs: Readonly<Record<string, ProgramSettings>>
  readonly log: Log
  /** In the language of the lock screen. */
  readonly bannerWords: (banner: Banner) => BannerWords
  /** The same, below a page to sign in on. */
  readonly barWords: (hasEmergency: boolean) => BarWords
  /** What is on top now: for demonstrations and tests, which have no display to look at. */
  readonly onFront?: (front: DevToolsSession) => void
}

interface OpenPage {
  readonly id: string
  /** Absent while it is being opened. */
  made?: SignInPage
}

export class Launcher implements LaunchPort {
  readonly #needs: LauncherNeeds
  readonly #programs: Programs
  readonly #sessions = new Map<string, WebSession>()
  /** Whose launch a session's windows are: ended and launched anew, the earlier one has none. */
  readonly #turns = new Map<string, symbol>()
  readonly #lostListeners: (() => void)[] = []
  readonly #usedListeners: ((sessionId: string) => void)[] = []
  readonly #pageListeners: Parameters<LaunchPort['onPage']>[0][] = []
  /** Before the lock screen, where there is one. */
  #page: OpenPage | undefined
  #browser: RunningBrowser | undefined
  /** While it has not answered yet. */
  #starting: Promise<RunningBrowser> | undefined
  #gate: WindowGate | undefined
  #screen: { targetId: string; session: DevToolsSession } | undefined

  constructor(needs: LauncherNeeds) {
    this.#needs = needs
    this.#programs = new Programs(needs.programs)
  }

  onLost(listener: () => void): void {
    this.#lostListeners.push(listener)
  }

  onUsed(listener: (sessionId: string) => void): void {
    this.#usedListeners.push(listener)
  }

  onPage(listener: Parameters<LaunchPort['onPage']>[0]): void {
    this.#pageListeners.push(listener)
  }

  async start(screenUrl: string): Promise<void> {
    const begun: { browser?: RunningBrowser } = {}
    const starting = startBrowser(this.#needs.browser(), () => {
      // One that ends before its first answer was never there: that is told by what is thrown.
      if (begun.browser && this.#browser === begun.browser) this.#lose()
    })
    this.#starting = starting
    const browser = await starting
    // Closed before it had begun: whoever closed it ends it.
    if (this.#starting !== starting) throw new Fault('browser-died', 'transient')
    this.#starting = undefined
    begun.browser = browser
    this.#browser = browser
    const { devTools } = browser
    this.#gate = new WindowGate(devTools)
    await devTools.send('Target.setDiscoverTargets', { discover: true })
    // In a fresh window of the default context; the address with its secret goes over the pipe.
    const made = await devTools.send('Target.createTarget', { url: screenUrl, newWindow: true })
    const targetId = z.string().parse(made['targetId'])
    const attached = await devTools.send('Target.attachToTarget', { targetId, flatten: true })
    const session = devTools.session(z.string().parse(attached['sessionId']))
    this.#screen = { targetId, session }
    devTools.on('Target.targetDestroyed', (event) => {
      // A lock screen that is closed cannot cover anything: better no browser than an open chart.
      if (event['targetId'] === targetId) void this.#fail('lock-screen-closed')
    })
    devTools.on('Target.targetCrashed', (event) => {
      if (event['targetId'] === targetId) void this.#fail('lock-screen-crashed')
    })
    await showWindow(devTools, await findWindow(devTools, targetId))
    this.#needs.onFront?.(session)
  }

  async launch(
    sessionId: string,
    steps: readonly LaunchStep[],
    onStage: (stage: LaunchStage) => void,
  ): Promise<void> {
    const browser = this.#running()
    const turn = Symbol()
    this.#turns.set(sessionId, turn)
    const isOver = (): boolean => this.#turns.get(sessionId) !== turn
    const web = await WebSession.create(browser.devTools, () => {
      for (const listener of this.#usedListeners) listener(sessionId)
    })
    if (isOver()) {
      await this.#dispose(web)
      throw new Fault('launch-failed', 'permanent')
    }
    this.#sessions.set(sessionId, web)
    onStage('context-created')
    try {
      for (const step of steps) {
        if (isOver()) throw new Fault('launch-failed', 'permanent')
        if (step.kind === 'start-program') this.#programs.start(sessionId, step)
        else await web.open(step, onStage)
      }
      // Ended or replaced while it loaded: it must not come up now.
      if (isOver()) throw new Fault('launch-failed', 'permanent')
      await this.#show(web)
      onStage('first-paint')
    } catch (thrown) {
      // Where it was ended meanwhile, what is there now is the next one's.
      if (!isOver()) await this.end(sessionId)
      throw thrown
    }
  }

  async cover(sessionId: string): Promise<void> {
    const { devTools } = this.#running()
    const screen = this.#screen
    if (!screen) throw new Fault('browser-died', 'transient')
    // First the lock screen comes in front, then what is behind it goes away.
    this.#needs.onFront?.(screen.session)
    // A chart that loses the keyboard could open a window over the lock screen in this moment.
    const web = this.#sessions.get(sessionId)
    web?.beforeCover()
    try {
      await devTools.send('Target.activateTarget', { targetId: screen.targetId }, coverMaxMs)
    } catch (thrown) {
      await this.#fail('cover-failed')
      throw thrown
    }
    // Told before anything that follows, and done before it: nobody waits for the answer.
    web?.hide().catch(() => this.#fail('cover-failed'))
  }

  async reveal(sessionId: string): Promise<void> {
    const web = this.#sessions.get(sessionId)
    if (!web) throw new Fault('launch-failed', 'permanent')
    await this.#show(web)
  }

  async banner(sessionId: string, banner: Banner): Promise<void> {
    await this.#sessions.get(sessionId)?.banner(this.#needs.bannerWords(banner))
  }

  async openPage(id: string, page: OpenWeb, hasEmergency: boolean): Promise<void> {
    const { devTools } = this.#running()
    const gate = this.#gate
    if (!gate) throw new Fault('browser-died', 'transient')
    const opened: OpenPage = { id }
    this.#page = opened
    const tell = (what: 'ended' | 'emergency') => () => {
      if (this.#page !== opened) return
      for (const listener of this.#pageListeners) listener(id, what)
    }
    const onStuck = () => this.#fail('dispose-failed')
    const ears = { onEnded: tell('ended'), onEmergency: tell('emergency'), onStuck }
    const words = this.#needs.barWords(hasEmergency)
    const made = await SignInPage.open(devTools, gate, page, words, ears)
    if (this.#page !== opened) {
      // Closed while it loaded: it must not come up now.
      await this.#dispose(made)
      throw new Fault('launch-failed', 'permanent')
    }
    opened.made = made
    await made.show()
    if (this.#page !== opened) throw new Fault('launch-failed', 'permanent')
    this.#needs.onFront?.(made.session)
  }

  async closePage(id: string): Promise<void> {
    const page = this.#page
    if (page?.id !== id) return
    this.#page = undefined
    const { devTools } = this.#running()
    const screen = this.#screen
    if (!screen) throw new Fault('browser-died', 'transient')
    this.#needs.onFront?.(screen.session)
    try {
      await devTools.send('Target.activateTarget', { targetId: screen.targetId }, coverMaxMs)
    } catch (thrown) {
      await this.#fail('cover-failed')
      throw thrown
    }
    if (page.made) await this.#dispose(page.made)
  }

  async end(sessionId: string): Promise<void> {
    this.#programs.end(sessionId)
    const web = this.#sessions.get(sessionId)
    this.#turns.delete(sessionId)
    this.#sessions.delete(sessionId)
    if (web) await this.#dispose(web)
  }

  async #dispose(web: Pick<WebSession, 'dispose'>): Promise<void> {
    try {
      await web.dispose()
    } catch (thrown) {
      // What cannot be disposed of must not stay: the whole browser goes instead.
      await this.#fail('dispose-failed')
      throw thrown
    }
  }

  async close(): Promise<void> {
    for (const sessionId of this.#sessions.keys()) this.#programs.end(sessionId)
    const browser = this.#browser
    const starting = this.#starting
    this.#browser = undefined
    this.#starting = undefined
    await browser?.end()
    // One that does not begin is told to whoever started it.
    const late = await starting?.catch(() => undefined)
    await late?.end()
  }

  async #show(web: WebSession): Promise<void> {
    await web.show()
    if (web.front) this.#needs.onFront?.(web.front.session)
  }

  #running(): RunningBrowser {
    if (!this.#browser) throw new Fault('browser-died', 'transient')
    return this.#browser
  }

  async #fail(reason: string): Promise<void> {
    const browser = this.#browser
    // Closed on purpose, or lost already: its lock screen goes with it, and that is no trouble.
    if (!browser) return
    this.#needs.log.error('launch.browser-ended', { reason })
    this.#lose()
    await browser.end()
  }

  #lose(): void {
    if (!this.#browser) return
    this.#browser = undefined
    this.#screen = undefined
    this.#page = undefined
    for (const sessionId of this.#sessions.keys()) this.#programs.end(sessionId)
    this.#sessions.clear()
    this.#turns.clear()
    for (const listener of this.#lostListeners) listener()
  }
}

/** A cover that does not come at once is a failure: the browser is ended instead. */
const coverMaxMs = 1500
