// The lock screen's server on loopback: serves the page, speaks with one window, and refuses
// everybody else without telling why. It shows what it is told and decides nothing.

import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { ScreenInput, ScreenView } from '../machine/screen-view.ts'
import type { Log } from '../platform/log.ts'
import { contentPolicy, pageHeaders, readPageFiles } from './page-files.ts'
import type { PageFile } from './page-files.ts'
import { isSecret, judgeRequest, judgeUpgrade } from './screen-guard.ts'
import { inputBytesMax, parseHello, parseInput } from './screen-input.ts'
import type { ScreenPort } from './screen-port.ts'

/** A window that has not said its secret by then is not ours. */
const helloWithinMs = 2000
/** Sockets that have not yet proved anything; more are cut, so that nobody can crowd us out. */
const unprovenMax = 8
/** Faster than this no person types; a flood is cut. */
const inputsPerSecondMax = 30

export interface ScreenServerNeeds {
  readonly folder: string
  /** 0 for any free one. */
  readonly port: number
  /** BCP 47; empty lets the window's own language decide. */
  readonly language: string
  readonly log: Log
}

/**
 * Opens the lock screen's door.
 *
 * The secret is made here, lives in memory only, and is told to one place: `url`, which the launch
 * hands to the browser over its pipe. Another page of the machine, another user, or a program that
 * guesses the port gets neither pictures nor a way to type.
 */
export async function openScreen(needs: ScreenServerNeeds): Promise<ScreenPort> {
  const files = readPageFiles(needs.folder)
  const secret = randomBytes(32).toString('base64url')
  const door = new ScreenDoor(secret, needs.log)
  const server = createServer({ maxHeaderSize: 4096, requestTimeout: 5000 })
  const port = await listen(server, needs.port)
  server.on('request', (request, response) => {
    serve(files, port, request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    door.upgrade(request, socket, head, port)
  })
  const language = needs.language === '' ? '' : `&language=${encodeURIComponent(needs.language)}`
  return {
    url: `http://127.0.0.1:${String(port)}/#secret=${secret}${language}`,
    show: (view) => {
      door.show(view)
    },
    onInput: (listener) => {
      door.inputListeners.push(listener)
    },
    onWindow: (listener) => {
      door.windowListeners.push(listener)
    },
    close: () => door.close(server),
  }
}

class ScreenDoor {
  readonly inputListeners: ((input: ScreenInput) => void)[] = []
  readonly windowListeners: ((connected: boolean) => void)[] = []
  readonly #secret: string
  readonly #log: Log
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: inputBytesMax,
    perMessageDeflate: false,
  })
  #view: string | undefined
  /** The one window. Its only writer is `#welcome`. */
  #window: WebSocket | undefined
  #unproven = 0

  constructor(secret: string, log: Log) {
    this.#secret = secret
    this.#log = log
  }

  show(view: ScreenView): void {
    this.#view = JSON.stringify(view)
    this.#window?.send(this.#view)
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, port: number): void {
    const verdict = judgeUpgrade(request.headers, request.method ?? '', port)
    if (verdict !== 'allowed' || request.url !== '/screen' || this.#unproven >= unprovenMax) {
      this.#log.warn('screen.refused', { reason: verdict })
      socket.destroy()
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#prove(webSocket)
    })
  }

  #prove(socket: WebSocket): void {
    this.#unproven += 1
    const deadline = setTimeout(() => {
      socket.terminate()
    }, helloWithinMs)
    let isProven = false
    const settle = (): void => {
      clearTimeout(deadline)
      if (!isProven) this.#unproven -= 1
      isProven = true
    }
    socket.on('error', (thrown) => {
      this.#log.warn('screen.socket-failed', { reason: thrown.name })
    })
    socket.once('close', settle)
    socket.once('message', (data: Buffer) => {
      settle()
      if (isSecret(parseHello(data.toString('utf8')) ?? '', this.#secret)) this.#welcome(socket)
      else {
        this.#log.warn('screen.refused', { reason: 'wrong-secret' })
        socket.terminate()
      }
    })
  }

  #welcome(socket: WebSocket): void {
    // A window that reloads comes again with the secret; the older socket is no longer drawn.
    this.#window?.terminate()
    this.#window = socket
    const rate = new Rate(inputsPerSecondMax)
    socket.on('message', (data: Buffer) => {
      if (!rate.allows(performance.now())) {
        socket.terminate()
        return
      }
      const input = parseInput(data.toString('utf8'))
      if (!input) {
        this.#log.warn('screen.input-not-understood', {})
        return
      }
      for (const listener of this.inputListeners) listener(input)
    })
    socket.on('close', () => {
      if (this.#window !== socket) return
      this.#window = undefined
      for (const listener of this.windowListeners) listener(false)
    })
    if (this.#view !== undefined) socket.send(this.#view)
    for (const listener of this.windowListeners) listener(true)
  }

  async close(server: Server): Promise<void> {
    this.#sockets.close()
    for (const socket of this.#sockets.clients) socket.terminate()
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve()
      })
      server.closeAllConnections()
    })
  }
}

/** At most so many a second, counted in one-second windows. */
class Rate {
  readonly #max: number
  #windowStartMs = 0
  #count = 0

  constructor(max: number) {
    this.#max = max
  }

  allows(nowMs: number): boolean {
    if (nowMs - this.#windowStartMs >= 1000) {
      this.#windowStartMs = nowMs
      this.#count = 0
    }
    this.#count += 1
    return this.#count <= this.#max
  }
}

function serve(
  files: ReadonlyMap<string, PageFile>,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const file = files.get(request.url ?? '')
  if (judgeRequest(request.headers, request.method ?? '', port) !== 'allowed' || !file) {
    response.writeHead(404, { 'content-length': '0' }).end()
    return
  }
  response
    .writeHead(200, {
      ...pageHeaders,
      'content-security-policy': contentPolicy(port),
      'content-type': file.type,
      'content-length': String(file.bytes.length),
    })
    .end(file.bytes)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('no port'))
      else resolve(address.port)
    })
  })
}
