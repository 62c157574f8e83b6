// The workstation's own browser is asked about pages of real TLS servers: one whose authority it
// does not know, one that is for another name, one that nobody answers, and one in the open.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createPlain } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unsafeNoSandbox } from '../../launch/browser-process.ts'
import { lookAtPage } from './look-at-page.ts'

const path = process.env['WARDKEY_HAS_CHROMIUM'] ?? ''

describe.runIf(path !== '')('a page, asked of the browser', () => {
  let folder: string
  let close: () => void = () => undefined
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardkey-page-'))
  })
  afterEach(() => {
    close()
    rmSync(folder, { recursive: true })
  })

  const ask = (url: string) => lookAtPage(url, { path, sandbox: unsafeNoSandbox })
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('wardkey-look-'))
  async function serve(isSecure: boolean): Promise<string> {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
    const out = ['-nodes', '-days', '30', '-keyout', key, '-out', cert]
    execFileSync('openssl', [...made, ...out, ...names], { stdio: 'ignore' })
    const tls = { key: readFileSync(key), cert: readFileSync(cert) }
    const server = isSecure ? createServer(tls) : createPlain()
    server.on('request', (_request, response) => response.end('<p>here</p>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    close = () => server.close()
    return String((server.address() as AddressInfo).port)
  }

  it('of an authority that it does not know is refused, and nothing is left', async () => {
    const before = left()
    expect(await ask(`https://localhost:${await serve(true)}/`)).toBe('other-authority')
    expect(left()).toEqual(before)
  }, 40_000)
  it('in the open is opened', async () => {
    expect(await ask(`http://127.0.0.1:${await serve(false)}/`)).toBe('opens')
  }, 40_000)
  it('that speaks no TLS, or is not there, is told apart from that', async () => {
    const port = await serve(false)
    expect(await ask(`https://127.0.0.1:${port}/`)).toBe('no-tls')
    close()
    expect(await ask('http://127.0.0.1:9/')).toBe('unreachable')
  }, 60_000)
  it('refuses/a browser that does not start, as a fault of it', async () => {
    const no = lookAtPage('http://127.0.0.1:9/', { path: '/bin/false', sandbox: unsafeNoSandbox })
    await expect(no).rejects.toMatchObject({ code: 'browser-died' })
  }, 40_000)
})
