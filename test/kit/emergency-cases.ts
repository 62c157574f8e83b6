// Who is let in by an emergency and who is not, as cases: a broker and a workstation that decides
// without one are tested with the same ones, so that they cannot come to differ. Says nothing of
// how either is asked.

import type { RefusalCode } from '@wardkey/protocol/codes'

export interface EmergencyCase {
  readonly zone: 'offers' | 'offers-none' | 'always-asks-witness'
  readonly reason: 'on-the-list' | 'not-on-the-list' | 'with-its-note' | 'without-its-note'
  /** By her badge, which is good, or by her staff number. */
  readonly by: 'card' | 'staff-number'
  /** Nobody: no such number. Whoever is gone or suspended is not among those who may. */
  readonly person: 'active' | 'on-leave' | 'suspended' | 'terminated' | 'nobody'
  readonly pin: 'proved' | 'at-hand' | 'not-at-hand'
  readonly isWitnessed: boolean
}

export type EmergencyAnswer =
  | { readonly kind: 'allow' | 'ask-pin' | 'ask-witness'; readonly rule: string }
  | { readonly kind: 'refuse'; readonly code: RefusalCode }

const usual: EmergencyCase = {
  ...{ zone: 'offers', reason: 'on-the-list', by: 'card', person: 'active' },
  ...{ pin: 'proved', isWitnessed: false },
}
const number = { by: 'staff-number' } as const
const witnessed = { isWitnessed: true } as const
const notAtHand = { pin: 'not-at-hand' } as const
const allow = (rule: string): EmergencyAnswer => ({ kind: 'allow', rule })
const askPin = (rule: string): EmergencyAnswer => ({ kind: 'ask-pin', rule })
const askWitness = (rule: string): EmergencyAnswer => ({ kind: 'ask-witness', rule })
const refuse = (code: RefusalCode): EmergencyAnswer => ({ kind: 'refuse', code })

const cases: readonly [string, Partial<EmergencyCase>, EmergencyAnswer][] = [
  ['badge and PIN', {}, allow('emergency')],
  ['badge and PIN with a note', { reason: 'with-its-note' }, allow('emergency')],
  ['badge, PIN and colleague', witnessed, allow('emergency-with-witness')],
  ['a badge whose PIN is at hand', { pin: 'at-hand' }, askPin('pin-at-hand')],
  ['the same with a colleague', { pin: 'at-hand', ...witnessed }, askPin('pin-at-hand')],
  ['a badge without a PIN', notAtHand, askWitness('badge-without-pin')],
  ['the same with a colleague', { ...notAtHand, ...witnessed }, allow('emergency-with-witness')],
  ['somebody on leave', { person: 'on-leave' }, askWitness('person-is-on-leave')],
  [
    'the same with a colleague',
    { person: 'on-leave', ...witnessed },
    allow('emergency-with-witness'),
  ],
  ['a zone that always asks', { zone: 'always-asks-witness' }, askWitness('zone-asks-witness')],
  [
    'the same with a colleague',
    { zone: 'always-asks-witness', ...witnessed },
    allow('emergency-with-witness'),
  ],
  ['number and PIN', number, askWitness('number-is-weak')],
  ['number, PIN and colleague', { ...number, ...witnessed }, allow('emergency-with-witness')],
  ['a number', { ...number, pin: 'at-hand' }, askPin('number-needs-pin')],
  [
    'a number with a colleague',
    { ...number, pin: 'at-hand', ...witnessed },
    askPin('number-needs-pin'),
  ],
  ['nobody’s number', { ...number, person: 'nobody', pin: 'at-hand' }, askPin('number-needs-pin')],
  ['nobody’s number after a PIN', { ...number, person: 'nobody' }, refuse('not-identified')],
  [
    'a number of somebody gone',
    { ...number, person: 'terminated', ...witnessed },
    refuse('not-identified'),
  ],
  [
    'a number of somebody suspended',
    { ...number, person: 'suspended', ...witnessed },
    refuse('not-identified'),
  ],
  [
    'a zone that offers none',
    { zone: 'offers-none', ...witnessed },
    refuse('emergency-not-offered'),
  ],
  [
    'a number where none is offered',
    { zone: 'offers-none', ...number },
    refuse('emergency-not-offered'),
  ],
  ['a reason of her own', { reason: 'not-on-the-list' }, refuse('emergency-not-offered')],
  ['a reason without its note', { reason: 'without-its-note' }, refuse('emergency-not-offered')],
  [
    'a number without the note',
    { reason: 'without-its-note', ...number, ...witnessed },
    refuse('emergency-not-offered'),
  ],
]

export const emergencyCases: readonly (readonly [string, EmergencyCase, EmergencyAnswer])[] =
  cases.map(([name, change, answer]) => [name, { ...usual, ...change }, answer])

export const caseReasons = [
  { code: 'care', label: 'Care cannot wait', asksNote: false },
  { code: 'other', label: 'Something else', asksNote: true },
]

/** As the person chose it. */
export function choiceOf({ reason }: EmergencyCase): { reason: string; hasNote: boolean } {
  switch (reason) {
    case 'on-the-list':
      return { reason: 'care', hasNote: false }
    case 'not-on-the-list':
      return { reason: 'bored', hasNote: true }
    case 'with-its-note':
      return { reason: 'other', hasNote: true }
    case 'without-its-note':
      return { reason: 'other', hasNote: false }
  }
}
