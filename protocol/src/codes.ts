// Every code that leaves Wardkey: what it means and what to do next, in the operator's words.
// The words on screen are the catalogue's (agent/src/screen); docs/codes.md is made from this.

import { alertRefusals } from './refusals/alert-refusals.ts'
import { evidenceRefusals } from './refusals/evidence-refusals.ts'
import { fleetRefusals } from './refusals/fleet-refusals.ts'
import { forgetRefusals } from './refusals/forget-refusals.ts'
import { accessRefusals } from './refusals/access-refusals.ts'
import { hrRefusals } from './refusals/hr-refusals.ts'
import { keyRefusals } from './refusals/key-refusals.ts'
import { recordRefusals, retentionRefusals } from './refusals/record-refusals.ts'
import { ruleRefusals } from './refusals/rule-refusals.ts'
import { streamRefusals } from './refusals/stream-refusals.ts'
import { manifestRefusals, rolloutRefusals } from './refusals/update-refusals.ts'
import { workstationFaults } from './workstation-faults.ts'

export interface Code {
  readonly sentence: string
  readonly next: string
}

const badgeTaken = {
  sentence: 'The badge already has an owner.',
  next: 'Find whose it is; mark it as replaced there first if it changed hands.',
}
const badgeNotAllowed = {
  sentence: 'The card is of a kind, facility or range that the site does not take.',
  next: 'Use one of the hospital’s cards; badges.allowed in the settings lists them.',
}

