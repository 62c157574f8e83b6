// The chart that opens in the benchmark: the least page that keeps a line of its own to its server,
// so that its end is seen from outside of the browser and of the agent.

import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sharedMs } from './shared-clock.ts'

export const chartSelector = '#chart'

const page = `<!doctype html><title>Chart</title><main id="chart">Chart</main>
<script>new EventSource('/line')</script>`

export class ChartServer {
  readonly url: string
  readonly #server: Server
  /** When a chart's line was lost, on the shared clock; the newest last. */
  readonly #gone: number[] = []
  #open = 0

  private constructor(server: Server) {
    this.#server = server
    this.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/chart`
    server.on('request', (request, response: ServerResponse) => {
      if (request.url === '/line') this.#hold(response)
      else response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    })
  }

  static async open(): Promise<ChartServer> {
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    return new ChartServer(server)
  }

  /** Charts that live in some browser at this moment. */
  get open(): number {
    return this.#open
  }

  /** When the first chart after that moment was gone, if one is. */
  goneAfter(sinceMs: number): number | undefined {
    return this.#gone.find((atMs) => atMs >= sinceMs)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #hold(response: ServerResponse): void {
    this.#open += 1
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    response.once('close', () => {
      this.#open -= 1
      this.#gone.push(sharedMs())
    })
  }
}
