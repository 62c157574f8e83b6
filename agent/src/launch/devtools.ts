// A DevTools client over a pipe: commands with deadlines, events by session. The pipe is the only
// way in: there is no port that another program could find.

import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import { Fault } from '../platform/fault.ts'
import { PipeFraming } from './pipe-framing.ts'

const commandMaxMs = 10_000
const outstandingMax = 500

const incoming = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  sessionId: z.string().optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
})

export type Params = Readonly<Record<string, unknown>>
export type EventListener = (params: Params) => void

interface Outstanding {
  readonly sessionId: string | undefined
  readonly resolve: (result: Params) => void
  readonly reject: (fault: Fault) => void
  readonly timer: NodeJS.Timeout
}

/** Commands to one page, or to the browser itself where there is no session. */
export interface DevToolsSession {
  send(method: string, params?: Params, withinMs?: number): Promise<Params>
  /** Returns what takes the listener away again. */
  on(event: string, listener: EventListener): () => void
}

export class DevTools implements DevToolsSession {
  readonly #write: Writable
  readonly #framing = new PipeFraming()
  readonly #outstanding = new Map<number, Outstanding>()
  readonly #listeners = new Map<string, Set<EventListener>>()
  readonly #pages = new Map<string, { isGone: boolean }>()
  #id = 0
  #isLost = false

  constructor(write: Writable, read: Readable, onLost: () => void) {
    this.#write = write
    read.on('data', (chunk: Buffer) => {
      try {
        for (const text of this.#framing.take(chunk)) this.#hear(text)
      } catch (thrown) {
        if (!(thrown instanceof Error)) throw thrown
        this.#lose()
      }
    })
    const lost = (): void => {
      this.#lose()
      onLost()
    }
    read.once('close', lost)
    read.once('error', lost)
    write.once('error', lost)
  }

  send(method: string, params: Params = {}, withinMs = commandMaxMs): Promise<Params> {
    return this.#send(undefined, method, params, withinMs)
  }

  on(event: string, listener: EventListener): () => void {
    return this.#on(undefined, event, listener)
  }

  /** Commands and events of one attached target (flat mode). */
  session(sessionId: string): DevToolsSession {
    const page = this.#pages.get(sessionId) ?? { isGone: false }
    this.#pages.set(sessionId, page)
    return {
      send: (method, params = {}, withinMs = commandMaxMs) =>
        page.isGone
          ? Promise.reject(new Fault('launch-failed', 'permanent'))
          : this.#send(sessionId, method, params, withinMs),
      on: (event, listener) => this.#on(sessionId, event, listener),
    }
  }

  #send(
    sessionId: string | undefined,
    method: string,
    params: Params,
    withinMs: number,
  ): Promise<Params> {
    if (this.#isLost) return Promise.reject(new Fault('browser-died', 'transient'))
    if (this.#outstanding.size >= outstandingMax) {
      return Promise.reject(new Fault('launch-failed', 'transient'))
    }
    this.#id += 1
    const id = this.#id
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#outstanding.delete(id)
        reject(
          new Fault('launch-failed', 'ambiguous', { cause: new Error(`${method}: no answer`) }),
        )
      }, withinMs)
      this.#outstanding.set(id, { sessionId, resolve, reject, timer })
      this.#write.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  #on(sessionId: string | undefined, event: string, listener: EventListener): () => void {
    const key = `${sessionId ?? ''} ${event}`
    const listeners = this.#listeners.get(key) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(key, listeners)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(key)
    }
  }

  #hear(text: string): void {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown
      return
    }
    const parsed = incoming.safeParse(value)
    if (!parsed.success) return
    const { id, method, params, sessionId, result, error } = parsed.data
    if (id === undefined) {
      for (const listener of this.#listeners.get(`${sessionId ?? ''} ${method ?? ''}`) ?? []) {
        listener(params ?? {})
      }
      // Told to the browser of a window, and to a window of a frame with a process of its own.
      const gone = method === 'Target.detachedFromTarget' ? params?.['sessionId'] : undefined
      if (typeof gone === 'string') this.#detach(gone)
      return
    }
    const outstanding = this.#outstanding.get(id)
    if (!outstanding) return
    this.#outstanding.delete(id)
    clearTimeout(outstanding.timer)
    if (error) {
      const cause = new Error(`${String(error.code)} ${error.message}`)
      outstanding.reject(new Fault('launch-failed', 'permanent', { cause }))
    } else outstanding.resolve(result ?? {})
  }

  /** The browser answers nothing of what was asked of a page that went away. */
  #detach(sessionId: string): void {
    const page = this.#pages.get(sessionId)
    if (page) page.isGone = true
    this.#pages.delete(sessionId)
    for (const key of this.#listeners.keys()) {
      if (key.startsWith(`${sessionId} `)) this.#listeners.delete(key)
    }
    for (const [id, outstanding] of this.#outstanding) {
      if (outstanding.sessionId !== sessionId) continue
      this.#outstanding.delete(id)
      clearTimeout(outstanding.timer)
      const cause = new Error('its page went away')
      outstanding.reject(new Fault('launch-failed', 'ambiguous', { cause }))
    }
  }

  #lose(): void {
    this.#isLost = true
    for (const { reject, timer } of this.#outstanding.values()) {
      clearTimeout(timer)
      reject(new Fault('browser-died', 'ambiguous'))
    }
    this.#outstanding.clear()
  }
}
