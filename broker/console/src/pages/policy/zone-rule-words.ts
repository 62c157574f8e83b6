// What each rule of a zone is called on the page, and its value in words. Pure.

import { lengthText } from '../../parts/time/time-text.ts'

const names: Readonly<Record<string, string>> = {
  roles: 'Who works there',
  asksShift: 'Off shift',
  asksTraining: 'Training that must be current',
  lockdownRoles: 'Who comes in while it is locked down',
  idleMs: 'Locks when nobody touches it for',
  fadeMs: 'Fades before it locks, for',
  staleMs: 'Locks when the broker is gone for',
  publicView: 'In public view',
  presentIdleMs: 'Locks, somebody being near, after',
  awayIdleMs: 'Locks, nobody being near, after',
  activeMs: 'The own badge signs out within',
  cardStays: 'The badge stays in the reader',
  takeOver: 'Another’s badge takes the screen',
  takeOverMs: 'The screen can be kept for',
  screensMax: 'Open screens a person',
  suspendedMax: 'Sessions that wait behind the lock',
  offlineMaxMs: 'Goes on without the broker for',
  downtimeSteps: 'What opens without the broker',
  nameShown: 'Name on the screen',
  pin: 'The PIN is asked for',
  badgeAloneAssurance: 'A badge alone is worth at least',
  graceRollingMs: 'Badge alone, since the last sign of life',
  graceAbsoluteMs: 'Badge alone, since the last PIN',
  lockedMaxMs: 'A locked session waits for',
  serviceDesk: 'Service desk',
  errands: 'What can be done about badges and PINs',
  witnessRoles: 'Who may speak for a colleague',
  twoWitnessRoles: 'Whom two must speak for',
  emergency: 'Emergency access',
}

const values: Readonly<Record<string, string>> = {
  'pin grace': 'once, and then after a while',
  'pin each-tap': 'at each tap',
  'pin never': 'never',
  'asksShift no': 'makes no difference',
  'asksShift note': 'is written down',
  'asksShift pin': 'asks for the PIN',
  'asksShift refuse': 'is refused',
  'takeOver at-once': 'at once',
  'takeOver ask-first': 'after asking who works there',
  'offlineMaxMs 0': 'not at all',
}

/** One that is newer than this page is called by its own name: `idleLockMs` is `Idle lock`. */
export function ruleName(key: string): string {
  const spaced = key
    .replace(/Ms$/, '')
    .replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim()
  return names[key] ?? spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

export function ruleText(key: string, value: unknown): string {
  const known = values[`${key} ${String(value)}`]
  if (known !== undefined) return known
  if (typeof value === 'number' && key.endsWith('Ms')) return lengthText(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (value === '') return 'none'
  if (Array.isArray(value)) {
    return value.length === 0 ? 'none' : value.map((one) => ruleText(key, one)).join('; ')
  }
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([part, inner]) => `${ruleName(part).toLowerCase()} ${ruleText(part, inner)}`)
    .join(', ')
}
