// How long each kind of fact is kept: its class, and of each class the usual days and the floor
// that no house goes below, with the reason. A code without a class does not compile. Pure.

import type { FactCode } from './fact-codes.ts'

/** `kept` is never taken out: what proves that something else was taken out as it may be. */
export type RetentionClass = 'access' | 'presence' | 'administration' | 'operational' | 'kept'

/** Those that have an end. */
export const endingClasses = ['access', 'presence', 'administration', 'operational'] as const
export type EndingClass = (typeof endingClasses)[number]
export type RetentionDays = Readonly<Record<EndingClass, number>>

export interface ClassRule {
  readonly what: string
  readonly usualDays: number
  /** A later release may go lower, and never higher: what was lawful once stays so. */
  readonly floorDays: number
  readonly why: string
}

export const classRules: Readonly<Record<EndingClass, ClassRule>> = {
  access: {
    what: 'who was let in where, or refused, and what was opened, signed or broken open',
    usualDays: 2192,
    floorDays: 731,
    why: 'two years for what stands beside controlled substances (21 CFR 1311.305)',
  },
  presence: {
    what: 'that somebody was seen at a workstation or at a door',
    usualDays: 731,
    floorDays: 92,
    why: 'a quarter: access reviews and late complaints need it, and nothing asks for more',
  },
  administration: {
    what: 'people, badges, rules, exceptions, alerts, tokens, keys, backups, and who looked',
    usualDays: 2192,
    floorDays: 731,
    why: 'two years for each change of access control (21 CFR 1311.150 and 1311.305)',
  },
  operational: {
    what: 'connections, starts, bundles: how the machines were, and nobody’s access',
    usualDays: 366,
    floorDays: 31,
    why: 'a month: a fault is looked for in the weeks after it',
  },
}

/** No end is so far that a date could not say it. */
export const retentionDaysMax = 36_525

