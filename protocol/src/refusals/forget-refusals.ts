// What administrators hear who ask to have somebody forgotten, or to have a legal hold. A part of
// codes.ts, which holds them to its form.

export const forgetRefusals = {
  'forgetting-unknown': {
    sentence: 'Nobody asked for this to be forgotten.',
    next: 'Look at the id: wardkey-broker forget list.',
  },
  'forgetting-decided': {
    sentence: 'This was approved or rejected already.',
    next: 'Nothing: it is decided once. wardkey-broker forget list has it.',
  },
  'forgetting-own': {
    sentence: 'Nobody approves what she asked for herself.',
    next: 'Have somebody else look at it.',
  },
  'forgetting-asked': {
    sentence: 'Somebody asked for it already.',
    next: 'Have it decided: wardkey-broker forget list.',
  },
  'forgetting-not-done': {
    sentence: 'This was not approved: nothing was destroyed, and there is no certificate.',
    next: 'Look at it: wardkey-broker forget list.',
  },
  'person-still-here': {
    sentence: 'Somebody who works here, or may come back, is not forgotten.',
    next: 'End her employment first, if it is over.',
  },
  'person-kept': {
    sentence: 'Her identifiers have to be kept for longer: retention.identifierDays is not over.',
    next: 'Wait for its end; who looked at charts has to be known until then.',
  },
  'person-on-hold': {
    sentence: 'A legal hold covers her: nothing about her is destroyed.',
    next: 'Ask whoever placed it: wardkey-broker hold list.',
  },
  'hold-unknown': {
    sentence: 'There is no such legal hold.',
    next: 'Look at the id: wardkey-broker hold list.',
  },
  'hold-lifted': { sentence: 'The legal hold was lifted already.', next: 'Nothing.' },
  'hold-lift-not-asked': {
    sentence: 'Nobody asked for this legal hold to be lifted.',
    next: 'Ask for it: wardkey-broker hold ask-lift.',
  },
  'hold-own': {
    sentence: 'Nobody lifts a legal hold alone: another one asked, another one approves.',
    next: 'Have somebody else look at it.',
  },
  'hold-about-you': {
    sentence: 'Nobody ends a legal hold that is about herself, nor asks for its end.',
    next: 'Have somebody else look at it.',
  },
} as const
