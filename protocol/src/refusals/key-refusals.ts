// Why the present workstation authority is not ended, as administrators hear it. A part of
// codes.ts, which holds them to its form.

export const keyRefusals = {
  'authority-not-rotating': {
    sentence: 'Nothing is rotated to: no authority could take the place of the present one.',
    next: 'Prepare one and rotate to it: wardkey-broker keys prepare authority, then keys rotate.',
  },
  'authority-files-missing': {
    sentence: 'A broker lacks files of the next authority.',
    next: 'See which: wardkey-broker keys end authority. Copy them into its key folder.',
  },
  'authority-end-moved': {
    sentence: 'More workstations, or others, would be lost than were shown.',
    next: 'Look again, and ask for it anew: wardkey-broker keys end authority --force.',
  },
  'authority-end-not-asked': {
    sentence: 'Nobody has asked to end the present authority today, or it was decided already.',
    next: 'Look: wardkey-broker keys end authority. To ask for it: --force.',
  },
  'authority-end-own': {
    sentence: 'Nobody approves the end of an authority that she asked for herself.',
    next: 'Have somebody else look at it.',
  },
} as const
