// What administrators and computers hear about enrolling: tokens, asks, and places that are taken.
// A part of codes.ts and of the doors' codes, which hold them to their form.

/** To an administrator. */
export const fleetRefusals = {
  'enrol-token-unknown': {
    sentence: 'There is no such enrolment token, or it is over.',
    next: 'Look at the list: wardkey-broker workstation tokens.',
  },
  'enrol-ask-unknown': {
    sentence: 'No computer waits under this id.',
    next: 'Look at the list: wardkey-broker workstation asks. An ask ends after four hours.',
  },
  'enrol-ask-decided': {
    sentence: 'Somebody decided about this computer already, or its time is over.',
    next: 'Have it ask again if the answer was wrong.',
  },
} as const

/** To the computer that wants to be a workstation. */
export const enrolRefusals = {
  'asset-tag-in-use': {
    sentence: 'A workstation with this asset tag is in use at this moment, on another machine.',
    next: 'Look at the tag. If it is the same machine, revoke the old workstation first.',
  },
  'asset-tag-elsewhere': {
    sentence: 'A workstation with this asset tag stands in another zone.',
    next: 'Use a token for that zone, or revoke the old workstation first.',
  },
  'enrolment-refused': {
    sentence: 'Somebody refused this computer, or nobody decided in time.',
    next: 'Ask again once it is clear why.',
  },
  'enrolment-full': {
    sentence: 'Too many computers wait to be approved.',
    next: 'Approve or refuse some of them: wardkey-broker workstation asks.',
  },
} as const
