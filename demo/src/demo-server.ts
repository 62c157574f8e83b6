// The demo's one address: serves the page on loopback and carries taps, keys and pictures between
// it and the workstations. Other pages of the same browser get nothing: Host and Origin are
// compared.

import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { pageMessage } from './demo-messages.ts'
import type { DemoMessage, PageMessage } from './demo-messages.ts'

export interface DemoServerNeeds {
  readonly port: number
  readonly folder: string
  readonly onPage: (message: PageMessage) => void
  /** How many pages look; workstations make pictures only while there are any. */
  readonly onWatchers: (count: number) => void
  /** Everything a page that connects now has to know, in order. */
  readonly greeting: () => readonly DemoMessage[]
}

export interface DemoServer {
  readonly url: string
  say(message: DemoMessage): void
  picture(station: number, jpeg: Uint8Array): void
  close(): Promise<void>
}

const pagesMax = 8
const messageBytesMax = 2048
/** A page that cannot keep up misses pictures, not memory. */
const behindMaxBytes = 4 * 1024 * 1024

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

/** Rejects with the system's error where the port is taken. */
export async function openDemoServer(needs: DemoServerNeeds): Promise<DemoServer> {
  const files = readFiles(needs.folder)
  const origins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${String(needs.port)}`)
  const isOwn = (request: IncomingMessage, isSocket: boolean): boolean => {
    const { host, origin } = request.headers
    const isHost = origins.some((one) => one === `http://${host ?? ''}`)
    return isHost && (isSocket ? origins.includes(origin ?? '') : true)
  }
  const server = createServer((request, response) => {
    const file = files.get(request.url === '/' ? '/index.html' : (request.url ?? ''))
    if (request.method !== 'GET' || !file || !isOwn(request, false)) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { ...headers, 'content-type': file.type }).end(file.bytes)
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax })
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/demo' || !isOwn(request, true) || sockets.clients.size >= pagesMax) {
      socket.destroy()
      return
    }
    sockets.handleUpgrade(request, socket, head, (page) => {
      welcome(page, needs, sockets)
    })
  })
  await listen(server, needs.port)
  const send = (page: WebSocket, data: string | Buffer): void => {
    if (page.bufferedAmount < behindMaxBytes) page.send(data)
  }
  return {
    url: `http://127.0.0.1:${String(needs.port)}`,
    say: (message) => {
      for (const page of sockets.clients) page.send(JSON.stringify(message))
    },
    picture: (station, jpeg) => {
      const bytes = Buffer.concat([Buffer.of(station), jpeg])
      for (const page of sockets.clients) send(page, bytes)
    },
    close: async () => {
      for (const page of sockets.clients) page.terminate()
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      })
    },
  }
}

const headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

function welcome(page: WebSocket, needs: DemoServerNeeds, sockets: WebSocketServer): void {
  page.on('error', () => {
    page.terminate()
  })
  page.on('message', (data: Buffer, isBinary) => {
    const message = isBinary ? undefined : parse(data.toString('utf8'))
    if (message) needs.onPage(message)
  })
  page.on('close', () => {
    needs.onWatchers(sockets.clients.size)
  })
  for (const message of needs.greeting()) page.send(JSON.stringify(message))
  needs.onWatchers(sockets.clients.size)
}

function parse(text: string): PageMessage | undefined {
  try {
    return pageMessage.safeParse(JSON.parse(text)).data
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}

function readFiles(folder: string): ReadonlyMap<string, { bytes: Buffer; type: string }> {
  const files = new Map<string, { bytes: Buffer; type: string }>()
  for (const name of readdirSync(folder)) {
    const type = types[name.split('.').at(-1) ?? '']
    if (type !== undefined) files.set(`/${name}`, { bytes: readFileSync(join(folder, name)), type })
  }
  return files
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      resolve()
    })
  })
}
