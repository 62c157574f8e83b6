// Every kind of fact the record can hold. A code is never reused and never renamed: the record
// outlives the release that wrote it.

import type { Code } from './codes.ts'

const fact = (sentence: string): Code => ({ sentence, next: '' })

/** Stable numbers, grouped by hundreds; the record keeps the number, people read the sentence. */
export const factCodes = {
  'TAP-001': fact('A tap opened a session.'),
  'TAP-002': fact('A tap asked for the PIN.'),
  'TAP-003': fact('A tap ended the session it found.'),
  'TAP-101': fact('A tap was refused.'),
  'TAP-102': fact('A tap was cancelled or ran out before it was answered.'),
  'PIN-001': fact('A PIN matched.'),
  'PIN-101': fact('A PIN did not match.'),
  'PIN-102': fact('A PIN was locked for a while.'),
  'PIN-201': fact('A PIN was set.'),
  'SES-001': fact('A session was opened at a workstation.'),
  'SES-002': fact('A session moved to another workstation.'),
  'SES-003': fact('A session was locked.'),
  'SES-004': fact('A session ended.'),
  'SES-005': fact('A session’s chart was shown.'),
  'SES-101': fact('A session’s chart could not be opened.'),
  'SSO-001': fact('A launch ticket was exchanged for a sign-in.'),
  'SSO-002': fact('An EHR received a token for a session.'),
  'SSO-003': fact('An EHR was told that a session ended.'),
  'SSO-101': fact('A launch ticket was refused.'),
  'SSO-102': fact('An EHR was refused a token.'),
  'SSO-103': fact('An EHR could not be told that a session ended.'),
  'SIG-001': fact('A signature was asked for at a workstation.'),
  'SIG-002': fact('A signature was given with badge and PIN.'),
  'SIG-101': fact('A signature was refused, cancelled or not answered.'),
  'PER-001': fact('A person was added.'),
  'PER-002': fact('A person was changed.'),
  'PER-003': fact('A person’s access was revoked.'),
  'PER-004': fact('A person’s identifiers were forgotten.'),
  'BDG-001': fact('A badge was enrolled.'),
  'BDG-002': fact('A badge was suspended, lost or replaced.'),
  'WKS-001': fact('A workstation was enrolled.'),
  'WKS-002': fact('A workstation’s certificate was renewed.'),
  'WKS-003': fact('A workstation’s identity was revoked.'),
  'WKS-004': fact('A workstation connected.'),
  'WKS-005': fact('A workstation’s connection ended.'),
  'WKS-006': fact('An enrolment token was made.'),
  'WKS-101': fact('An enrolment was refused.'),
  'ZON-001': fact('A zone was added or changed.'),
  'ADM-001': fact('An administrator looked at or changed something.'),
  'SYS-001': fact('The broker started.'),
  'SYS-002': fact('The broker stopped.'),
  'SYS-003': fact('The installation was initialised.'),
} as const satisfies Record<string, Code>
export type FactCode = keyof typeof factCodes
