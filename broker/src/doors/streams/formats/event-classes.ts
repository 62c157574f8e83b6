// What a fact is to whoever watches: its class, how grave it is, and whether it went well. Codes of
// a later release fall into `other`, so that nothing is left out of a stream. Pure.

export const eventClasses = [
  'sign-in',
  'emergency',
  'presence',
  'offline',
  'people',
  'policy',
  'workstations',
  'administration',
  'system',
  'other',
] as const
export type EventClass = (typeof eventClasses)[number]

/** As syslog counts (RFC 5424 section 6.2.1), in words. */
export type Gravity = 'info' | 'notice' | 'warning' | 'error' | 'alert'

const byLetters: Readonly<Record<string, EventClass>> = {
  TAP: 'sign-in',
  PIN: 'sign-in',
  SES: 'sign-in',
  SSO: 'sign-in',
  SIG: 'sign-in',
  BTG: 'emergency',
  PRE: 'presence',
  ALM: 'presence',
  OFF: 'offline',
  PER: 'people',
  HRG: 'people',
  BDG: 'people',
  ERD: 'people',
  ZON: 'policy',
  POL: 'policy',
  EXC: 'policy',
  MOD: 'policy',
  WKS: 'workstations',
  UPD: 'workstations',
  ADM: 'administration',
  CON: 'administration',
  STR: 'administration',
  RET: 'administration',
  SYS: 'system',
  HLD: 'people',
  ACR: 'people',
  ALR: 'administration',
  BCK: 'system',
  KEY: 'system',
  EVD: 'administration',
}

/** Those that are graver, or less grave, than their number says. */
const graver: Readonly<Record<string, Gravity>> = {
  'PIN-102': 'error',
  'BTG-001': 'warning',
  'BTG-002': 'alert',
  'BTG-004': 'warning',
  'OFF-101': 'alert',
  'OFF-102': 'alert',
  'OFF-103': 'warning',
  'OFF-004': 'warning',
  'PER-003': 'notice',
  'BDG-008': 'alert',
  'SIG-102': 'alert',
  'WKS-003': 'notice',
  'WKS-103': 'alert',
  'STR-001': 'warning',
  'UPD-104': 'error',
  'ALR-001': 'warning',
  'KEY-002': 'notice',
  'KEY-003': 'notice',
  'KEY-004': 'notice',
  'KEY-006': 'notice',
  'KEY-007': 'notice',
  'RET-002': 'notice',
  'RET-004': 'notice',
  'RET-102': 'alert',
  'KEY-005': 'warning',
  'PRE-101': 'notice',
  'ALM-001': 'warning',
  'MOD-001': 'warning',
}

export function classOfCode(code: string): EventClass {
  return byLetters[code.slice(0, 3)] ?? 'other'
}

/** Numbers from 101 to 199 say no (protocol/fact-codes). */
export function isFailure(code: string): boolean {
  return /^[A-Z]{3}-1[0-9]{2}$/.test(code)
}

export function gravityOf(code: string): Gravity {
  return graver[code] ?? (isFailure(code) ? 'warning' : 'info')
}
