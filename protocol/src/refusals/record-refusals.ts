// What administrators hear who ask for a proof that there is none of. A part of codes.ts, which
// holds them to its form.

export const recordRefusals = {
  'fact-unknown': {
    sentence:
      'The record has no fact of this number, or, where presence is asked for, it is about no workstation.',
    next: 'Look at the number: wardkey-broker record facts shows them.',
  },
  'fact-not-signed': {
    sentence: 'The fact is not under this checkpoint.',
    next: 'Ask again in a second, or without a size: the newest checkpoint has it then.',
  },
  'checkpoint-unknown': {
    sentence: 'No checkpoint has this size, or none so far.',
    next: 'Leave the size out: the newest is taken. wardkey-broker record head shows it.',
  },
} as const
