// What somebody at the terminal reads of a broker's no.

import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { problemOf } from '../problem.ts'
import { AdminClient } from './admin-client.ts'
import { exitCodes } from './exit.ts'

describe('a broker’s no', () => {
  let server: Server
  let body: object

  beforeEach(async () => {
    server = createServer((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/problem+json' })
      response.end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    server.close()
  })

  const ask = () => {
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
    const client = new AdminClient({ url, token: 'x', certFile: '' })
    return client.ask('GET', '/people/N-4711', z.null())
  }

  it('to a staff number where an id is asked for says so, and where to find it', async () => {
    body = { ...problemOf(400, 'request-not-understood'), place: 'params/personId' }
    await expect(ask()).rejects.toMatchObject({
      exitCode: exitCodes.usage,
      message: expect.stringContaining('wardkey-broker person list') as unknown,
    })
  })
  it('to what is no id of an alert says so, and where to find one', async () => {
    body = { ...problemOf(400, 'request-not-understood'), place: 'params/alertId' }
    await expect(ask()).rejects.toMatchObject({
      exitCode: exitCodes.usage,
      message: expect.stringContaining('wardkey-broker alerts list') as unknown,
    })
  })
  it('refuses to say so of any other place', async () => {
    body = { ...problemOf(400, 'request-not-understood'), place: 'body/name' }
    await expect(ask()).rejects.toMatchObject({
      message: expect.stringContaining('(body/name)') as unknown,
    })
  })
})
