// What somebody at the terminal reads of a broker's no.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ThrowAwayAuthority } from '../../../../test/kit/throw-away-authority.ts'
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
  it.each([
    ['params/badgeId', 'badge list'],
    ['params/workstationId', 'workstation list'],
  ])('to what is no id at %s says where to find one', async (place, command) => {
    body = { ...problemOf(400, 'request-not-understood'), place }
    await expect(ask()).rejects.toMatchObject({
      exitCode: exitCodes.usage,
      message: expect.stringContaining(`wardkey-broker ${command}`) as unknown,
    })
  })
  it('goes on with its code, and says where to look for whom it does not know', async () => {
    body = problemOf(404, 'person-unknown')
    await expect(ask()).rejects.toMatchObject({
      code: 'person-unknown',
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

describe('a broker whose certificate is of the hospital’s own authority', () => {
  let folder: string
  let server: Server
  let leaf: string
  let other: string

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wardkey-admin-client-'))
    const { keyPem, chainPem } = await (await ThrowAwayAuthority.make()).server(['broker.invalid'])
    leaf = chainPem.slice(0, chainPem.indexOf('-----END CERTIFICATE-----') + 26)
    other = (await (await ThrowAwayAuthority.make()).server(['127.0.0.1'])).chainPem
    server = createTlsServer({ key: keyPem, cert: leaf }, (_request, response) => {
      response.end('null')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  const ask = (pem: string) => {
    const certFile = join(folder, 'web.pem')
    writeFileSync(certFile, pem)
    const url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`
    return new AdminClient({ url, token: 'x', certFile }).ask('GET', '/people', z.null())
  }

  it('is believed by the file of its settings, though that has no more than the leaf', async () => {
    await expect(ask(leaf)).resolves.toBeNull()
  })
  it('is not believed by another file, and it is not said that nobody answers', async () => {
    await expect(ask(other)).rejects.toMatchObject({
      exitCode: exitCodes.unavailable,
      message: expect.stringMatching(
        /certificate that is not believed.*web\.tlsCertFile/s,
      ) as unknown,
    })
  })
})
