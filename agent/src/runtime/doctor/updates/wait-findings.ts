// What the doctor can find about what the agent in the session waits for with updates, and which of
// its words means which: a part of update-findings.ts. To wait is no fault. Pure.

import { warn, well } from '../meaning.ts'
import type { Meaning } from '../meaning.ts'
import type { WaitWord } from '../../../updates/hand-over/session-waits.ts'

export const waitFindings = {
  'updates-waits-in-use': well(
    'Updates wait for whoever works here: a session is open, behind the lock screen, or in the broker’s books.',
    'Nothing; sign out where nobody works any more.',
  ),
  'updates-waits-card': well(
    'Updates wait while a card is in the reader.',
    'Take it out where somebody left it.',
  ),
  'updates-waits-emergency': well(
    'Updates wait for the end of an emergency access.',
    'Nothing: an update never comes before that.',
  ),
  'updates-waits-asked': well(
    'Updates wait for an answer to what is on the screen.',
    'Answer or leave what the screen asks, if nobody is there.',
  ),
  'updates-waits-offline': well(
    'Updates wait for a broker: this workstation decides by itself, or has not told everything yet.',
    'Look at what is said here of brokers and the line.',
  ),
  'updates-waits-fetching': well(
    'Updates wait for a package that is not here whole.',
    'Nothing at first: it goes on where it was. If it stays, look at the release’s files at the broker.',
  ),
  'updates-waits-next-look': well(
    'Nothing was in the way when it was last looked at; it asks a broker again when the time has come.',
    'Leave the workstation switched on (updates.everyMinutes).',
  ),
  'updates-waits-no-answer': well(
    'No broker answered a question about updates.',
    'Nothing where brokers are older than updates; else look at what is said here of brokers.',
  ),
  'updates-waits-ring': well(
    'Updates wait until the roll-out comes to this workstation’s ring.',
    'Nothing; wardkey-broker updates show says how far it is.',
  ),
  'updates-waits-approval': well(
    'Updates wait until a second person lets the roll-out go beyond its first ring.',
    'Have a colleague approve it: wardkey-broker updates approve.',
  ),
  'updates-waits-window': well(
    'Updates wait for the time at which they may begin in this zone.',
    'Leave the workstation switched on until then (updateWindows of the zone).',
  ),
  'updates-waits-pace': well(
    'Updates wait while enough other workstations are in the middle of theirs.',
    'Nothing: it asks again in a few minutes.',
  ),
  'updates-waits-paused': well(
    'Updates wait while the roll-out is paused.',
    'Look why at the broker (wardkey-broker updates show), then resume or stop it.',
  ),
  'updates-waits-nothing': well(
    'There is nothing newer for this workstation now.',
    'Nothing; wardkey-broker updates show says what goes out.',
  ),
  'updates-waits-tried': well(
    'This roll-out was tried here and did not go well: it is not tried again.',
    'Look at how the last one ended, then begin another roll-out.',
  ),
  'updates-waits-not-for-this': warn(
    'The release that goes out has nothing for this kind of machine, or not for one so old.',
    'Install a release between the two by hand, or have one made for this kind of machine.',
  ),
} as const satisfies Readonly<Record<string, Meaning>>

type WaitFindingCode = keyof typeof waitFindings

/** Nothing where what the other part says of itself says more. */
export const waitCodes = {
  'in-use': 'updates-waits-in-use',
  'card-in-reader': 'updates-waits-card',
  emergency: 'updates-waits-emergency',
  asked: 'updates-waits-asked',
  offline: 'updates-waits-offline',
  downloading: 'updates-waits-fetching',
  'no-room': 'updates-no-room',
  'no-installer': undefined,
  'no-rollout': 'updates-waits-nothing',
  'up-to-date': 'updates-waits-nothing',
  paused: 'updates-waits-paused',
  ring: 'updates-waits-ring',
  approval: 'updates-waits-approval',
  window: 'updates-waits-window',
  pace: 'updates-waits-pace',
  tried: 'updates-waits-tried',
  'not-for-this': 'updates-waits-not-for-this',
  'too-far': 'updates-waits-not-for-this',
  'next-look': 'updates-waits-next-look',
  'not-answered': 'updates-waits-no-answer',
  'not-believed': 'updates-not-believed',
} as const satisfies Record<
  WaitWord,
  WaitFindingCode | 'updates-no-room' | 'updates-not-believed' | undefined
>
