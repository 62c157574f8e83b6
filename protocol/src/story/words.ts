// Codes of the record in the words of the ward. What has no words here is shown as it is.

import { refusalCodes } from '../codes.ts'

type Words = Readonly<Record<string, string>>

const say = (words: Words, code: string): string =>
  Object.hasOwn(words, code) ? (words[code] ?? code) : code

const locks: Words = {
  idle: 'Nobody touched it for as long as this place waits; it faded, and nobody came back',
  away: 'The sensor saw nobody before it; it faded, and nobody came back',
  'tap-out': 'Signed out with the badge',
  'other-badge': 'A badge was tapped',
  'let-go': 'The screen was given to the other badge',
  'lock-key': 'Locked by hand',
  'card-removed': 'The badge was taken out',
  'reader-lost': 'The badge reader was gone',
  'link-lost': 'Without a connection for too long',
  sleep: 'The computer went to sleep',
  resume: 'The computer had slept',
  'clock-ahead': 'The computer’s clock jumped ahead',
  'clock-jump': 'The computer’s clock was set back',
  stalled: 'The computer stood still for a while',
  'browser-lost': 'The chart’s browser stopped',
  'launch-failed': 'The chart did not open',
  'desktop-locked': 'The desktop was locked',
  'badge-revoked': 'The badge no longer counts',
  console: 'Locked from the console',
  restart: 'The workstation started anew',
  'not-on-screen': 'The broker could not be sure what was on the screen',
  'answered-late': 'The answer came too late',
  'emergency-over': 'The time of emergency access was over',
  'network-back': 'The network came back, and it is asked anew',
  shutdown: 'The workstation was switched off',
  moved: 'Opened at another workstation',
  revoked: 'Access was taken away',
  'roles-changed': 'HR moved her to other work',
  'exception-ended': 'What let her in for a while is over',
  'access-changed': 'HR changed when and where she may work',
}
export const lockWords = (reason: string): string => say(locks, reason)

/** After what it was that PINs given at a workstation count no longer. */
const gaps: Words = {
  resume: 'the computer slept and woke',
  'clock-ahead': 'the computer’s clock jumped ahead, as after a sleep',
  'clock-jump': 'the computer’s clock was set back',
  stalled: 'the computer stood still for a while',
  '': 'the computer slept, or its clock jumped',
}
export const gapWords = (reason: string): string => say(gaps, reason)

const ends: Words = {
  'screens-limit': 'signed in elsewhere meanwhile',
  'overall-limit': 'open for as long as a session may be',
  'locked-too-long': 'waited too long behind the lock screen',
  'too-many-suspended': 'too many waited at this workstation',
  'suspended-too-long': 'waited too long at this workstation',
  'emergency-over': 'its time was over',
  'asked-anew': 'emergency access was asked for anew',
  'offline-session': 'signed in elsewhere without the broker',
  'network-back': 'the network came back, and it is asked anew',
  revoked: 'access was taken away',
  'badge-disowned': 'she said that a tap was not hers',
}
/** What ends with a lock of its screen ends for the lock's reason. */
export function endWords(reason: string): string {
  if (Object.hasOwn(ends, reason) || !Object.hasOwn(locks, reason)) return say(ends, reason)
  const words = say(locks, reason)
  return words.charAt(0).toLowerCase() + words.slice(1)
}

const rules: Words = {
  'badge-and-pin': 'by badge and PIN',
  'badge-within-grace': 'by badge; the PIN was given before',
  'zone-asks-no-pin': 'by badge; no PIN is asked for here',
  emergency: 'in an emergency',
  'emergency-with-witness': 'in an emergency, and a colleague spoke for them',
}
export const ruleWords = (rule: string): string => say(rules, rule)

const reasons: Words = {
  'patient-in-danger': 'A patient is in danger now',
  covering: 'I am covering for a colleague',
  'other-area': 'I was called to another area',
  'badge-trouble': 'My badge or PIN does not work',
  other: 'Something else',
}
export const reasonWords = (reason: string): string => say(reasons, reason)

const identities: Words = {
  'badge-and-pin': 'badge and PIN',
  badge: 'the badge',
  'number-and-pin': 'staff number and PIN',
}
export const identityWords = (identity: string): string => say(identities, identity)

const outcomes: Words = {
  appropriate: 'it was appropriate',
  inappropriate: 'it was not appropriate',
  'no-need': 'there was no need for it',
}
export const outcomeWords = (outcome: string): string => say(outcomes, outcome)

export function refusalWords(code: string): string {
  const known: Readonly<Record<string, { readonly sentence: string }>> = refusalCodes
  return known[code]?.sentence ?? code
}
