// Watches the windows of one session for hands on them, in every frame, also those that the browser
// keeps in processes of their own. It hears that there were some and nothing else, and asks the
// browser for nothing that would have it keep what a page logs.

import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { activityScript, activityWorld } from './activity-script.ts'
import type { DevTools, DevToolsSession } from './devtools.ts'

/** A frame that was heard is asked again so much later: hands are busy for longer than that. */
const everyMs = 1000
/** No screen stays open for so long without hands on it. */
const waitMaxMs = 24 * 60 * 60 * 1000
/** A page may have any number of frames, and each that is watched is a question that stands. */
const framesMax = 32

const attached = z.object({ sessionId: z.string(), targetInfo: z.object({ type: z.string() }) })
const navigated = z.object({ frame: z.object({ id: z.string() }) })
const begun = z.object({ frameId: z.string() })
const made = z.object({ executionContextId: z.number() })
const isNew = z.object({ result: z.object({ value: z.literal(true) }) })
interface Tree {
  readonly frame: { readonly id: string }
  readonly childFrames?: readonly Tree[] | undefined
}
const tree: z.ZodType<Tree> = z.object({
  frame: z.object({ id: z.string() }),
  get childFrames() {
    return z.array(tree).optional()
  },
})

export class ActivityWatch {
  readonly #devTools: DevTools
  readonly #onHands: () => void
  #frames = 0

  constructor(devTools: DevTools, onHands: () => void) {
    this.#devTools = devTools
    this.#onHands = onHands
  }

  /** One more window, or a frame with a process of its own; needs `Page.enable`. */
  async add(session: DevToolsSession): Promise<void> {
    session.on('Page.frameNavigated', (event) => {
      const { data } = navigated.safeParse(event)
      if (data) this.#watch(session, data.frame.id)
    })
    // A frame without an address has a document from its first moment.
    session.on('Page.frameAttached', (event) => {
      const { data } = begun.safeParse(event)
      if (data) this.#watch(session, data.frameId)
    })
    session.on('Target.attachedToTarget', (event) => {
      const { data } = attached.safeParse(event)
      if (data?.targetInfo.type === 'iframe') this.#addFrame(data.sessionId)
    })
    await session.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
      filter: [{ type: 'iframe' }],
    })
    const { frameTree } = await session.send('Page.getFrameTree')
    for (const id of idsIn(tree.parse(frameTree))) this.#watch(session, id)
  }

  /** One that is gone again has no hands on it. */
  #addFrame(sessionId: string): void {
    const frame = this.#devTools.session(sessionId)
    frame
      .send('Page.enable')
      .then(() => this.add(frame))
      .catch(() => undefined)
  }

  #watch(session: DevToolsSession, frameId: string): void {
    if (this.#frames >= framesMax) return
    this.#frames += 1
    // It ends with its document, as an error of the question that stands.
    this.#listen(session, frameId)
      .catch(() => undefined)
      .finally(() => (this.#frames -= 1))
  }

  async #listen(session: DevToolsSession, frameId: string): Promise<void> {
    const world = { frameId, worldName: activityWorld }
    const { executionContextId: contextId } = made.parse(
      await session.send('Page.createIsolatedWorld', world),
    )
    const begin = { contextId, expression: activityScript, returnByValue: true }
    if (!isNew.safeParse(await session.send('Runtime.evaluate', begin)).success) return
    const next = { contextId, expression: 'nextHands()', awaitPromise: true, returnByValue: true }
    for (;;) {
      const answer = await session.send('Runtime.evaluate', next, waitMaxMs)
      if (!isNew.safeParse(answer).success) return
      this.#onHands()
      await pause(everyMs)
    }
  }
}

function idsIn({ frame, childFrames = [] }: Tree): readonly string[] {
  return [frame.id, ...childFrames.flatMap(idsIn)]
}
