// An expected no to whoever makes the rules: policies, exceptions and whatever else two people make
// together. It never reaches a workstation. Data only.

export const ruleRefusals = {
  'policy-unknown': {
    sentence: 'There is no such version of the policies.',
    next: 'Look at the list: wardkey-broker policy list.',
  },
  'policy-does-not-validate': {
    sentence: 'The policies do not validate.',
    next: 'Mend what is named; wardkey-broker policy check says all of it.',
  },
  'policy-same': {
    sentence: 'These policies are in force already.',
    next: 'Nothing.',
  },
  'policy-decided': {
    sentence: 'This version was approved or rejected before.',
    next: 'Propose it anew: every version is decided once.',
  },
  'policy-own': {
    sentence:
      'Nobody approves a version that she proposed herself, or by a token that she had taken out.',
    next: 'Have somebody else approve it, with a token of her own.',
  },
  'policy-moved': {
    sentence: 'Another version came into force since this one was proposed.',
    next: 'Propose it anew, on what is in force now.',
  },
  'exception-unknown': {
    sentence: 'There is no such exception.',
    next: 'Look at the list: wardkey-broker exception list.',
  },
  'exception-decided': {
    sentence: 'This exception was approved, rejected or ended before.',
    next: 'Propose it anew: every exception is decided once.',
  },
  'exception-own': {
    sentence:
      'Nobody approves an exception that is for her or that she proposed, by a token of hers neither.',
    next: 'Have somebody else approve it, with a token of her own.',
  },
  'exception-owner': {
    sentence: 'Whoever answers for an exception works here, and is not the person who gets it.',
    next: 'Name somebody else as its owner.',
  },
  'exception-too-long': {
    sentence: 'The exception is longer than the site allows (exceptions.maxMs).',
    next: 'Ask for less; what is needed for longer is a role of HR’s.',
  },
  'exception-too-old': {
    sentence: 'This exception was asked for more than a week ago.',
    next: 'Propose it anew, if it is still needed.',
  },
  'exception-needless': {
    sentence: 'She has that already, or is not bound to zones at all.',
    next: 'Nothing; where she is refused, ask wardkey-broker why.',
  },
  'exceptions-full': {
    sentence: 'She has as many exceptions as one person may have at once.',
    next: 'End one, or have HR give her the role.',
  },
  'token-grant-needs-two': {
    sentence: 'A token that has power over others is not made by one person alone.',
    next: 'Ask for it: wardkey-broker token ask. Somebody else approves it.',
  },
  'token-alone-too-much': {
    sentence:
      'One person alone makes two tokens of HR’s systems at most, each for 30 days at most.',
    next: 'Say --days 30, take an old one back, or have it given by two: wardkey-broker token ask.',
  },
  'token-grant-unknown': {
    sentence: 'No such token was asked for.',
    next: 'Look at the list: wardkey-broker token asked.',
  },
  'token-grant-decided': {
    sentence: 'This token was approved or rejected before.',
    next: 'Ask for it anew: every one is decided once.',
  },
  'token-grant-own': {
    sentence:
      'Nobody approves a token that she asked for herself, or by a token that she had taken out.',
    next: 'Have somebody else approve it, with a token of her own.',
  },
  'token-name-taken': {
    sentence: 'A token of this name is somebody else’s, or the host’s.',
    next: 'Choose another name, or take that token back first: wardkey-broker token list.',
  },
  'token-grant-not-open': {
    sentence:
      'This token is not approved, was taken out before, or was asked for by somebody else.',
    next: 'Whoever asked takes it out, once, within a week of its approval; otherwise ask anew.',
  },
} as const
