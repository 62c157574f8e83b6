// Why a badge was refused, and why what a cut-off workstation decided is looked at, in the words of
// the ward. Pure.

import { refusalWords } from './words.ts'

type Words = Readonly<Record<string, string>>

/** Why a badge was refused that is somebody's. */
const badges: Words = {
  lost: 'It was reported lost.',
  suspended: 'It is suspended.',
  resting: 'It rests while a loaner stands in for it.',
  replaced: 'It was replaced by another.',
  expired: 'Its time is over.',
}
export const badgeWords = (status: string): string =>
  (Object.hasOwn(badges, status) ? badges[status] : undefined) ?? refusalWords('badge-not-usable')

/** After a colon: what would have spoken against a decision that was made without the broker. */
const otherwise: Words = {
  'bundle-expired': 'what it went by was too old',
  'person-not-active': 'HR had said that the person is not at work',
  'badge-not-usable': 'the badge did not count any more',
  'role-not-in-zone': 'HR had changed what the person does',
  'not-permitted': 'a rule of the house had changed',
  'zone-changed': 'it was told of another area',
  'pin-changed': 'the PIN had been changed',
  'open-elsewhere': 'the person was signed in at another workstation',
  'emergency-not-offered': 'emergency access is not offered there',
  'emergency-too-long': 'emergency access went on after its time',
  'witness-missing': 'no colleague spoke for the person',
  'witness-is-herself': 'nobody speaks for themselves',
  'witness-not-in-bundle': 'it did not know the colleague who spoke',
  'witness-not-active': 'the colleague who spoke was not at work',
  'witness-badge-not-usable': 'the badge of the colleague who spoke did not count any more',
  'witness-role-may-not': 'the colleague who spoke may not speak for anybody there',
  incomplete: 'it tells too little of it',
  'bundle-unknown': 'nobody had told it what it went by',
  'person-not-in-bundle': 'it had not been told of the person',
  'refused-in-bundle': 'it had been told to refuse',
  'session-not-here': 'the session is not one of that workstation',
}
/** Of reasons one after the other, as the record has them; nothing where there are none. */
export function otherwiseWords(reasons: string): string {
  const told = reasons.split(' ').filter((reason) => reason !== '')
  const say = (one: string): string =>
    (Object.hasOwn(otherwise, one) ? otherwise[one] : undefined) ?? one
  return told.map(say).join(', and ')
}
