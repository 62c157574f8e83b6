// The broker's keys by kind: what each is called, what it is for, and how another one takes its
// place. Words for commands and pages; nothing of a key.

import { z } from 'zod'

// Said to be pure, so that a page which takes the words alone leaves the schemas behind.
export const keyKind = /* @__PURE__ */ z.enum([
  'master',
  'root',
  'record',
  'sign-in',
  'authority',
  'bundle',
  'door',
  'witness',
  'lookup',
  'pin-pepper',
  'person-keys',
  'cookies',
  'tickets',
  'downtime',
])
export type KeyKind = z.infer<typeof keyKind>

/**
 * How another takes its place: by itself, by a command on the host, by another file in the key
 * folder, or not yet.
 */
export type KeyRotation = 'schedule' | 'command' | 'file' | 'not-yet'

interface KeyWords {
  readonly title: string
  readonly what: string
  readonly rotation: KeyRotation
  readonly command?: string
}

const notYet = { rotation: 'not-yet' } as const

export const keyWords: Readonly<Record<KeyKind, KeyWords>> = {
  master: {
    title: 'Master key',
    what: 'Opens the root key, and nothing else.',
    ...{ rotation: 'command', command: 'wardkey-broker keys rotate-master' },
  },
  root: {
    title: 'Root key',
    what: 'All other keys come from it, or are sealed under it.',
    ...notYet,
  },
  record: {
    title: 'Record signing',
    what: 'Signs the record’s checkpoints.',
    ...{ rotation: 'command', command: 'wardkey-broker keys rotate record' },
  },
  'sign-in': {
    title: 'Sign-in (OpenID Connect)',
    what: 'Signs what EHRs are told of who signs in.',
    ...{ rotation: 'schedule', command: 'wardkey-broker keys rotate sign-in' },
  },
  authority: {
    title: 'Workstation authority',
    what: 'Signs the certificates of workstations and of the broker’s door for them.',
    ...{ rotation: 'command', command: 'wardkey-broker keys prepare authority' },
  },
  bundle: {
    title: 'Workstation bundles',
    what: 'Signs what workstations decide with while no broker is there.',
    ...notYet,
  },
  door: {
    title: 'Workstation door',
    what: 'Shown to workstations; its certificate is renewed by itself.',
    ...notYet,
  },
  witness: {
    title: 'Witness',
    what: 'Cosigns the checkpoints of other records, whose witness this broker is.',
    ...notYet,
  },
  lookup: {
    title: 'Look-ups',
    what: 'Finds badges, staff numbers and HR’s ids without keeping them in the clear.',
    ...notYet,
  },
  'pin-pepper': { title: 'PIN pepper', what: 'Goes into the hash of every PIN.', ...notYet },
  'person-keys': {
    title: 'People’s keys',
    what: 'Wraps the key of each person, under which her name is sealed.',
    ...notYet,
  },
  cookies: {
    title: 'Cookies',
    what: 'Seals cookies and sign-ins with hospital accounts.',
    ...notYet,
  },
  tickets: {
    title: 'Session tickets',
    what: 'Lets workstations connect again quickly; another one each day.',
    rotation: 'schedule',
  },
  downtime: {
    title: 'Downtime view',
    what: 'Asked for by a downtime view; its EHR has a copy.',
    rotation: 'file',
  },
}

/** Why a key is changed: `compromised` where others may have it. */
export const keyChangeReason = /* @__PURE__ */ z.enum(['scheduled', 'compromised'])
export type KeyChangeReason = z.infer<typeof keyChangeReason>
