// Which browser shows lock screen and charts: what settings name, or the first of the usual ones.

import { existsSync } from 'node:fs'
import { Fault } from '../platform/fault.ts'

const usual: Readonly<Record<string, readonly string[]>> = {
  win32: [
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/microsoft-edge',
    '/snap/bin/chromium',
  ],
}

/** Throws Fault `browser-missing`; a browser that settings name is never replaced by another. */
export function findBrowser(
  named: string,
  platform: string = process.platform,
  exists: (path: string) => boolean = existsSync,
): string {
  const found = (named === '' ? (usual[platform] ?? []) : [named]).find(exists)
  if (found === undefined) throw new Fault('browser-missing', 'permanent')
  return found
}
