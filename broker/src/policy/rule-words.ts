// What the rules that are code say, for the service desk: policies have their own names. Pure.

/** Rules of decide-tap and decide-break-glass that end in a question or a yes. */
const words: Readonly<Record<string, string>> = {
  'badge-and-pin': 'Badge and PIN were right.',
  'badge-within-grace': 'The badge alone was enough: the PIN was given not long before.',
  'zone-asks-no-pin': 'The zone asks no PIN.',
  'first-of-shift': 'The PIN was asked for: none had been given yet.',
  'zone-changed': 'The PIN was asked for: the last one was given in another zone.',
  'workstation-restarted': 'The PIN was asked for: the workstation had restarted or slept.',
  'clock-went-back': 'The PIN was asked for: a clock had been set back.',
  'grace-absolute-over': 'The PIN was asked for: the last one was too long ago.',
  'grace-rolling-over': 'The PIN was asked for: nothing was done for too long.',
  'zone-asks-each-tap': 'The PIN was asked for: the zone asks it at each tap.',
  'badge-too-weak-alone': 'The PIN was asked for: the badge can be copied too easily.',
  'pin-again': 'The PIN was asked for again: the one before did not match.',
  'emergency-resumed': 'An emergency access that still stood was opened again.',
  'emergency-stands': 'The PIN was asked for: an emergency access still stood.',
}

/** Rules after which the PIN alone was missing, and the badge alone opened. */
export const openedByBadgeAlone: ReadonlySet<string> = new Set([
  'badge-within-grace',
  'zone-asks-no-pin',
])

/** Nothing for the rules that policies bring along. */
export function wordsOf(rule: string): string | undefined {
  return Object.hasOwn(words, rule) ? words[rule] : undefined
}
