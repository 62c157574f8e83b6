// The few pages a person may see between lock screen and chart. No script, no third party, nothing
// about the session: they can be looked at by whoever passes.

import { escapeHtml, page } from './page.ts'

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
} as const

/**
 * Waits beside the lock screen's own question. The refresh asks the waiting address, which answers
 * only when the person has: so the page stands still and needs no script.
 */
export function signingPage(description: string, waitPath: string): string {
  return page(
    'Sign at this workstation',
    `<p class="quiet">${escapeHtml(description)}</p>
     <p>Tap your badge, then type your PIN on the screen that opens.</p>`,
    `<meta http-equiv="refresh" content="0;url=${escapeHtml(waitPath)}">`,
  )
}

export function lockedPage(): string {
  return page('This screen is locked', '<p>Tap your badge at this workstation to go on.</p>')
}

export function ticketRefusedPage(): string {
  return page('The chart did not open', '<p>Tap your badge again at this workstation.</p>')
}

/** After a sign-in at a workstation, however it went: what came of it is on the lock screen. */
export function signInOverPage(): string {
  return page('Go on at the lock screen', '<p>This page closes by itself.</p>')
}

/** `code` is the OAuth error code: a closed word, never text from an exception. */
export function providerErrorPage(code: string): string {
  return page(
    'The application asked for something that is not possible',
    `<p>Go back and try again. If it happens twice, call the service desk.</p>
     <p class="quiet">Code: ${escapeHtml(code)}</p>`,
  )
}

export const style = `
:root {
  color-scheme: light dark;
  --ink: #16202a; --paper: #f6f8fa; --quiet: #4a5965; --line: #12656f;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #eef3f6; --paper: #10171d; --quiet: #a9b8c2; --line: #5cc2cf; }
}
html { background: var(--paper); color: var(--ink); font: 20px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { max-width: 36rem; padding: 2rem; border-left: 6px solid var(--line); }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; }
.quiet { color: var(--quiet); }
`
