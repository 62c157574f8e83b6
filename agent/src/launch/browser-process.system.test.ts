// The browser's process: it starts wherever the agent's folder lies, and leaves nothing there or
// elsewhere.

import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startBrowser, unsafeNoSandbox } from './browser-process.ts'
import { Launcher } from './launcher.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
/** Longer than the path of any socket may be. */
const deep = 'a-folder-somewhere/that-lies-deep/below-one-that-lies-deep/and-has-a-name-of-its-own'

describe.runIf(chromiumPath !== undefined)('a browser of an agent', () => {
  let base: string
  let runtimeDir: string
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'wardkey-deep-'))
    runtimeDir = join(base, deep, deep)
  })
  afterEach(() => {
    rmSync(base, { recursive: true, force: true })
  })

  const start = () => {
    const how = { isHeadless: true, sandbox: unsafeNoSandbox } as const
    return startBrowser({ path: chromiumPath ?? '', runtimeDir, ...how }, () => undefined)
  }
  const prefix = (): string =>
    `wardkey-${createHash('sha256').update(runtimeDir).digest('hex').slice(0, 8)}-`
  const elsewhere = (): readonly string[] =>
    readdirSync('/tmp').filter((name) => name.startsWith(prefix()))

  it('starts in a folder with a long path, and leaves nothing', async () => {
    const browser = await start()
    expect(elsewhere()).toHaveLength(1)
    await browser.end()
    expect(readdirSync(runtimeDir)).toEqual([])
    expect(elsewhere()).toEqual([])
  }, 40_000)
  it('wipes what one that was killed has left', async () => {
    mkdirSync(join(runtimeDir, 'browser-killed', 'Default'), { recursive: true })
    mkdirSync(join('/tmp', `${prefix()}killed`, 'inside'), { recursive: true })
    const browser = await start()
    expect(readdirSync(runtimeDir)).toHaveLength(1)
    expect(elsewhere()).toHaveLength(1)
    await browser.end()
    expect(elsewhere()).toEqual([])
  }, 40_000)
  it('refuses/a program that ends at once, and says that it died', async () => {
    const launcher = new Launcher({
      browser: () => ({
        ...{ path: '/bin/false', runtimeDir, isHeadless: true, sandbox: unsafeNoSandbox },
      }),
      programs: {},
      log: quiet,
      bannerWords: () => ({ text: '', detail: '', forMs: 0 }),
      barWords: () => ({ text: '', back: '' }),
    })
    await expect(launcher.start('data:text/html,lock')).rejects.toMatchObject({
      code: 'browser-died',
    })
    await launcher.close()
  })
})