const byCode = {
  'TAP-001': 'access',
  'TAP-002': 'access',
  'TAP-003': 'access',
  'TAP-004': 'access',
  'TAP-101': 'access',
  'TAP-102': 'access',
  'PIN-001': 'access',
  'PIN-002': 'access',
  'PIN-101': 'access',
  'PIN-102': 'access',
  'PIN-103': 'access',
  'PIN-104': 'access',
  'PIN-201': 'access',
  'SES-001': 'access',
  'SES-002': 'access',
  'SES-003': 'access',
  'SES-004': 'access',
  'SES-005': 'access',
  'SES-006': 'access',
  'SES-007': 'access',
  'SES-008': 'access',
  'SES-009': 'access',
  'SES-101': 'access',
  'SES-102': 'access',
  'PRE-001': 'presence',
  'PRE-002': 'presence',
  'PRE-101': 'presence',
  'ALM-001': 'presence',
  'SSO-001': 'access',
  'SSO-002': 'access',
  'SSO-003': 'access',
  'SSO-101': 'access',
  'SSO-102': 'access',
  'SSO-103': 'access',
  'SIG-001': 'access',
  'SIG-002': 'access',
  'SIG-003': 'access',
  'SIG-101': 'access',
  'BTG-001': 'access',
  'BTG-002': 'access',
  'BTG-003': 'access',
  'BTG-004': 'access',
  'BTG-005': 'access',
  'BTG-006': 'access',
  'BTG-007': 'access',
  'BTG-101': 'access',
  'BTG-102': 'access',
  'BTG-103': 'access',
  'OFF-001': 'operational',
  'OFF-002': 'access',
  'OFF-003': 'access',
  'OFF-004': 'access',
  'OFF-005': 'access',
  'OFF-006': 'operational',
  'OFF-101': 'access',
  'PER-001': 'administration',
  'PER-002': 'administration',
  'PER-003': 'administration',
  'PER-101': 'administration',
  // Its certificate has to be proved for as long as anybody may ask for it.
  'PER-004': 'kept',
  'PER-005': 'administration',
  'PER-006': 'operational',
  'PER-007': 'administration',
  'PER-008': 'administration',
  'PER-009': 'administration',
  'PER-102': 'administration',
  // Whoever verifies a purge has to know which holds stood.
  'HLD-001': 'kept',
  'HLD-002': 'kept',
  'HLD-003': 'kept',
  'HLD-101': 'administration',
  'HRG-001': 'administration',
  'HRG-002': 'administration',
  'HRG-003': 'administration',
  'HRG-101': 'administration',
  'BDG-001': 'administration',
  'BDG-002': 'administration',
  'BDG-003': 'administration',
  'BDG-101': 'administration',
  'BDG-004': 'administration',
  'BDG-005': 'administration',
  'BDG-007': 'administration',
  'BDG-006': 'administration',
  'ERD-001': 'administration',
  'ERD-002': 'administration',
  'ERD-003': 'administration',
  'ERD-004': 'administration',
  'ERD-005': 'administration',
  'ERD-101': 'administration',
  'ERD-102': 'administration',
  'ERD-103': 'administration',
  'ERD-104': 'administration',
  'WKS-001': 'administration',
  'WKS-002': 'operational',
  'WKS-003': 'administration',
  'WKS-004': 'operational',
  'WKS-005': 'operational',
  'WKS-006': 'administration',
  'WKS-007': 'operational',
  'WKS-008': 'administration',
  'WKS-009': 'administration',
  'WKS-010': 'administration',
  'WKS-011': 'administration',
  'WKS-101': 'administration',
  'WKS-102': 'administration',
  'WKS-103': 'administration',
  'ZON-001': 'administration',
  'POL-001': 'administration',
  'POL-002': 'administration',
  'POL-003': 'administration',
  'POL-101': 'administration',
  'EXC-001': 'administration',
  'EXC-002': 'administration',
  'EXC-003': 'administration',
  'EXC-004': 'administration',
  'EXC-101': 'administration',
  'ACR-001': 'administration',
  'ACR-002': 'administration',
  'ACR-003': 'administration',
  'ACR-004': 'administration',
  'ACR-005': 'administration',
  'ACR-006': 'administration',
  'ACR-007': 'administration',
  'ACR-008': 'administration',
  'ACR-009': 'administration',
  'ACR-101': 'administration',
  'MOD-001': 'administration',
  'MOD-002': 'administration',
  'MOD-101': 'administration',
  'ADM-001': 'administration',
  'ADM-002': 'administration',
  'ADM-003': 'administration',
  'ADM-004': 'administration',
  'ADM-005': 'administration',
  'ADM-006': 'administration',
  'ADM-101': 'administration',
  'ADM-102': 'administration',
  'STR-001': 'administration',
  'RET-001': 'kept',
  'RET-002': 'kept',
  'RET-003': 'kept',
  'RET-004': 'kept',
  'RET-101': 'administration',
  'RET-102': 'kept',
  'CON-001': 'administration',
  'CON-002': 'administration',
  'CON-101': 'administration',
  'ALR-001': 'administration',
  'ALR-002': 'administration',
  'ALR-003': 'administration',
  'ALR-004': 'administration',
  'ALR-005': 'administration',
  'ALR-006': 'administration',
  'ALR-101': 'administration',
  'ALR-103': 'administration',
  'KEY-002': 'administration',
  'BCK-001': 'administration',
  'BCK-002': 'administration',
  // After it something may be missing: who reads the record later has to see that.
  'BCK-003': 'kept',
  'BCK-004': 'administration',
  'SYS-001': 'operational',
  'SYS-002': 'operational',
  'SYS-003': 'kept',
} as const satisfies Record<FactCode, RetentionClass>

/** Of a code that this release does not know: kept, since nobody here knows what it says. */
export function retentionClassOf(code: string): RetentionClass {
  return Object.hasOwn(byCode, code) ? byCode[code as FactCode] : 'kept'
}

/** All codes of a class, in the order of the table. */
export function codesOfClass(name: RetentionClass): readonly FactCode[] {
  return (Object.keys(byCode) as FactCode[]).filter((code) => byCode[code] === name)
}
