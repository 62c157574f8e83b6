// English: plain, second person, present tense, no system terms.

import type { Catalogue } from './catalogue.ts'
import { englishErrands } from './english-errands.ts'
import { waitWords } from './wait-words.ts'

export const english: Catalogue = {
  language: 'en',
  tapYourBadge: 'Tap your badge',
  tapHint: 'Hold it to the reader until you hear or see the screen answer',
  reading: 'Badge read',
  stillChecking: 'Still checking',
  stillCheckingNext: 'You can tap again, or use another workstation',
  checkingPin: 'Checking your PIN',
  greeting: (name, hour) => {
    const time =
      hour < 5
        ? 'Hello'
        : hour < 12
          ? 'Good morning'
          : hour < 18
            ? 'Good afternoon'
            : 'Good evening'
    return name === undefined ? time : `${time}, ${name}`
  },
  enterPin: 'Type your PIN',
  pinAgain: 'That PIN did not match. Type it again',
  triesLeft: (tries) => (tries === 1 ? 'One try left' : `${String(tries)} tries left`),
  digitsEntered: (digits) => (digits === 0 ? 'No digits typed' : 'Digits typed'),
  erase: 'Erase',
  enter: 'Enter',
  notMe: 'Not me',
  forgotPin: 'Forgot my PIN',
  forgotPinAdvice: (isHere) =>
    isHere
      ? 'Press the button first. Then a colleague in charge says that it is you'
      : 'A new one is set once somebody has made sure that it is you',
  back: 'Back',
  opening: (name) => `Opening for ${name}`,
  openingStage: 'The chart is coming',
  inUse: (name) => `${name} is signed in`,
  movedFrom: (place) => `You were still signed in at ${place}. It is locked there now`,
  stillThere: (name) => (name === undefined ? 'Still there?' : `Still there, ${name}?`),
  stayHint: 'Move, or tap your badge, to stay signed in',
  signingOut: (name) => (name === undefined ? 'Signing out' : `Signing out ${name}`),
  tapToStay: 'Tap your badge again to stay',
  otherBadge: 'Another badge was tapped',
  stillSignedIn: (name) => `${name ?? 'Somebody'} is still signed in`,
  handsOverIn: (seconds) =>
    `Without an answer the screen goes to the other badge in ${String(seconds)} s`,
  keepWorking: 'Keep working',
  letGo: 'Let go',
  emergencyAccess: 'Emergency access',
  chooseReason: 'Why do you need access now?',
  reasonIsKept: 'Your reason is kept and looked at afterwards',
  noteWanted: 'Say in a few words what happened',
  continue: 'Continue',
  orStaffNumber: 'Or type your staff number',
  staffNumber: 'Staff number',
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ ',
  space: 'Space',
  witnessTitle: 'Ask a colleague to tap',
  witnessFor: (name) =>
    name === undefined
      ? 'Their badge says that you are who you say'
      : `Their badge says that you are ${name}`,
  witnessAgain: 'That badge cannot speak for you. Ask another colleague who works here',
  closesIn: (seconds) => `This closes in ${waitWords(seconds)}`,
  lockWasWrong: 'This lock was wrong',
  secondsLeft: (seconds) => (seconds === 1 ? '1 second' : `${String(seconds)} seconds`),
  lockNow: 'Lock now',
  signTitle: 'Your signature',
  signIn: (application) => `Asked for by ${application}`,
  signTap: (name) => `Tap your badge, ${name}`,
  signWrongBadge: (name) => `That is not ${name}’s badge. Tap your own`,
  cancel: 'Do not sign',
  tryAgainIn: (seconds) => `You can try again in ${waitWords(seconds)}`,
  quote: (code) => `Code for the service desk: ${code}`,
  callServiceDesk: (desk) => `Service desk: ${desk}`,
  ok: 'OK',
  movedTo: (place) =>
    place === undefined ? 'You signed in at another workstation' : `You signed in at ${place}`,
  notices: {
    // Told of sessions that wait as of those that are over.
    ended: 'This screen was locked',
    idle: 'Locked because nobody touched it for a while',
    away: 'Locked because nobody was here',
    'card-removed': 'Locked because the badge was taken out',
    'wrong-noted': 'Noted, thank you',
    'reader-lost':
      'Locked because the badge reader was gone for a while. Your badge signs you in again',
    'link-lost':
      'Locked because there was no connection for too long. Once there is one, your badge signs you in again',
    'browser-lost': 'Locked because the chart’s browser stopped. Your badge opens the chart anew',
    'launch-failed':
      'The chart did not open. Tap your badge to try again, or use another workstation',
    trouble: 'Locked to be safe. Your badge signs you in again',
    slept: 'Locked because the computer slept or its clock was changed',
    'emergency-over': 'The time of your emergency access is over',
    'network-back': 'The network is back',
  },
  noWindow: 'This window is not connected. Wait a moment',
  refusals: {
    'badge-unknown': {
      what: 'This badge is not known here',
      next: 'Use your own hospital badge, or ask the service desk to make this one yours',
    },
    'loaner-not-given': {
      what: 'This loaner badge is not given to anybody now',
      next: 'Ask a colleague in charge to give it to you, or use your own',
    },
    'badge-not-allowed': {
      what: 'This card is not one of the hospital’s badges',
      next: 'Use your hospital badge, or ask the service desk for one',
    },
    'badge-taken': {
      what: 'This badge belongs to somebody already',
      next: 'Give it to the service desk, and use your own',
    },
    'errand-not-offered': {
      what: 'That cannot be done at this workstation',
      next: 'Use another one, or call the service desk',
    },
    'card-not-read': {
      what: 'The badge was not read',
      next: 'Hold it still at the reader and tap again',
    },
    'card-not-a-badge': {
      what: 'This card cannot sign you in',
      next: 'Use your own hospital badge, not a phone or another card',
    },
    'badge-not-usable': {
      what: 'This badge cannot be used now',
      next: 'Use your loaner if you have one, or ask the service desk',
    },
    'person-not-active': {
      what: 'You are not signed up for work right now',
      next: 'Ask your manager or HR to look at your status',
    },
    'role-not-in-zone': {
      what: 'Your role does not use workstations here',
      next: 'Use one in your own area, or ask your manager',
    },
    'no-chart-here': {
      what: 'No chart is set up for you at this workstation',
      next: 'Your badge is fine. Use another workstation, and tell the service desk',
    },
    'not-permitted': {
      what: 'A rule of the house does not let you in here',
      next: 'Ask your manager, or use one in your own area',
    },
    'off-shift': {
      what: 'You are not on shift right now',
      next: 'Ask whoever runs the shift to put you on it',
    },
    'training-lapsed': {
      what: 'A training that this place needs is not current',
      next: 'Renew it, or ask your manager which one it is',
    },
    'access-not-begun': {
      what: 'Your time here has not begun yet',
      next: 'Ask your manager or HR when it begins',
    },
    'access-over': {
      what: 'Your time here is over',
      next: 'Ask your manager or HR to make it longer',
    },
    'zone-not-hers': {
      what: 'This is not one of your areas',
      next: 'Use one in your own area, or ask whoever you work for',
    },
    'escort-needed': {
      what: 'You need somebody with you here',
      next: 'Ask a colleague of the ward to sign in and stay with you',
    },
    'locked-down': {
      what: 'This area is locked down',
      next: 'Follow the instructions of the house',
    },
    'policy-failed': {
      what: 'It could not be checked whether you may work here',
      next: 'Use another workstation, and call the service desk',
    },
    'not-decided-offline': {
      what: 'Without the network it is not known whether you may be here now',
      next: 'Use another workstation, or wait for the network',
    },
    'pin-wrong': { what: 'That did not match', next: 'Tap your badge and try again' },
    'pin-locked': {
      what: 'Too many tries. Your PIN rests for a while',
      next: 'Wait, or have a new PIN set',
    },
    'pin-not-set': {
      what: 'You have no PIN yet',
      next: 'Have one set before your first tap; the service desk can do it',
    },
    'workstation-locked-out': {
      what: 'Too many tries at this workstation',
      next: 'Use another workstation, or wait',
    },
    'workstation-not-enrolled': {
      what: 'This workstation is not set up yet',
      next: 'Use another one and tell the service desk',
    },
    busy: { what: 'Many people are signing in right now', next: 'Tap again in a few seconds' },
    'nothing-to-open': {
      what: 'Without the network there is nothing to open here for you',
      next: 'Use another workstation, or wait until the network is back',
    },
    'no-answer': {
      what: 'There was no answer in time',
      next: 'Tap again, or use another workstation',
    },
    'tap-superseded': { what: 'Another badge was tapped', next: 'Tap yours again' },
    'tap-cancelled': { what: 'Cancelled', next: 'Tap your badge to begin again' },
    'tap-expired': { what: 'That took too long', next: 'Tap your badge again' },
    'session-moved': {
      what: 'You are signed in at another workstation',
      next: 'Tap here to come back',
    },
    'session-ended': { what: 'The sign-in has ended', next: 'Tap your badge to sign in again' },
    'card-must-stay': {
      what: 'The badge was taken out too soon',
      next: 'Put it into the reader and leave it there',
    },
    'emergency-not-offered': {
      what: 'There is no emergency access here',
      next: 'Use another workstation, or call the service desk',
    },
    'emergency-never': {
      what: 'Emergency access is not open to you',
      next: 'Ask a colleague to help now, then call the service desk',
    },
    'emergency-over': {
      what: 'The time of your emergency access is over',
      next: 'Tap your badge to sign in again',
    },
    'not-identified': {
      what: 'That did not match',
      next: 'Try staff number and PIN once more, or ask a colleague to sign in',
    },
    'witness-not-usable': {
      what: 'Nobody could confirm who you are',
      next: 'Ask a colleague who works here and is on duty to tap, and begin again',
    },
    'not-known-here': {
      what: 'Without the network this workstation does not know you',
      next: 'Use one where you work every day, or wait for the network',
    },
    'cannot-record': {
      what: 'This workstation cannot open anything right now',
      next: 'Use another one and tell the service desk',
    },
    'network-back': { what: 'The network is back', next: 'Tap your badge once more' },
    'step-up-wrong-person': {
      what: 'Only the person signed in here can sign',
      next: 'Tap your own badge',
    },
    'step-up-cancelled': { what: 'Nothing was signed', next: 'Sign again from the chart' },
    'ticket-not-valid': { what: 'The chart did not open', next: 'Tap your badge again' },
    'token-not-valid': {
      what: 'This workstation could not be set up',
      next: 'Ask IT for a new token',
    },
  },
  reader: {
    none: { what: 'No badge reader', next: 'Plug one in, or call the service desk' },
    unplugged: { what: 'Badge reader unplugged', next: 'Plug it in, or call the service desk' },
    'service-stopped': {
      what: 'The badge reader has stopped',
      next: 'It is started again by itself; if not, call the service desk',
    },
    stuck: { what: 'The badge reader does not answer', next: 'Unplug it and plug it in again' },
  },
  link: {
    connecting: { what: 'Connecting to the hospital', next: 'This takes a moment' },
    down: {
      what: 'No connection to the hospital',
      next: 'Nobody can sign in here until it is back. Use another workstation',
    },
    'not-enrolled': {
      what: 'This workstation is not set up yet',
      next: 'Use another one and tell the service desk',
    },
    copied: {
      what: 'This computer is a copy of another workstation, so it was stopped',
      next: 'Use another one and tell the service desk: it has to be enrolled by itself',
    },
  },
  linkDownSince: (time) => `No connection since ${time}`,
  alone: (since) => ({
    what: `Working without the network${since === undefined ? '' : ` since ${since}`}`,
    next: 'Badge and PIN work. Signatures do not, and nothing follows you from another workstation',
  }),
  banners: {
    yours: (name) => `This is now ${name}’s screen`,
    stillYours: (name) => `Still yours, ${name}`,
    tapToSignOut: 'Tap again to sign out',
    emergency: (name, until) => `Emergency access for ${name} until ${until}`,
    emergencyIsKept: 'It is kept and looked at afterwards',
    alone: (name) => `Working without the network as ${name}`,
    confirmed: (name) => `The network is back, ${name}`,
    tapForChart: 'What you see is still from before. Tap your badge for the chart',
    askForChart: 'What you see is still from before. For the chart, lock this screen and ask again',
    aloneDetail: 'Badge and PIN work. What you see may be old. Signatures do not work',
    cutOff: (name) => `No connection to the hospital, ${name}`,
    cutOffDetail:
      'What you see may be old. Signatures do not work. This screen locks if it does not come back',
  },
  errands: englishErrands,
  browser: {
    missing: { what: 'The chart’s browser is missing', next: 'Call the service desk' },
    blocked: {
      what: 'A rule of this computer does not let the chart open',
      next: 'Call the service desk',
    },
    died: { what: 'The chart’s browser has stopped', next: 'It is being started again' },
  },
}
