// The page's files, read once at start and served from memory: nothing else of the disk can be
// asked for, whatever the path says.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface PageFile {
  readonly bytes: Buffer
  readonly type: string
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
}

/** Throws where the page was not built: an agent without a lock screen must not start. */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const name of readdirSync(folder)) {
    const type = types[name.split('.').at(-1) ?? '']
    if (type !== undefined) files.set(`/${name}`, { bytes: readFileSync(join(folder, name)), type })
  }
  const index = files.get('/index.html')
  if (!index) throw new Error('the lock screen’s page is not built: run npm run build')
  files.set('/', index)
  return files
}

export const pageHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), clipboard-read=()',
} as const

/**
 * `connect-src` names the own socket only; no inline script or style, no frame around or inside.
 */
export function contentPolicy(port: number): string {
  return (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; " +
    `connect-src ws://127.0.0.1:${String(port)}; base-uri 'none'; form-action 'none'; ` +
    "frame-ancestors 'none'"
  )
}
