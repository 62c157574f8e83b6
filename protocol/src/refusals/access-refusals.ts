// An expected no about access reviews. A part of codes.ts, which holds them to its form.

export const accessRefusals = {
  'campaign-unknown': {
    sentence: 'There is no such access review.',
    next: 'Look at the list: wardkey-broker access-review list.',
  },
  'campaign-over': {
    sentence: 'This access review is closed, or does not wait for this.',
    next: 'Nothing: wardkey-broker access-review show has how it ended.',
  },
  'campaign-empty': {
    sentence: 'There is nothing to review by these words.',
    next: 'Look at the department’s name, or at accessReviews.highRiskRoles.',
  },
  'access-item-unknown': {
    sentence: 'There is no such entry in this access review, or it is another reviewer’s.',
    next: 'Look at the list: wardkey-broker access-review show.',
  },
  'access-item-decided': {
    sentence: 'This was certified or revoked before.',
    next: 'Nothing: it is decided once, and comes again with the next review.',
  },
  'access-item-own': {
    sentence: 'Nobody certifies or revokes what is her own, by a token of hers neither.',
    next: 'Have somebody else decide it.',
  },
  'access-silence-own': {
    sentence: 'Two different people have to agree before silence takes so much.',
    next: 'Have somebody else say the second word.',
  },
} as const
