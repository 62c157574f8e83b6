// A browser as far as a sign-in needs one: it posts, follows where it is sent, and keeps each
// site's cookies to that site. It runs no script and shows nothing.

import { request as plainRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { text as textOf } from 'node:stream/consumers'

export interface Visited {
  readonly url: URL
  readonly status: number
  readonly text: string
  readonly headers: IncomingMessage['headers']
}

export class Visitor {
  readonly #caPem: string
  /** By origin: name and value. */
  readonly #cookies = new Map<string, Map<string, string>>()
  /** Every address that it was sent to. */
  readonly way: URL[] = []

  constructor(caPem: string) {
    this.#caPem = caPem
  }

  /** As it would send them there; empty where it has none. */
  cookies(origin: string): string {
    return [...(this.#cookies.get(origin) ?? [])].map((pair) => pair.join('=')).join('; ')
  }

  /** One request, and no step further. */
  async once(address: string | URL, form?: Readonly<Record<string, string>>): Promise<Visited> {
    const url = new URL(address)
    this.way.push(url)
    const body = form && new URLSearchParams(form).toString()
    const cookie = this.cookies(url.origin)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const send = url.protocol === 'https:' ? tlsRequest : plainRequest
      const headers = {
        ...(cookie === '' ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      }
      const method = body === undefined ? 'GET' : 'POST'
      const options = { method, headers, ca: this.#caPem, agent: false }
      const sending = send(url, options, resolve)
      sending.on('error', reject)
      sending.end(body)
    })
    this.#keep(url.origin, response.headers['set-cookie'] ?? [])
    const status = response.statusCode ?? 0
    return { url, status, text: await textOf(response), headers: response.headers }
  }

  /** On and on, until a page comes, or the address before which `stop` says to. */
  async go(
    address: string | URL,
    form?: Readonly<Record<string, string>>,
    stop: (url: URL) => boolean = () => false,
  ): Promise<Visited> {
    let last = await this.once(address, form)
    for (let steps = 0; steps < 10; steps++) {
      const { location } = last.headers
      if (location === undefined) return last
      const next = new URL(location, last.url)
      if (stop(next)) return { ...last, url: next }
      last = await this.once(next)
    }
    throw new Error('sent round and round')
  }

  #keep(origin: string, all: readonly string[]): void {
    const kept = this.#cookies.get(origin) ?? new Map<string, string>()
    for (const one of all) {
      const [pair = ''] = one.split(';')
      const [name = '', value = ''] = pair.split('=', 2)
      if (/max-age=0/i.test(one)) kept.delete(name)
      else kept.set(name, value)
    }
    this.#cookies.set(origin, kept)
  }
}
