// Which kind of audit event a fact is, in the words of DICOM and IHE: a table, so that a receiver's
// other reading of a code is a row and no rewriting. Pure.

import type { StreamEvent } from './stream-event.ts'

export interface Coding {
  readonly system: string
  readonly code: string
  readonly display: string
}

export interface AuditKind {
  readonly type: Coding
  /** Beside our own code, which always is one. */
  readonly subtype: Coding | undefined
  /** FHIR audit-event-action. */
  readonly action: 'C' | 'R' | 'U' | 'D' | 'E'
}

const dcm = (code: string, display: string): Coding => ({
  system: 'http://dicom.nema.org/resources/ontology/DCM',
  code,
  display,
})

const activity = dcm('110100', 'Application Activity')
const logUsed = dcm('110101', 'Audit Log Used')
const alert = dcm('110113', 'Security Alert')
const authentication = dcm('110114', 'User Authentication')

const login = dcm('110122', 'Login')
const logout = dcm('110123', 'Logout')
const node = dcm('110126', 'Node Authentication')
const configuration = dcm('110129', 'Security Configuration')
const restricted = dcm('110132', 'Use of Restricted Function')
const objectChanged = dcm('110135', 'Object Security Attributes Changed')
const rolesChanged = dcm('110136', 'Security Roles Changed')
const userChanged = dcm('110137', 'User Security Attributes Changed')

/** IHE BALP, IUA: the broker gave an EHR a token (its pattern for ITI-71). */
export const getAccessToken: Coding = {
  system: 'urn:ihe:event-type-code',
  code: 'ITI-71',
  display: 'Get Access Token',
}

const kind = (
  type: Coding,
  subtype: Coding | undefined,
  action: AuditKind['action'] = 'E',
): AuditKind => ({ type, subtype, action })

const byCode: Readonly<Record<string, AuditKind>> = {
  'SES-001': kind(authentication, login),
  'SES-002': kind(authentication, login),
  'SES-003': kind(authentication, logout),
  'SES-004': kind(authentication, logout),
  'TAP-101': kind(authentication, login),
  'PIN-101': kind(authentication, login),
  'PIN-102': kind(authentication, login),
  'SSO-002': kind(authentication, getAccessToken),
  'SSO-102': kind(authentication, getAccessToken),
  'BTG-002': kind(alert, dcm('110127', 'Emergency Override Started')),
  'BTG-003': kind(alert, dcm('110138', 'Emergency Override Stopped')),
  'PER-001': kind(alert, userChanged, 'C'),
  'PER-003': kind(alert, userChanged, 'U'),
  'PER-004': kind(alert, userChanged, 'D'),
  'BDG-001': kind(alert, userChanged, 'C'),
  'WKS-001': kind(alert, objectChanged, 'C'),
  'WKS-002': kind(alert, objectChanged, 'U'),
  'WKS-003': kind(alert, objectChanged, 'U'),
  'ADM-006': kind(logUsed, undefined, 'R'),
  'EVD-001': kind(logUsed, undefined, 'R'),
  'CON-001': kind(authentication, login),
  'CON-002': kind(authentication, logout),
  'CON-101': kind(authentication, login),
  'SYS-001': kind(activity, dcm('110120', 'Application Start')),
  'SYS-002': kind(activity, dcm('110121', 'Application Stop')),
}

const byLetters: Readonly<Record<string, AuditKind>> = {
  TAP: kind(authentication, undefined),
  PIN: kind(authentication, undefined),
  SES: kind(authentication, undefined),
  SSO: kind(authentication, undefined),
  SIG: kind(authentication, undefined),
  BTG: kind(alert, undefined),
  ALM: kind(alert, undefined),
  PER: kind(alert, userChanged, 'U'),
  HRG: kind(alert, userChanged, 'U'),
  BDG: kind(alert, userChanged, 'U'),
  ERD: kind(alert, userChanged),
  ZON: kind(alert, configuration, 'U'),
  POL: kind(alert, configuration, 'U'),
  MOD: kind(alert, configuration, 'U'),
  EVD: kind(logUsed, undefined),
  STR: kind(alert, configuration, 'U'),
  RET: kind(alert, configuration, 'U'),
  EXC: kind(alert, rolesChanged, 'U'),
  WKS: kind(alert, node),
  ADM: kind(alert, restricted),
}

export function auditKind({ code }: Pick<StreamEvent, 'code'>): AuditKind {
  return byCode[code] ?? byLetters[code.slice(0, 3)] ?? kind(activity, undefined)
}
