// What an HTTP door of the broker may say by itself, before any flow was asked.

import type { Code } from '../codes.ts'

export const doorCodes = {
  'token-missing': {
    sentence: 'The request has no bearer token, or one that is not known or has expired.',
    next: 'Send an administration token: wardkey-broker init writes the first one.',
  },
  'console-signed-out': {
    sentence: 'Nobody is signed in to the console in this browser, or not any more.',
    next: 'Sign in with your hospital account.',
  },
  'console-not-its-page': {
    sentence: 'The request did not come from a page of the console.',
    next: 'Load the console again in this browser.',
  },
  'console-own-record': {
    sentence: 'Nobody changes what is kept about herself.',
    next: 'Ask a colleague with the same role.',
  },
  'console-no-own-record': {
    sentence: 'This house does not show people what is kept about them.',
    next: 'Ask the privacy office; console.ownRecord in the settings has it.',
  },
  'own-tap-unknown': {
    sentence: 'Nothing that is told as yours is there under this number.',
    next: 'Load the page again, and choose the line there.',
  },
  'scope-missing': {
    sentence: 'The token may not do this.',
    next: 'Use a token with the scope that the documentation names for it.',
  },
  'certificate-missing': {
    sentence: 'The connection shows no certificate of this broker’s authority.',
    next: 'Enrol the workstation.',
  },
  'too-many-requests': {
    sentence: 'More requests than the limit came from this address.',
    next: 'Wait for the time that Retry-After names.',
  },
  'not-ready': {
    sentence: 'The broker is starting or stopping.',
    next: 'Try again in a few seconds.',
  },
  'not-found': { sentence: 'There is nothing at this address.', next: 'Look at the path.' },
  'not-allowed': {
    sentence: 'This address does not know that method.',
    next: 'Look at the documentation.',
  },
  'too-large': { sentence: 'The request is larger than allowed.', next: 'Send less at once.' },
  'not-json': { sentence: 'The request is not JSON.', next: 'Send application/json.' },
  'key-used': {
    sentence: 'This Idempotency-Key came before, with another request or for a secret.',
    next: 'A secret is told only once: make a new one under a new key.',
  },
} as const satisfies Record<string, Code>
export type DoorCode = keyof typeof doorCodes
