// The console's page as it was built, and the few words that are said without it. Each answer has a
// policy of contents of its own: nothing inline runs, and no other page frames it.

import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { consolePath } from '@wardkey/protocol/console/signed-in'
import type { ConsoleOpened } from '../../flows/console/open-session.ts'
import { page } from '../oidc/page.ts'

/** Where the build puts it. */
export const builtFolder = fileURLToPath(new URL('../../../console/dist', import.meta.url))
const noncePlace = '__NONCE__'

export interface ConsolePage {
  readonly html: string
  readonly policy: string
}

/** Nothing where the console was not built. */
export function openConsolePage(folder: string): (() => ConsolePage) | undefined {
  const file = join(folder, 'index.html')
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  return () => {
    const nonce = randomBytes(16).toString('base64')
    return { html: text.replaceAll(noncePlace, nonce), policy: policyWith(` 'nonce-${nonce}'`) }
  }
}

/** For all that is not its page: the parts of it, and plain words. */
export const plainPolicy = policyWith('')

function policyWith(styles: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${styles}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const again = `<p><a href="${consolePath}/sign-in">Sign in again</a></p>`

/** Whatever the rule was: who stands there is not told which. The record has it. */
export function notSignedInPage(kind: Exclude<ConsoleOpened['kind'], 'opened'>): string {
  switch (kind) {
    case 'refused':
      return page(
        'This account may not use the console',
        `<p>Ask who looks after the console for a role, or sign in with another account.</p>${again}`,
      )
    case 'not-signed-in':
      return page('Nobody signed in', `<p>The sign-in was ended before it was done.</p>${again}`)
    case 'unreachable':
      return page(
        'The hospital’s sign-in does not answer',
        `<p>Try again in a minute. Until then, wardkey-broker on the broker’s own machine does
         what the console does.</p>${again}`,
      )
  }
}

export const tooManyPage = (): string =>
  page('Too many sign-ins from here', '<p>Wait a minute, then load this page again.</p>')

export const notBuiltPage = (): string =>
  page('The console was not built', '<p>Run <code>npm run build</code>, then start again.</p>')

export const notSetUpPage = (): string =>
  page(
    'The console is not set up',
    `<p>It needs the hospital’s sign-in (the settings under <code>account</code>) and at least one
     group for a role (<code>console.privacy</code>, <code>console.it</code> …).</p>
     <p class="quiet">docs/settings.md has each of them with a sentence.</p>`,
  )
