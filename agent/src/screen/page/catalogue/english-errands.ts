// English for what people do about a badge or a PIN.

import type { Catalogue } from './catalogue.ts'

export const englishErrands: Catalogue['errands'] = {
  help: 'Badge and PIN help',
  titles: {
    enrol: 'This is my badge',
    loaner: 'Use this badge for my shift',
    'new-pin': 'I need a new PIN',
    'change-pin': 'Change my PIN',
    lost: 'I lost my badge',
    found: 'I found my badge again',
  },
  done: {
    enrol: { what: 'This is your badge now', next: 'Tap it to sign in' },
    loaner: {
      what: 'This is your badge for now',
      next: 'Tap it to sign in. Your own badge does not work until this one ends',
    },
    'new-pin': { what: 'Your PIN is set', next: 'Tap your badge and use it' },
    'change-pin': { what: 'Your PIN is changed', next: 'Use the new one from now on' },
    lost: {
      what: 'Your badge opens nothing any more',
      next: 'Ask for a loaner badge, or call the service desk for a new one',
    },
    found: { what: 'Your badge works again', next: 'Tap it to sign in' },
  },
  lasts: (ms) => {
    const hours = Math.round(ms / 3_600_000)
    return hours < 2 ? 'It lasts about an hour' : `It lasts about ${String(hours)} hours`
  },
  oneMoment: 'One moment',
  withColleague: 'Set a new one here',
  badgeWillNotDo: 'That badge cannot be used for this. Tap another',
  witnessTap: (isSecond) =>
    isSecond ? 'A second colleague in charge has to tap' : 'Ask a colleague in charge to tap',
  speaksFor: (title) => `To the colleague who taps: you say who somebody else is, for “${title}”`,
  witnessWillNotDo: 'That badge cannot speak for you. Ask somebody else in charge',
  witnessPin: (name) =>
    name === undefined ? 'Colleague, type your PIN' : `${name}, type your PIN`,
  typeNumber: (isOwn) => (isOwn ? 'Type your staff number' : 'Whose is it? Type the staff number'),
  numberIsNobodys: 'Nobody has that number. Type it again',
  isItYou: (name) => (name === undefined ? 'Is it you?' : `Are you ${name}?`),
  lookAtName: 'Look at the name before you say yes',
  yesItIs: 'Yes, that is me',
  isIt: (name) => (name === undefined ? 'Is it the right person?' : `Is this ${name}?`),
  tapToConfirm: 'You speak for this person: if it is the right name, tap your badge again',
  tapYoursToConfirm: 'If it is, tap the badge once more that is to be yours',
  confirmedByAnother: 'That was another badge. The same one as before has to be tapped',
  noItIsNot: 'No, somebody else',
  choosePin: 'Choose a PIN',
  pinOnceMore: 'Type it once more',
  pinAdvice: (digits) => `At least ${String(digits)} digits, no date and no pattern`,
  notTheSame: 'The two were not the same. Choose again',
  flaws: {
    'pin-length': 'That has too few or too many digits. Choose another',
    'pin-guessable': 'That is easy to guess. Choose another',
    'account-not-usable': 'Your hospital account cannot be used for this',
    'account-unreachable': 'The hospital sign-in cannot be reached now',
    'account-not-signed-in': 'The sign-in was not finished',
  },
  signInInstead: 'Sign in with your hospital account',
  signInOpen: 'Sign in on the page that opens',
  signInLead: 'Use your own account. The page closes by itself',
}