/** An expected no. It travels as an answer and is always in the record. */
export const refusalCodes = {
  'badge-unknown': {
    sentence: 'The badge is not enrolled to anybody.',
    next: 'Enrol it, or use the badge that is.',
  },
  'loaner-not-given': {
    sentence: 'The badge is a loaner that is given to nobody now.',
    next: 'Have it given at a workstation by somebody who may, or use the own badge.',
  },
  'badge-not-allowed': badgeNotAllowed,
  'badge-taken': badgeTaken,
  'errand-not-offered': {
    sentence: 'The zone does not offer this about badges and PINs.',
    next: 'Use another workstation, or call the service desk.',
  },
  'card-not-read': {
    sentence: 'A card was at the reader and could not be read: too short, or broken.',
    next: 'Hold it still and tap again; have the card looked at if it keeps happening.',
  },
  'card-not-a-badge': {
    sentence: 'The card names nobody: a phone, a passport, or a format the site has not chosen.',
    next: 'Use the hospital’s badge; choose the card’s format in the workstation’s settings.',
  },
  'card-must-stay': {
    sentence: 'The card was taken away in a zone where it stays in the reader.',
    next: 'Put it into the reader and leave it there.',
  },
  'badge-not-usable': {
    sentence: 'The badge is suspended, lost, expired or replaced.',
    next: 'Call the service desk to have it looked at or replaced.',
  },
  'person-not-active': {
    sentence: 'The person is not active: on leave, suspended or gone.',
    next: 'HR or the manager decides; nothing can be done at the workstation.',
  },
  'role-not-in-zone': {
    sentence: 'None of the person’s roles may use workstations of this zone.',
    next: 'Use a workstation of the own area, or ask for the role.',
  },
  'no-chart-here': {
    sentence: 'No chart application is set up for this person at this workstation.',
    next: 'Set one up in the broker’s settings: oidc.clients[].launch, for her roles and this kind of zone.',
  },
  'not-permitted': {
    sentence: 'A policy of the house forbids it.',
    next: 'Ask: wardkey-broker why <quote> names the rule.',
  },
  'off-shift': {
    sentence: 'The person is not on shift and not on call, and the zone asks for it.',
    next: 'Have the roster put right, or use emergency access where a patient needs it.',
  },
  'training-lapsed': {
    sentence: 'A training, licence or certificate that the zone asks for is not current.',
    next: 'Have it renewed and told to HR’s system; it counts from the next tap.',
  },
  'access-not-begun': {
    sentence: 'The person’s employment or contract has not begun.',
    next: 'HR or the sponsor decides; nothing can be done at the workstation.',
  },
  'access-over': {
    sentence: 'The person’s employment or contract is over.',
    next: 'HR or the sponsor decides; nothing can be done at the workstation.',
  },
  'zone-not-hers': {
    sentence: 'The person may use workstations of certain zones only, and this is none of them.',
    next: 'Use one of those, or have the sponsor add the zone.',
  },
  'escort-needed': {
    sentence: 'The person may be here only with an escort.',
    next: 'Have a colleague sign in and stay with her.',
  },
  'locked-down': {
    sentence: 'The zone is locked down, and none of the person’s roles is let in.',
    next: 'Wait for its end, or end it: wardkey-broker mode show.',
  },
  'policy-failed': {
    sentence: 'A policy could not be evaluated, so that nobody is let in by it.',
    next: 'Look at wardkey-broker policy show, and go back to the version before.',
  },
  'not-decided-offline': {
    sentence:
      'Without the network it is not known whether the person may now: what policy said of her holds no longer.',
    next: 'Wait for the network, or use another workstation.',
  },
  'pin-wrong': {
    sentence: 'The PIN did not match.',
    next: 'Try again; after several tries the PIN is locked for a while.',
  },
  'pin-locked': {
    sentence: 'Too many wrong PINs for this person: the PIN is locked for a while.',
    next: 'Wait for the time shown, or have the PIN reset.',
  },
  'pin-not-set': {
    sentence: 'The person has no PIN yet.',
    next: 'Set one at enrolment, or ask the service desk.',
  },
  'workstation-locked-out': {
    sentence: 'Too many wrong PINs at this workstation: it waits before it asks again.',
    next: 'Use another workstation, or wait for the time shown.',
  },
  'workstation-not-enrolled': {
    sentence: 'The workstation is not enrolled, or its identity was revoked.',
    next: 'Enrol it again with a token.',
  },
  busy: { sentence: 'The PIN queue is full.', next: 'Tap again in a few seconds.' },
  'no-answer': {
    sentence: 'No answer came within the time for one.',
    next: 'Tap again; look at the link if it keeps happening.',
  },
  'tap-superseded': {
    sentence: 'Another tap came before this one was answered.',
    next: 'Nothing: the later tap counts.',
  },
  'tap-cancelled': {
    sentence: 'The person cancelled, or walked away before the PIN.',
    next: 'Nothing.',
  },
  'tap-expired': {
    sentence: 'The question had run out before its answer came.',
    next: 'Tap again.',
  },
  'session-moved': {
    sentence: 'The session was opened at another workstation.',
    next: 'Nothing: it is where the person tapped last.',
  },
  'session-ended': { sentence: 'The session has ended.', next: 'Tap in again.' },
  'emergency-not-offered': {
    sentence: 'The zone offers no emergency access, or not for this reason.',
    next: 'Use another workstation, or call the service desk.',
  },
  'emergency-never': {
    sentence: 'No emergency access for a person who is gone, or with a badge reported lost.',
    next: 'Call the service desk; HR or security decides.',
  },
  'emergency-over': {
    sentence: 'The time of the emergency access is over.',
    next: 'Tap in again, or ask for emergency access again.',
  },
  'not-identified': {
    sentence: 'Staff number and PIN together name nobody.',
    next: 'Look at both, or have a colleague with a badge stand by.',
  },
  'witness-not-usable': {
    sentence: 'No badge was shown that can speak for the person.',
    next: 'Ask a colleague who is on duty and works in the area to tap.',
  },
  'not-known-here': {
    sentence: 'Without the network the workstation does not know this badge.',
    next: 'Use a badge that has the right to this workstation, or wait for the network.',
  },
  'nothing-to-open': {
    sentence: 'Without the network the workstation has nothing that it could open for her.',
    next: 'Use another workstation, or wait for the network.',
  },
  'cannot-record': {
    sentence: 'The workstation cannot write down what happens: nothing opens until it can.',
    next: 'Free space on its disk; it goes on by itself.',
  },
  'network-back': {
    sentence: 'The network is back: what was opened without it is opened anew.',
    next: 'Tap in again.',
  },
  'step-up-wrong-person': {
    sentence: 'The badge shown for a signature is not that of the person at the workstation.',
    next: 'The person whose session it is signs, with the own badge.',
  },
  'step-up-cancelled': {
    sentence: 'The signature was cancelled or not answered in time.',
    next: 'Sign again from the chart.',
  },
  'ticket-not-valid': {
    sentence: 'The launch ticket is unknown, used, expired or for somewhere else.',
    next: 'Tap again; a ticket works once, for 30 seconds, at one workstation.',
  },
  'token-not-valid': {
    sentence: 'The enrolment token is unknown, used up or expired.',
    next: 'Make a new one: wardkey-broker workstation token.',
  },
} as const satisfies Record<string, Code>
export type RefusalCode = keyof typeof refusalCodes

