// What administrators hear who ask for a proof that there is none of, or to have the record's facts
// kept for longer or shorter. A part of codes.ts, which holds them to its form.

export const recordRefusals = {
  'fact-unknown': {
    sentence:
      'The record has no fact of this number, or, where presence is asked for, it is about no workstation.',
    next: 'Look at the number: wardkey-broker record facts shows them.',
  },
  'fact-gone': {
    sentence: 'The time of this fact was over: its content is gone by retention, its hash is kept.',
    next: 'Nothing: see what went when, and by whose word: wardkey-broker retention show.',
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

export const retentionRefusals = {
  'retention-unknown': {
    sentence: 'There is no such proposal of how long facts are kept.',
    next: 'Look at the number: wardkey-broker retention show.',
  },
  'purge-unknown': {
    sentence: 'There is no purge of that number.',
    next: 'See the purges: GET /admin/v1/retention/purges, or Retention in the console.',
  },
  'retention-decided': {
    sentence: 'This proposal was approved or rejected already.',
    next: 'Nothing: it is decided once. wardkey-broker retention show has it.',
  },
  'retention-own': {
    sentence: 'Nobody approves what she proposed herself.',
    next: 'Have somebody else look at it.',
  },
  'retention-moved': {
    sentence: 'Another version came into force since this was proposed.',
    next: 'Propose it again over what is in force now: wardkey-broker retention show.',
  },
  'retention-same': {
    sentence: 'This is what is in force already.',
    next: 'Nothing.',
  },
  'retention-too-short': {
    sentence: 'A class would be kept for less than its floor.',
    next: 'See the floors and their reasons: wardkey-broker retention show.',
  },
  'retention-not-stopped': {
    sentence: 'Retention has not stopped at the clock: there is nothing to say about it.',
    next: 'Leave --clock-is-right out.',
  },
} as const
