// What administrators hear who handle an alert that is not theirs to handle. A part of codes.ts,
// which holds them to its form.

export const alertRefusals = {
  'alert-unknown': {
    sentence: 'There is no such alert, or it is not one that this account may see.',
    next: 'Look at the id: wardkey-broker alerts list.',
  },
  'alert-closed': {
    sentence: 'The alert is closed already.',
    next: 'Nothing: an outcome is given once. wardkey-broker alerts show has it.',
  },
  'alert-known': {
    sentence: 'The alert was acknowledged already.',
    next: 'Assign it, or close it. wardkey-broker alerts show says who did.',
  },
  'alert-own': {
    sentence: 'Nobody handles an alert about herself, nor has it assigned to her.',
    next: 'Have somebody else look at it.',
  },
} as const
