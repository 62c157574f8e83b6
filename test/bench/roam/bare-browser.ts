// The floor under every lock: the same browser, started the same way, asked to bring a page to the
// front and to dispose of a context with the chart in it, with nothing else going on in it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBrowser, unsafeNoSandbox } from '@wardkey/agent/launch/browser-process'
import type { RunningBrowser } from '@wardkey/agent/launch/browser-process'
import { findBrowser } from '@wardkey/agent/launch/find-browser'
import { z } from 'zod'
import { sharedMs } from './shared-clock.ts'

export interface BareTimes {
  readonly activateMs: number
  readonly disposeMs: number
}

const text = (value: unknown): string => z.string().parse(value)
/** Long enough for the least chart to be there, and at rest. */
const settleMs = 1000

export class BareBrowser {
  readonly #folder: string
  readonly #browser: RunningBrowser
  readonly #front: string

  private constructor(folder: string, browser: RunningBrowser, front: string) {
    this.#folder = folder
    this.#browser = browser
    this.#front = front
  }

  static async open(): Promise<BareBrowser> {
    const folder = mkdtempSync(join(tmpdir(), 'wardkey-bench-browser-'))
    const path = findBrowser('')
    const browser = await startBrowser(
      { path, runtimeDir: folder, isHeadless: true, sandbox: unsafeNoSandbox },
      () => undefined,
    )
    const made = await browser.devTools.send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
    })
    return new BareBrowser(folder, browser, text(made['targetId']))
  }

  async measure(chartUrl: string): Promise<BareTimes> {
    const { devTools } = this.#browser
    const made = await devTools.send('Target.createBrowserContext', { disposeOnDetach: true })
    const browserContextId = text(made['browserContextId'])
    const page = { url: chartUrl, browserContextId, newWindow: true }
    await devTools.send('Target.createTarget', page)
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const beganMs = sharedMs()
    await devTools.send('Target.activateTarget', { targetId: this.#front })
    const activatedMs = sharedMs()
    await devTools.send('Target.disposeBrowserContext', { browserContextId })
    return { activateMs: activatedMs - beganMs, disposeMs: sharedMs() - activatedMs }
  }

  async close(): Promise<void> {
    await this.#browser.end()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
