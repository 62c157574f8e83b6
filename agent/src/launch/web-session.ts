// One session's windows: a browser context of its own, off the record, that sees nobody else's
// cookies and leaves nothing behind. Opened covered, shown when it can be used.

import { z } from 'zod'
import type { LaunchStage, OpenWeb } from '@wardkey/protocol/launch-steps'
import { Fault } from '../platform/fault.ts'
import { ActivityWatch } from './activity-watch.ts'
import { bannerScript, bannerWorld } from './banner-script.ts'
import type { BannerWords } from './banner-script.ts'
import type { DevTools, DevToolsSession, Params } from './devtools.ts'
import { loadStep, painted } from './load-step.ts'
import { findWindow, hideWindow, showWindow } from './window-control.ts'
import type { WindowGate } from './sign-in/window-gate.ts'

const frameTree = z.object({ frameTree: z.object({ frame: z.object({ id: z.string() }) }) })

const text = (params: Params, key: string): string => z.string().parse(params[key])

interface Page {
  readonly targetId: string
  readonly windowId: number
  readonly session: DevToolsSession
  /** Opened by a page: it has the size it was given, and is not the session's whole screen. */
  readonly isPopup: boolean
  /** What says the lasting banner anew in each document; the browser's name for it. */
  lastingId?: string
  /** What is being said in it: one after the other, or older words could come last. */
  saying: Promise<unknown>
}

export class WebSession {
  readonly #devTools: DevTools
  readonly #contextId: string
  readonly #gate: WindowGate | undefined
  readonly #activity: ActivityWatch
  /** The windows of this session, the one that was opened last on top. Written here only. */
  #pages: Page[] = []
  #isCovered = true
  /** Words that every window of the session bears, also one that opens later. */
  #lasting: BannerWords | undefined
  #origins: readonly string[] = []
  /** A window of our own that is being made, which is nobody's popup. */
  #making: Promise<unknown> = Promise.resolve()
  #stopWatching: () => void = () => undefined