/** An expected no to an administrator. It never reaches a workstation. */
export const adminRefusalCodes = {
  'person-unknown': {
    sentence: 'There is no such person.',
    next: 'Look for her: wardkey-broker person list has names and ids, person show the staff number.',
  },
  'person-forgotten': {
    sentence: 'The person’s identifiers were forgotten: nothing can be added for her.',
    next: 'Add the person anew.',
  },
  'badge-taken': badgeTaken,
  'badge-random-id': {
    sentence: 'The card shows a new random number at each tap (a phone or a passport).',
    next: 'Use a card with a fixed number.',
  },
  'badge-not-an-id': {
    sentence: 'The number is all zeros or all ones: a reader’s error, not a card.',
    next: 'Read the card again, at another reader.',
  },
  'badge-not-allowed': badgeNotAllowed,
  'badge-technology-not-known': {
    sentence: 'No such card technology can be enrolled from this kind of reader.',
    next: 'Name one of those that docs/codes.md lists.',
  },
  'badge-unknown': {
    sentence: 'There is no such badge, or it was replaced or is past its end, which is for good.',
    next: 'Look at the ids of hers: wardkey-broker badge list <person>.',
  },
  'badge-not-hrs': {
    sentence: 'The badge was reported lost, or suspended by somebody else than HR.',
    next: 'Leave its status out; whoever looks after badges restores it, or its owner finds it.',
  },
  'pin-length': {
    sentence: 'The PIN has too few or too many digits.',
    next: 'Choose one of 12 digits at most, and of as many as the site asks for (pin.digits: 8).',
  },
  'pin-guessable': {
    sentence: 'The PIN is a sequence, a repetition, a date or part of a badge number.',
    next: 'Choose one without a pattern.',
  },
  'workstation-unknown': {
    sentence: 'There is no such workstation.',
    next: 'Look at the id: wardkey-broker workstation list.',
  },
  'zone-unknown': {
    sentence: 'There is no such zone.',
    next: 'Name one of the settings: wardkey-broker zone list.',
  },
  'offline-review-unknown': {
    sentence: 'There is no such decision to review.',
    next: 'Look at the id: wardkey-broker offline list.',
  },
  'offline-review-closed': {
    sentence: 'The review was closed already.',
    next: 'Nothing; look at how: wardkey-broker offline show.',
  },
  ...hrRefusals,
  'token-unknown': { sentence: 'There is no such token.', next: 'Look at the list of tokens.' },
  'grant-unknown': {
    sentence: 'There is no such emergency access.',
    next: 'Look at the id: wardkey-broker break-glass list.',
  },
  'review-closed': {
    sentence: 'The review of this emergency access is closed already.',
    next: 'Nothing: an outcome is given once. wardkey-broker break-glass show has it.',
  },
  'own-record': {
    sentence: 'Nobody changes what is kept about herself.',
    next: 'Ask a colleague with the same role.',
  },
  'review-own': {
    sentence: 'Nobody reviews what she did herself, or an access that she spoke for.',
    next: 'Have somebody else review it.',
  },
  ...ruleRefusals,
  ...recordRefusals,
  ...evidenceRefusals,
  ...alertRefusals,
  ...streamRefusals,
  ...fleetRefusals,
  ...manifestRefusals,
  ...rolloutRefusals,
  ...forgetRefusals,
  ...retentionRefusals,
  ...accessRefusals,
  ...keyRefusals,
  'tap-unknown': {
    sentence: 'No tap of the record has this id or code to quote.',
    next: 'Look at the code; a tap that was refused at once, without a broker, is not here.',
  },
  'tap-gone': {
    sentence:
      'No tap that is still kept has this id or code to quote, and retention took old ones out of ' +
      'the record: it may have been one of them.',
    next:
      'Look at the code. Up to when taps are gone is at the console’s page Retention, under what ' +
      'went, and at GET /retention/purges; why one of them went as it did, nobody can say any more.',
  },
  busy: { sentence: 'The PIN queue is full.', next: 'Try again in a few seconds.' },
} as const satisfies Record<string, Code>
export type AdminRefusalCode = keyof typeof adminRefusalCodes

