// What can fail at a workstation: its network, reader, browser and keyring. A part of codes.ts,
// which holds them to its form.

export const workstationFaults = {
  'link-down': {
    sentence: 'The broker cannot be reached.',
    next: 'Look at the network and the broker.',
  },
  'reader-failed': { sentence: 'The badge reader failed.', next: 'Plug it in again.' },
  'browser-missing': {
    sentence: 'No browser was found.',
    next: 'Install Edge, Chrome or Chromium.',
  },
  'browser-blocked-by-policy': {
    sentence: 'A policy of the browser forbids the agent to drive it.',
    next: 'Allow remote debugging by pipe for managed profiles: RemoteDebuggingAllowed.',
  },
  'browser-died': {
    sentence: 'The browser ended by itself.',
    next: 'Nothing: it is started again.',
  },
  'launch-failed': { sentence: 'The chart could not be opened.', next: 'Look at the EHR’s state.' },
  'sign-in-unreachable': {
    sentence: 'The browser could not reach the broker’s web address while a chart came.',
    next: 'Nothing where another broker answers; otherwise look at web.publicUrl and the way to it.',
  },
  'launch-not-allowed': {
    sentence: 'A launch step is not in the workstation’s own settings.',
    next: 'Name the program or origin in the workstation’s settings, or mend the plan.',
  },
  'keyring-unavailable': {
    sentence: 'The operating system’s keyring cannot be used.',
    next: 'Unlock it, or set identity.store to file.',
  },
} as const
