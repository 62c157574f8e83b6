// Whether this workstation's browser would open a page of the hospital's: asked of that browser, in
// the same way as the agent starts it, in a profile of its own that is gone afterwards. No window.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { startBrowser } from '../../launch/browser-process.ts'
import type { BrowserSettings } from '../../launch/browser-process.ts'
import type { DevTools } from '../../launch/devtools.ts'
import type { PageSays } from './facts.ts'

const targetMade = z.object({ targetId: z.string() })
const attached = z.object({ sessionId: z.string() })
const navigated = z.object({ errorText: z.string().optional() })
const loadMaxMs = 6000

/** Throws Fault where the browser does not start. */
export async function lookAtPage(
  url: string,
  { path, sandbox }: Pick<BrowserSettings, 'path' | 'sandbox'>,
): Promise<PageSays> {
  // Beside the running agent's own folder: what is left in that one is wiped at a start.
  const runtimeDir = mkdtempSync(join(tmpdir(), 'wardkey-look-'))
  try {
    const settings: BrowserSettings = { path, runtimeDir, isHeadless: true, sandbox }
    const browser = await startBrowser(settings, () => undefined)
    try {
      return saysOf(await errorAt(url, browser.devTools))
    } finally {
      await browser.end()
    }
  } finally {
    rmSync(runtimeDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

async function errorAt(url: string, devTools: DevTools): Promise<string | undefined> {
  const made = await devTools.send('Target.createTarget', { url: 'about:blank' })
  const { targetId } = targetMade.parse(made)
  const told = await devTools.send('Target.attachToTarget', { targetId, flatten: true })
  const page = devTools.session(attached.parse(told).sessionId)
  return navigated.parse(await page.send('Page.navigate', { url }, loadMaxMs)).errorText
}

/** Names of Chromium's net errors (net_error_list.h): stable, and never shown to anybody. */
function saysOf(errorText: string | undefined): PageSays {
  if (errorText === undefined) return 'opens'
  if (errorText === 'net::ERR_CERT_AUTHORITY_INVALID') return 'other-authority'
  if (errorText === 'net::ERR_CERT_COMMON_NAME_INVALID') return 'other-name'
  if (errorText === 'net::ERR_CERT_DATE_INVALID') return 'certificate-over'
  return /^net::ERR_(CERT|SSL|BAD_SSL)_/.test(errorText) ? 'no-tls' : 'unreachable'
}