/** Something that does not parse. The sender is told; the operator sees the place. */
export const invalidCodes = {
  'frame-too-large': { sentence: 'A frame is larger than allowed.', next: 'Mend the sender.' },
  'frame-too-deep': { sentence: 'A frame is nested too deeply.', next: 'Mend the sender.' },
  'frame-not-json': { sentence: 'A frame is not JSON text.', next: 'Mend the sender.' },
  'frame-not-understood': {
    sentence: 'A frame has an unknown kind, or fields that do not fit it.',
    next: 'Bring both sides to versions that speak with each other.',
  },
  'frame-too-fast': { sentence: 'More frames than the limit came.', next: 'Mend the sender.' },
  'version-not-spoken': {
    sentence: 'The other side speaks a protocol version that this one does not.',
    next: 'Update the older side.',
  },
  'journal-does-not-follow': {
    sentence: 'A journal of a cut-off workstation does not follow from what was merged before.',
    next: 'Keep the workstation’s disk as it is; look at wardkey-broker offline list.',
  },
  'request-not-understood': { sentence: 'A request does not parse.', next: 'Mend the request.' },
} as const satisfies Record<string, Code>
export type InvalidCode = keyof typeof invalidCodes

/** Something that Wardkey leans on failed. */
export const faultCodes = {
  'store-unavailable': { sentence: 'The database did not answer.', next: 'Look at the database.' },
  'store-full': {
    sentence: 'The disk under the record is full.',
    next: 'Make room: nothing unlocks.',
  },
  'store-queue-full': {
    sentence: 'More writes wait than allowed.',
    next: 'Look at the disk’s speed.',
  },
  'store-newer': {
    sentence: 'The database was written by a newer release.',
    next: 'Install that release or a later one; a database never goes back.',
  },
  'store-not-empty': {
    sentence: 'The database holds something already: a backup is restored into an empty one only.',
    next: 'Name an empty data folder or database, or move the old one away.',
  },
  'backup-not-valid': {
    sentence: 'The backup is not whole, or the record in it is not as it was signed.',
    next: 'Take another one; nothing of this one was written anywhere.',
  },
  'store-contended': {
    sentence: 'Others kept changing the same things first.',
    next: 'Try again; look at what changes so often if it stays.',
  },
  'record-not-valid': {
    sentence: 'The record on disk is not the one that was signed.',
    next: 'Do not serve. Keep the disk as it is and call the privacy officer.',
  },
  'record-rolled-back': {
    sentence: 'A witness has seen more of the record than is on disk, or another one of its size.',
    next:
      'Bring back the newer database. Where it is lost for good, call the privacy officer, keep ' +
      'what the witness has, and take the witness out of record.witnesses to serve again.',
  },
  'key-missing': { sentence: 'A key cannot be read.', next: 'Restore the key folder.' },
  'settings-not-valid': {
    sentence: 'Settings do not parse.',
    next: 'Mend what the message names.',
  },
  'port-taken': { sentence: 'Another program has the port.', next: 'End it, or set another port.' },
  ...workstationFaults,
  'policy-not-valid': {
    sentence: 'The written policies in force do not validate with this release.',
    next: 'Install the release that they were approved with, or a later one.',
  },
  internal: { sentence: 'Something failed that has no code of its own.', next: 'Read the log.' },
} as const satisfies Record<string, Code>
export type FaultCode = keyof typeof faultCodes
