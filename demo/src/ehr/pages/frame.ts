// What every page has around it: the document, and the head that says whose chart this is.
// No page has a script or a style of its own, so the content security policy can forbid both.

import type { SignIn } from '../sign-in/sign-in-claims.ts'
import { html, type Html } from './html.ts'
import { factorsInWords, roleInWords, timeOfDay } from './words.ts'

const mark = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
  <rect class="mark-field" x="1" y="1" width="22" height="22" rx="6" />
  <path class="mark-line" d="M5 15.5c3.4 0 3.4-7 7-7s3.6 3.5 7 3.5" />
  <circle class="mark-dot" cx="12" cy="8.5" r="1.9" />
</svg>`

export interface Place {
  readonly href: string
  readonly label: string
  readonly current: boolean
}

export interface Framed {
  readonly title: string
  readonly signIn: SignIn
  readonly places: readonly Place[]
  readonly banner?: Html | undefined
  readonly body: Html
}

function documentOf(title: string, watched: boolean, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Larkfield Chart</title>
        <link rel="stylesheet" href="/assets/chart.css" />
        <link rel="icon" href="/assets/mark.svg" type="image/svg+xml" />
        ${watched ? html`<script src="/assets/session-watch.js" defer></script>` : undefined}
      </head>
      <body>
        ${body}
      </body>
    </html> `
}

function whoIsHere(signIn: SignIn): Html {
  const since = timeOfDay(signIn.authTimeS * 1000)
  return html`<div class="who">
    <p class="who-name">
      <strong data-testid="chart-user">${signIn.name}</strong>
      <span data-testid="chart-role">${roleInWords(signIn.role)}</span>
    </p>
    <p class="who-place">
      <span data-testid="chart-place">${signIn.workstation}</span>
      <span class="who-since" data-testid="chart-since"
        >Since ${since}, ${factorsInWords(signIn.amr)}</span
      >
    </p>
  </div>`
}

const emergency = html`<aside class="emergency" aria-label="Emergency access">
  <strong>Emergency access.</strong> Every chart is open to you. Everything you open is reviewed.
</aside>`

/** A page of somebody who is signed in. */
export function framedPage(page: Framed): Html {
  const places = page.places.map(
    ({ href, label, current }) =>
      html`<a href="${href}" ${current ? html`aria-current="page"` : undefined}>${label}</a>`,
  )
  return documentOf(
    page.title,
    true,
    html`<a class="skip" href="#content">Skip to content</a>
      <header class="bar">
        <a class="brand" href="/"
          >${mark}<span>Larkfield <b>Chart</b></span></a
        >
        <nav class="places" aria-label="Lists">${places}</nav>
        ${whoIsHere(page.signIn)}
      </header>
      ${page.signIn.purpose === 'BTG' ? emergency : undefined} ${page.banner}
      <main id="content" tabindex="-1">${page.body}</main>`,
  )
}

/** Of nobody either, but with patients on it: sent to whoever had the key, and to nobody else. */
export function downtimeDocument(body: Html): Html {
  return documentOf('Downtime view', false, body)
}

/** A page of nobody: it carries no name, no place and nothing of a patient. */
export function barePage(title: string, body: Html): Html {
  return documentOf(
    title,
    false,
    html`<main class="bare">
      <p class="brand">
        ${mark}<span>Larkfield <b>Chart</b></span>
      </p>
      ${body}
    </main>`,
  )
}
