// Keeps every window away that pages of some contexts open, before it has asked for anything. The
// browser makes windows stand still before their first request only for all contexts at once: those
// of others go on at once. What the browser itself opens, for a press with Control or a posted
// form, does not stand still, and is stopped at its first document.

import { z } from 'zod'
import type { DevTools, Params } from '../devtools.ts'

const attached = z.object({
  sessionId: z.string(),
  waitingForDebugger: z.boolean(),
  targetInfo: z.object({ targetId: z.string(), browserContextId: z.string().optional() }),
})
const paused = z.object({
  requestId: z.string(),
  frameId: z.string(),
  request: z.object({ url: z.string() }),
})
const found = z.object({
  targetInfo: z.object({ type: z.string(), browserContextId: z.string().optional() }),
})

/** The one window of a context, and which addresses frames in processes of their own may have. */
export interface OnlyWindow {
  readonly targetId: string
  readonly isAllowed: (url: string) => boolean
}

export class WindowGate {
  readonly #devTools: DevTools
  /** Contexts that have all the windows that they will have. */
  readonly #closed = new Map<string, OnlyWindow>()

  constructor(devTools: DevTools) {
    this.#devTools = devTools
    devTools.on('Target.attachedToTarget', (event) => {
      const { data } = attached.safeParse(event)
      if (data?.waitingForDebugger !== true) return
      const { targetId, browserContextId = '' } = data.targetInfo
      const take = this.#closed.has(browserContextId)
        ? this.#keepAway(data.sessionId, targetId)
        : this.#letGo(data.sessionId)
      // One that has gone again needs nothing; one that could not be held stands still.
      take.catch(() => undefined)
    })
    devTools.on('Fetch.requestPaused', (event) => {
      const { data } = paused.safeParse(event)
      if (data) this.#judge(data).catch(() => undefined)
    })
  }

  /** Holds when it resolves. */
  async close(contextId: string, only: OnlyWindow): Promise<void> {
    this.#closed.set(contextId, only)
    await this.#devTools.send('Target.setAutoAttach', {
      ...{ autoAttach: true, waitForDebuggerOnStart: true, flatten: true },
      filter: [{ type: 'page' }],
    })
    await this.#devTools.send('Fetch.enable', {
      patterns: [{ urlPattern: '*', resourceType: 'Document', requestStage: 'Request' }],
    })
  }

  /** Once the context is gone: whatever its pages opened last must still be caught. */
  async open(contextId: string): Promise<void> {
    if (!this.#closed.delete(contextId) || this.#closed.size > 0) return
    await this.#devTools.send('Target.setAutoAttach', {
      ...{ autoAttach: false, waitForDebuggerOnStart: false, flatten: true },
    })
    await this.#devTools.send('Fetch.disable')
  }

  /**
   * It has to run, since what opened it stands still with it: but by then it may ask for nothing,
   * and its end is on the way.
   */
  async #keepAway(sessionId: string, targetId: string): Promise<void> {
    const window = this.#devTools.session(sessionId)
    window.on('Fetch.requestPaused', ({ requestId }) => {
      refuse(window, requestId).catch(() => undefined)
    })
    await window.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
    await Promise.all([
      window.send('Runtime.runIfWaitingForDebugger'),
      this.#devTools.send('Target.closeTarget', { targetId }),
    ])
  }

  async #letGo(sessionId: string): Promise<void> {
    await this.#devTools.session(sessionId).send('Runtime.runIfWaitingForDebugger')
    await this.#devTools.send('Target.detachFromTarget', { sessionId })
  }

  /**
   * A window's first document has the window's name, and so has that of a frame with a process of
   * its own. Any other frame is bound with its page.
   */
  async #judge({ requestId, frameId, request }: z.infer<typeof paused>): Promise<void> {
    const about = await this.#devTools
      .send('Target.getTargetInfo', { targetId: frameId })
      .catch((): Params => ({}))
    const info = found.safeParse(about).data?.targetInfo
    const only = this.#closed.get(info?.browserContextId ?? '')
    const isFrame = info?.type === 'iframe'
    const isOurs = only?.targetId === frameId || (isFrame && only?.isAllowed(request.url) === true)
    if (!only || isOurs) {
      await this.#devTools.send('Fetch.continueRequest', { requestId })
      return
    }
    await refuse(this.#devTools, requestId)
    if (!isFrame) await this.#devTools.send('Target.closeTarget', { targetId: frameId })
  }
}

function refuse(of: Pick<DevTools, 'send'>, requestId: unknown): Promise<Params> {
  return of.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
}
