// What administrators hear who ask for evidence that cannot be made, or is not there. A part of
// codes.ts, which holds them to its form.

export const evidenceRefusals = {
  'evidence-days': {
    sentence: 'Evidence cannot be made for these days.',
    next: 'Name a first day that has begun and a last day that is not before it, at most 400 days.',
  },
  'evidence-busy': {
    sentence: 'This broker is making evidence already.',
    next: 'Try again in a minute: one is made at a time.',
  },
  'evidence-unknown': {
    sentence: 'There is no evidence of this id here, or it is somebody else’s.',
    next: 'Have it made again: it is kept for a quarter of an hour, by the broker that made it.',
  },
  'evidence-not-ready': {
    sentence: 'The evidence is not made yet, or could not be.',
    next: 'Ask how far it is; the broker’s log says why where it failed.',
  },
} as const
