// HR's system in the benchmark: speaks SCIM over TLS on connections that stay, and says when each
// answer was in hand.

import { Agent, request } from 'node:https'
import { patchOp } from '../../kit/scim-client.ts'

export interface Said {
  readonly askedMs: number
  readonly answeredMs: number
  readonly status: number
  readonly text: string
}

export interface HrDoor {
  readonly url: string
  readonly caPem: string
  readonly token?: string
}

const bulkRequest = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const bulkMax = 100
const withinMs = 60_000

export class HrHand {
  readonly #door: HrDoor
  readonly #agent: Agent

  constructor(door: HrDoor, credentials: { cert?: string; key?: string } = {}) {
    this.#door = door
    this.#agent = new Agent({ keepAlive: true, ca: door.caPem, ...credentials })
  }

  ask(method: string, path: string, body: object): Promise<Said> {
    const { url, token } = this.#door
    const text = JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const askedMs = performance.now()
      const asking = request(
        `${url}${path}`,
        {
          method,
          agent: this.#agent,
          timeout: withinMs,
          headers: {
            'content-type': 'application/scim+json',
            'content-length': Buffer.byteLength(text),
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
        },
        (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('end', () => {
            const answeredMs = performance.now()
            const answer = Buffer.concat(parts).toString('utf8')
            resolve({ askedMs, answeredMs, status: response.statusCode ?? 0, text: answer })
          })
        },
      )
      asking.once('timeout', () => asking.destroy(new Error('the door of SCIM says nothing')))
      asking.once('error', reject)
      asking.end(text)
    })
  }

  async patch(path: string, ...operations: readonly object[]): Promise<Said> {
    const said = await this.ask('PATCH', path, { schemas: [patchOp], Operations: operations })
    if (said.status !== 200) throw new Error(`a change was not taken: ${String(said.status)}`)
    return said
  }

  /** In as few requests as may be, all under way at once; the answers in their order. */
  bulk(operations: readonly object[]): Promise<readonly Said[]> {
    const parts = Array.from({ length: Math.ceil(operations.length / bulkMax) }, (_, n) =>
      operations.slice(n * bulkMax, (n + 1) * bulkMax),
    )
    return Promise.all(
      parts.map(async (some) => {
        const said = await this.ask('POST', '/Bulk', { schemas: [bulkRequest], Operations: some })
        const no = /"status":"[45][^}]*/.exec(said.text)?.[0]
        if (said.status !== 200 || no !== undefined) {
          throw new Error(`a bulk was not taken: ${String(said.status)} ${no ?? ''}`)
        }
        return said
      }),
    )
  }

  close(): void {
    this.#agent.destroy()
  }
}
