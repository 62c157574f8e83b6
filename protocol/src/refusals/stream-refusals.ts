// What administrators hear of streams. A part of codes.ts, which holds them to its form.

export const streamRefusals = {
  'stream-unknown': {
    sentence: 'The settings of this broker name no such stream.',
    next: 'Look at the names: wardkey-broker streams list.',
  },
  'feed-unknown': {
    sentence: 'The settings of this broker name no such feed.',
    next: 'Look at the names: wardkey-broker feeds list.',
  },
  'stream-place': {
    sentence: 'The record has not come so far.',
    next: 'Name a fact that is there: wardkey-broker record head says how many there are.',
  },
} as const
