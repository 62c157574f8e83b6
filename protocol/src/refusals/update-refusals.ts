// Why a release is not put on a workstation, or a roll-out does not go on, as administrators hear
// it. A part of codes.ts, which holds them to its form.

/** Of the manifest itself. */
export const manifestRefusals = {
  'update-not-understood': {
    sentence: 'This is no manifest of a release, or one of a later kind.',
    next: 'Take the file that came with the release. Update the broker first.',
  },
  'update-not-signed': {
    sentence: 'The manifest is not signed by the release key that is set here.',
    next: 'Do not put it anywhere. Compare updates.releaseKey with the key that the vendor told.',
  },
  'update-older': {
    sentence: 'The manifest is older than one that was taken already.',
    next: 'Take the newest. To go back, publish the older release again under a new number.',
  },
  'update-number-twice': {
    sentence: 'Another manifest with this number was taken already.',
    next: 'Do not put it anywhere, and ask who signs releases: one of the two is not what it says.',
  },
  'update-expired': {
    sentence: 'The manifest’s time is over.',
    next: 'Take a newer one.',
  },
  'update-next-key': {
    sentence: 'The manifest names a next release key that has not signed it.',
    next: 'Have it signed by both keys.',
  },
  'update-not-for-this': {
    sentence: 'The release has no file for this kind of machine.',
    next: 'Install it there by other means.',
  },
  'update-not-newer': {
    sentence: 'The release is not newer than the one that is there.',
    next: 'Nothing has to be done.',
  },
  'update-too-far': {
    sentence: 'What is there is too old for this release to be put over it.',
    next: 'Roll out a release between the two first.',
  },
} as const
export type ManifestRefusal = keyof typeof manifestRefusals

/** Of what administrators do with it. */
export const rolloutRefusals = {
  'updates-off': {
    sentence: 'Updates of workstations are not set up here.',
    next: 'Set updates.releaseKey and updates.folder, and start the broker anew.',
  },
  'update-file-missing': {
    sentence: 'A file that the manifest names is not there, or is not what the manifest says.',
    next: 'Take the folder as it came: wardkey-broker updates add FOLDER.',
  },
  'release-added-already': {
    sentence: 'This very release was added already.',
    next: 'Nothing has to be done. To roll it out: wardkey-broker updates start NUMBER.',
  },
  'release-unknown': {
    sentence: 'There is no release with this number.',
    next: 'Look at the list: wardkey-broker updates show.',
  },
  'rollout-unknown': {
    sentence: 'There is no roll-out under this id.',
    next: 'Look at the list: wardkey-broker updates show.',
  },
  'rollout-under-way': {
    sentence: 'Another roll-out is under way.',
    next: 'Stop it first, or let it come to its end.',
  },
  'rollout-decided': {
    sentence: 'The roll-out is not in a state that this could be done in.',
    next: 'Look at it: wardkey-broker updates show.',
  },
  'rollout-own': {
    sentence: 'Going beyond the first ring takes somebody else’s word than yours.',
    next: 'Have a colleague approve it, with a token of her own.',
  },
} as const
