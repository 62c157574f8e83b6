// What HR's feed and those who look after people hear when a change cannot be taken. A part of
// codes.ts, which holds them to its form.

export const hrRefusals = {
  'staff-number-taken': {
    sentence: 'The staff number is somebody else’s already.',
    next: 'Look whose it is; take it away there first if it changed hands.',
  },
  'person-added-by-hand': {
    sentence: 'Somebody who was added by hand has this staff number.',
    next: 'If it is she: wardkey-broker people adopt; people.adopt may do it by staff number.',
  },
  'person-is-hrs': {
    sentence: 'HR’s system knows the person already.',
    next: 'Nothing is to be adopted: change her in HR’s system.',
  },
  'user-name-taken': {
    sentence: 'The user name is somebody else’s already.',
    next: 'Look whose it is: HR has two records of one person, or one name for two.',
  },
  'external-id-taken': {
    sentence: 'HR’s own id is somebody else’s already.',
    next: 'Look whose it is: the record was sent before.',
  },
  'record-moved': {
    sentence: 'The record was changed since it was read.',
    next: 'Read it again, and repeat the change with its new version.',
  },
  'employment-over': {
    sentence: 'The person’s employment is over, and nothing names a new one.',
    next: 'Set employmentStatus to active or pre-hire, with the external id she had.',
  },
  'group-unknown': { sentence: 'There is no such group.', next: 'Look at the id.' },
  'group-name-taken': {
    sentence: 'There is a group of that name already.',
    next: 'Choose another name, or change the group that is there.',
  },
  'group-too-large': {
    sentence: 'More members change at once than can be taken in one act.',
    next: 'Send them in smaller parts.',
  },
  'import-moved': {
    sentence: 'What would change is no longer what was shown.',
    next: 'Look at the preview again, and apply that.',
  },
} as const
