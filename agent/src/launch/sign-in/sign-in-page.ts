// A page before the lock screen that people sign in on: a browser context of its own, off the
// record, in which nobody has a session. It is over where its address is reached, where somebody
// wants back, and where it does not answer any more; nothing of it is left then.

import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { OpenWeb } from '@wardkey/protocol/launch-steps'
import { Fault } from '../../platform/fault.ts'
import type { DevTools, DevToolsSession } from '../devtools.ts'
import { barScript, barWorld } from './sign-in-bar.ts'
import type { BarWords } from './sign-in-bar.ts'
import { WebSession } from '../web-session.ts'
import type { WindowGate } from './window-gate.ts'

export interface PageEars {
  readonly onEnded: () => void
  readonly onEmergency: () => void
  /** What did not open cannot be closed either. */
  readonly onStuck: () => Promise<void>
}

const pulseEveryMs = 1500
const pulseWithinMs = 2500
/** Nobody looks at a page for so long: the machine's own limit is far below it. */
const pressWithinMs = 60 * 60 * 1000

const frame = z.object({
  id: z.string(),
  url: z.string(),
  parentId: z.string().optional(),
  unreachableUrl: z.string().optional(),
})
type Frame = z.infer<typeof frame>
const navigated = z.object({ frame })
const tree = z.object({ frameTree: z.object({ frame }) })
const made = z.object({ executionContextId: z.number() })
const answered = z.object({ result: z.object({ value: z.unknown() }) })

interface Document {
  readonly frameId: string
}

export class SignInPage {
  readonly #web: WebSession
  readonly #words: BarWords
  readonly #ears: PageEars
  readonly #doneUrl: string
  /** What is shown now; another object for each that arrives. */
  #document: Document | undefined
  /** The bar's own world in it, once the bar is there. */
  #contextId: number | undefined
  #isOver = false

  private constructor(web: WebSession, doneUrl: string, words: BarWords, ears: PageEars) {
    this.#web = web
    this.#doneUrl = doneUrl
    this.#words = words
    this.#ears = ears
  }

  /** Loaded, and still covered. Throws Fault `launch-failed`; nothing of it is then left. */
  static async open(
    devTools: DevTools,
    gate: WindowGate,
    step: OpenWeb,
    words: BarWords,
    ears: PageEars,
  ): Promise<SignInPage> {
    // A second window would have no way back, and could lie over the first.
    const web = await WebSession.create(devTools, () => undefined, gate)
    const page = new SignInPage(web, step.url, words, ears)
    try {
      await web.open(step, () => undefined)
      await page.#watch(devTools)
    } catch (thrown) {
      await page.dispose().catch(() => ears.onStuck())
      throw thrown
    }
    return page
  }

  get session(): DevToolsSession {
    const { front } = this.#web
    if (!front) throw new Fault('launch-failed', 'permanent')
    return front.session
  }

  async show(): Promise<void> {
    await this.#web.show()
  }

  async dispose(): Promise<void> {
    this.#isOver = true
    await this.#web.dispose()
  }

  async #watch(devTools: DevTools): Promise<void> {
    const { front } = this.#web
    if (!front) throw new Fault('launch-failed', 'permanent')
    const stop = devTools.on('Target.targetDestroyed', (event) => {
      if (event['targetId'] !== front.targetId) return
      stop()
      this.#end()
    })
    this.session.on('Page.frameNavigated', (event) => {
      const { data } = navigated.safeParse(event)
      if (data && data.frame.parentId === undefined) this.#arrived(data.frame)
    })
    const now = tree.parse(await this.session.send('Page.getFrameTree'))
    this.#arrived(now.frameTree.frame)
    void this.#pulse()
  }

  #arrived(at: Frame): void {
    this.#contextId = undefined
    this.#document = { frameId: at.id }
    const place = URL.canParse(at.url) ? new URL(at.url) : undefined
    const isDone = place !== undefined && place.origin + place.pathname === this.#doneUrl
    if (isDone || at.unreachableUrl !== undefined) this.#end()
    else void this.#placeBar(this.#document)
  }

  /** False where the page was too busy to take it: the pulse tries again. */
  async #placeBar(document: Document): Promise<boolean> {
    const world = { frameId: document.frameId, worldName: barWorld }
    try {
      const { executionContextId: contextId } = made.parse(
        await this.session.send('Page.createIsolatedWorld', world, pulseWithinMs),
      )
      // Whether it was put there now or by a try that was given up: it is the same bar.
      await this.#ask(contextId, barScript(this.#words), pulseWithinMs)
      if (document !== this.#document || this.#contextId !== undefined) return true
      this.#contextId = contextId
      void this.#listen(contextId)
      return true
    } catch {
      // Its document went, and the next one has a bar of its own.
      return document !== this.#document
    }
  }

  /** Until something is pressed; the question ends with its document. */
  async #listen(contextId: number): Promise<void> {
    const pressed = await this.#ask(contextId, 'nextPress()', pressWithinMs).catch(() => undefined)
    if (pressed === 'emergency' && !this.#isOver) this.#ears.onEmergency()
    if (pressed === 'back') this.#end()
  }

  async #ask(contextId: number, expression: string, withinMs: number): Promise<unknown> {
    const question = { contextId, expression, awaitPromise: true, returnByValue: true }
    const answer = await this.session.send('Runtime.evaluate', question, withinMs)
    return answered.parse(answer).result.value
  }

  /** A page that hangs could not be left by its bar: it is ended instead. */
  async #pulse(): Promise<void> {
    for (let missed = 0; missed < 2;) {
      await pause(pulseEveryMs, undefined, { ref: false })
      if (this.#isOver) return
      missed = (await this.#hasBar()) ? 0 : missed + 1
    }
    this.#end()
  }

  async #hasBar(): Promise<boolean> {
    const contextId = this.#contextId
    if (contextId === undefined) {
      return this.#document === undefined || this.#placeBar(this.#document)
    }
    return this.#ask(contextId, 'keepBar()', pulseWithinMs)
      .then(() => true)
      .catch(() => contextId !== this.#contextId)
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#ears.onEnded()
  }
}