  private constructor(
    devTools: DevTools,
    contextId: string,
    onHands: () => void,
    gate: WindowGate | undefined,
  ) {
    this.#gate = gate
    this.#devTools = devTools
    this.#contextId = contextId
    this.#activity = new ActivityWatch(devTools, () => {
      if (!this.#isCovered) onHands()
    })
  }

  /**
   * `onHands`: hands on one of its windows, while they are shown. `gate`: where its pages may open
   * no window at all.
   */
  static async create(
    devTools: DevTools,
    onHands: () => void,
    gate?: WindowGate,
  ): Promise<WebSession> {
    const made = await devTools.send('Target.createBrowserContext', { disposeOnDetach: true })
    const session = new WebSession(devTools, text(made, 'browserContextId'), onHands, gate)
    await devTools.send('Browser.setDownloadBehavior', {
      behavior: 'deny',
      browserContextId: session.#contextId,
    })
    session.#watchPopups()
    return session
  }

  /** The window that a person sees first when the session is shown. */
  get front(): Page | undefined {
    return this.#pages.at(-1)
  }

  /** Opens one step's page behind the cover and waits until it can be used. */
  async open(step: OpenWeb, onStage: (stage: LaunchStage) => void): Promise<void> {
    const page = await this.#newPage()
    // Before there is a page that could open one.
    const isAllowed = (url: string): boolean => isWithin(url, step.allowedOrigins)
    await this.#gate?.close(this.#contextId, { targetId: page.targetId, isAllowed })
    this.#origins = [...this.#origins, ...step.allowedOrigins]
    await this.#confine(page, step.allowedOrigins)
    await loadStep(page.session, step, onStage)
  }

  /** Shows every window of the session; resolves when the first has painted. */
  async show(): Promise<void> {
    this.#isCovered = false
    const { front } = this
    if (!front) throw new Fault('launch-failed', 'permanent')
    for (const { windowId, isPopup } of this.#pages) {
      await showWindow(this.#devTools, windowId, isPopup ? 'as-it-was' : 'whole')
    }
    await this.#devTools.send('Target.activateTarget', { targetId: front.targetId })
    await painted(front.session)
  }

  /** Over every window; lasting words again in each document that follows, and in new windows. */
  async banner(words: BannerWords): Promise<void> {
    if (words.forMs === undefined) this.#lasting = words
    if (words.endsLasting === true) this.#lasting = undefined
    // A window that is closing or busy keeps no other from its words.
    await Promise.all(this.#pages.map((page) => sayInTurn(page, words)))
  }

  /** From now on no window that a page opens comes up, though nothing is hidden yet. */
  beforeCover(): void {
    this.#isCovered = true
  }

  async hide(): Promise<void> {
    this.beforeCover()
    await Promise.all(this.#pages.map(({ windowId }) => hideWindow(this.#devTools, windowId)))
  }

  /** Closes the windows and forgets cookies, storage and cache. */
  async dispose(): Promise<void> {
    this.#stopWatching()
    this.#pages = []
    await this.#devTools.send('Target.disposeBrowserContext', {
      browserContextId: this.#contextId,
    })
    await this.#gate?.open(this.#contextId)
  }

  #newPage(): Promise<Page> {
    const making = this.#make()
    this.#making = making.catch(() => undefined)
    return making
  }

  async #make(): Promise<Page> {
    const made = await this.#devTools.send('Target.createTarget', {
      url: 'about:blank',
      browserContextId: this.#contextId,
      newWindow: true,
    })
    const targetId = text(made, 'targetId')
    const windowId = await findWindow(this.#devTools, targetId)
    await hideWindow(this.#devTools, windowId)
    return this.#attach({ targetId, windowId, isPopup: false })
  }

  async #attach(opened: Omit<Page, 'session' | 'saying'>): Promise<Page> {
    const { targetId } = opened
    const attached = await this.#devTools.send('Target.attachToTarget', { targetId, flatten: true })
    const session = this.#devTools.session(text(attached, 'sessionId'))
    const page: Page = { ...opened, session, saying: Promise.resolve() }
    this.#pages.push(page)
    session.on('Page.javascriptDialogOpening', () => {
      // A question nobody can see would block the page, and a logout with it.
      void session
        .send('Page.handleJavaScriptDialog', { accept: !this.#isCovered })
        .catch(() => undefined)
    })
    await session.send('Page.enable')
    await this.#activity.add(session)
    return page
  }

  /** A window that a page opened: bound, covered and marked as those that we opened are. */
  async #adopt(targetId: string): Promise<void> {
    const windowId = await findWindow(this.#devTools, targetId)
    if (this.#isCovered) await hideWindow(this.#devTools, windowId)
    await this.#making
    if (this.#pages.some((page) => page.targetId === targetId)) return
    const page = await this.#attach({ targetId, windowId, isPopup: true })
    await this.#confine(page, this.#origins)
    // It may have been covered while we were attaching to it.
    if (this.#isCovered) await hideWindow(this.#devTools, windowId)
    if (this.#lasting) await sayInTurn(page, this.#lasting)
  }

  /** What could not be bound and covered does not stay. One that has gone again needs nothing. */
  #drop(targetId: string): Promise<unknown> {
    return this.#devTools.send('Target.closeTarget', { targetId }).catch(() => undefined)
  }

  /** Top-level navigation stays on the origins of the step; anything else is stopped unloaded. */
  async #confine(page: Page, origins: readonly string[]): Promise<void> {
    page.session.on('Fetch.requestPaused', (event) => {
      const requestId = text(event, 'requestId')
      const url = z.object({ request: z.object({ url: z.string() }) }).safeParse(event)
      const isAllowed = url.success && isWithin(url.data.request.url, origins)
      const answer = isAllowed
        ? page.session.send('Fetch.continueRequest', { requestId })
        : page.session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
      void answer.catch(() => undefined)
    })
    await page.session.send('Fetch.enable', {
      patterns: [{ urlPattern: '*', resourceType: 'Document', requestStage: 'Request' }],
    })
  }

  /** A window that a page opens belongs to the session, and is covered where the session is. */
  #watchPopups(): void {
    const created = z.object({
      targetInfo: z.object({
        targetId: z.string(),
        type: z.string(),
        browserContextId: z.string().optional(),
      }),
    })
    const stopCreated = this.#devTools.on('Target.targetCreated', (event) => {
      const info = created.safeParse(event).data?.targetInfo
      if (info?.type !== 'page' || info.browserContextId !== this.#contextId) return
      if (!this.#gate) this.#adopt(info.targetId).catch(() => this.#drop(info.targetId))
    })
    const stopDestroyed = this.#devTools.on('Target.targetDestroyed', (event) => {
      this.#pages = this.#pages.filter(({ targetId }) => targetId !== event['targetId'])
    })
    this.#stopWatching = () => {
      stopCreated()
      stopDestroyed()
    }
  }
}

function sayInTurn(page: Page, words: BannerWords): Promise<void> {
  const said = page.saying.then(() => say(page, words))
  page.saying = said.catch(() => undefined)
  return said
}

/** In a world of its own, so that the page's code neither sees nor hinders it. */
async function say(page: Page, words: BannerWords): Promise<void> {
  const { session, lastingId } = page
  const source = bannerScript(words)
  const isLasting = words.forMs === undefined
  if (lastingId !== undefined && (isLasting || words.endsLasting === true)) {
    await session.send('Page.removeScriptToEvaluateOnNewDocument', { identifier: lastingId })
    delete page.lastingId
  }
  if (isLasting) {
    const lasting = { source, worldName: bannerWorld }
    const added = await session.send('Page.addScriptToEvaluateOnNewDocument', lasting)
    page.lastingId = text(added, 'identifier')
  }
  const tree = frameTree.parse(await session.send('Page.getFrameTree'))
  const made = await session.send('Page.createIsolatedWorld', {
    frameId: tree.frameTree.frame.id,
    worldName: bannerWorld,
  })
  const contextId = z.number().parse(made['executionContextId'])
  await session.send('Runtime.evaluate', { expression: source, contextId })
}

function isWithin(url: string, origins: readonly string[]): boolean {
  if (url === 'about:blank') return true
  const { origin } = URL.canParse(url) ? new URL(url) : { origin: 'null' }
  return origins.includes(origin)
}
