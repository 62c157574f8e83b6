// Every page that says what happened and what to do next, in the hospital’s words.
// Two voices: nothing here is made from a caught error or from what the provider wrote.

import type { NotSigned } from '../signing/judge-signature.ts'
import { html, type Html } from './html.ts'

export interface Notice {
  readonly large: string
  readonly next: string
  readonly action?: { readonly href: string; readonly label: string }
}

const again = { href: '/login', label: 'Try again' }

export const notices = {
  locked: {
    large: 'Your screen is locked.',
    next: 'Tap your badge at the workstation.',
    action: again,
  },
  ended: {
    large: 'You are signed out.',
    next: 'Tap your badge to come back to the chart.',
    action: { href: '/login', label: 'Sign in' },
  },
  'provider-away': {
    large: 'Sign-in is not reachable.',
    next: 'Wait a moment and try again. If it stays so, call the service desk.',
    action: again,
  },
  expired: {
    large: 'This sign-in has run out.',
    next: 'Start again; it works once, in the window where it began.',
    action: again,
  },
  refused: {
    large: 'The sign-in was not allowed.',
    next: 'Tap your badge again, or call the service desk.',
    action: again,
  },
  failed: {
    large: 'The sign-in could not be checked.',
    next: 'Nothing was opened. Try again, or call the service desk.',
    action: again,
  },
  'nothing-here': {
    large: 'There is nothing for your role here.',
    next: 'Larkfield Chart shows patients to nurses, prescribers and pharmacists.',
  },
  'not-yours': {
    large: 'This page is not open to you here.',
    next: 'It belongs to another ward or another role.',
    action: { href: '/', label: 'Back to your list' },
  },
  'not-found': {
    large: 'There is no such page.',
    next: 'The patient may have been discharged.',
    action: { href: '/', label: 'Back to your list' },
  },
  'form-stale': {
    large: 'Nothing was done.',
    next: 'The page was older than your sign-in. Open the chart again and repeat it.',
    action: { href: '/', label: 'Back to your list' },
  },
  'downtime-closed': {
    large: 'The downtime view is closed.',
    next: 'It opens at a workstation without network, by badge and PIN.',
  },
  trouble: {
    large: 'Something went wrong.',
    next: 'Nothing was changed. Try again, or call the service desk.',
    action: { href: '/', label: 'Back to your list' },
  },
} as const satisfies Record<string, Notice>
export type NoticeName = keyof typeof notices

/** Why a prescription is still a draft, one sentence each. */
export const notSignedWords: Readonly<Record<NotSigned, string>> = {
  'another-person': 'The badge belongs to somebody else. You sign with your own.',
  'too-weak': 'The sign-in was weaker than a signature needs.',
  'not-fresh': 'The badge and PIN were not given for this signature.',
  'not-bound': 'The confirmation does not name this prescription.',
  'order-changed': 'The prescription was changed while you were signing.',
  'already-signed': 'The prescription had been signed before.',
  cancelled: 'The signature was cancelled or not answered in time.',
  'not-possible-here': 'This workstation cannot ask for badge and PIN now.',
  'screen-locked': 'Your screen is locked. Tap your badge at the workstation, then sign again.',
  'session-over': 'You were signed out before the signature was complete.',
  'sign-in-failed': 'The confirmation could not be checked.',
}

export function noticeBody(notice: Notice, name: string): Html {
  const { action } = notice
  return html`<div class="notice" data-testid="notice" data-notice="${name}">
    <h1>${notice.large}</h1>
    <p>${notice.next}</p>
    ${action ? html`<a class="button" href="${action.href}">${action.label}</a>` : undefined}
  </div>`
}

export function notSignedBody(reason: NotSigned, backTo: string | undefined): Html {
  const href = backTo ?? '/'
  return html`<div class="notice" data-testid="not-signed" data-reason="${reason}">
    <h1>Not signed.</h1>
    <p>${notSignedWords[reason]} The draft is kept as it was.</p>
    <a class="button" href="${href}">${backTo ? 'Back to the draft' : 'Back to your list'}</a>
  </div>`
}
