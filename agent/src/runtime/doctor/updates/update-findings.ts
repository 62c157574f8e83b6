// What the doctor can find about updates of this workstation: a part of findings.ts, which holds it
// to its form. Waiting is no fault; that nothing could begin here is worth a look. Pure.

import { fail, warn, well } from '../meaning.ts'
import type { Meaning } from '../meaning.ts'
import { waitFindings } from './wait-findings.ts'

export const updateFindings = {
  'updates-no-key': well(
    'This workstation does not update itself: no release key is set.',
    'Nothing where other tools update it; else set updates.releaseKey to the key that the vendor told.',
  ),
  'updates-off': well(
    'This workstation does not update itself: it is switched off here.',
    'Nothing where other tools update it; else set updates.enabled.',
  ),
  'updates-well': well('An update could begin here.'),
  'updates-folder-missing': warn(
    'There is no hand-over folder for updates, or no part in it for the agent’s user.',
    'Install the package again: it makes updates.folder, and `in` there for the seat’s account (Linux: WARDKEY_USER; a Mac: who sits there; Windows: users).',
  ),
  'updates-folder-open': fail(
    'Others than administrators can write where packages are kept, or on the way there: nothing is installed.',
    'Give updates.folder and what leads to it to root (on Windows to Administrators), writable for nobody else but for `in`.',
  ),
  'updates-in-not-ours': warn(
    'The agent’s user cannot lay down what is to be installed.',
    'Run the doctor as the user that the agent runs as; else give `in` in updates.folder to that user.',
  ),
  'updates-in-open': warn(
    'Others can look into what the agent’s user lays down for updates, or change it.',
    'Take their rights to `in` in updates.folder away (chmod 700).',
  ),
  'updates-part-silent': warn(
    'The part that installs updates does not run, or says nothing.',
    'Start it and read its log: docs/updates.md says what it is called on each system.',
  ),
  'updates-not-kept': warn(
    'The package of what runs here is not kept, so that there would be no way back: nothing is begun.',
    'Run wardkey-agent install-updates --keep FILE as an administrator, with the package of this release.',
  ),
  'updates-no-room': warn(
    'There is no room to keep or copy a package.',
    'Make room under updates.folder.',
  ),
  'updates-not-ready': warn(
    'No update could begin here now.',
    'Nothing at first: it looks again in ten minutes. If it stays, read the log of the part that installs (docs/updates.md).',
  ),
  'updates-order-laid': well(
    'An update is about to begin: nobody is here, and a broker said yes.',
    'Leave the workstation switched on.',
  ),
  'updates-order-not-taken': warn(
    'An update is laid down to begin, and nobody takes it.',
    'Start the part that installs updates (docs/updates.md says what it is called).',
  ),
  'updates-order-left': well(
    'An order for an update lies there that nobody stands by any more.',
    'Nothing: it is good for seconds, and is laid anew when the time has come.',
  ),
  ...waitFindings,
  'updates-installing': well(
    'A release is being installed.',
    'Leave the workstation switched on; a power cut is made good at the next start.',
  ),
  'updates-restart-waits': well(
    'Another release is installed than the one that runs: the running one makes room once nobody is here.',
    'Nothing, or start the agent anew while nobody works here.',
  ),
  'updates-on-trial': well(
    'A release is on trial: it has ten minutes to show a reader, a line and an answered probe.',
    'Nothing; if a reader is unplugged here, plug it in.',
  ),
  'updates-returning': warn(
    'A release was not well, and the one before is being put back.',
    'Leave the workstation switched on. If it stays, read the log of the part that installs (docs/updates.md).',
  ),
  'updates-end-not-noted': well(
    'How the last update ended is in no broker’s record yet.',
    'Nothing where the agent is connected: it is told until a broker has noted it.',
  ),
  'updates-put-off': well(
    'An update was put off: somebody came, or something else was being installed.',
    'Nothing: it is tried again.',
  ),
  'updates-not-believed': warn(
    'A release was turned down by its signature, its number, its time or its kind.',
    'Look the code up in docs/codes.md; compare updates.releaseKey with the key that the vendor told.',
  ),
  'updates-download-wrong': warn(
    'What was fetched is not what the release says.',
    'Nothing at first: it is fetched again. If it stays, look at the release’s files at the broker.',
  ),
  'updates-refused': warn(
    'An order for an update was not carried out, and changed nothing.',
    'Read the log of the part that installs (docs/updates.md): update.refused.',
  ),
  'updates-last-well': well('The last update went well.'),
  'updates-back-no-reader': warn(
    'The last release went back: no reader came up with it.',
    'Look at the reader and its service; begin a roll-out anew once it works.',
  ),
  'updates-back-no-link': warn(
    'The last release went back: no broker welcomed it in its time.',
    'Look whether a broker was reached then, and at the agent’s log (link.ended) before you begin anew.',
  ),
  'updates-back-no-answer': warn(
    'The last release went back: it was connected, and no broker would have answered a tap.',
    'Look at the broker’s log of that time (workstation.frame-failed) before you begin anew.',
  ),
  'updates-back-crashed': warn(
    'The last release went back: it ended by itself again and again.',
    'Send the bundle with the agent’s log of that time to whoever made the release.',
  ),
  'updates-failed-installer': warn(
    'The last release could not be installed; what was there before is there.',
    'Look at the system’s own log of packages (dpkg, Windows Installer, /var/log/install.log) of that time.',
  ),
  'updates-failed-cut-off': warn(
    'The last update was cut off before it had begun, or somebody installed another release by hand.',
    'Nothing, or begin a roll-out anew.',
  ),
  'updates-failed-no-way-back': fail(
    'A release is not well, and the one before could not be put back.',
    'Install a release that works by hand; keep updates.folder as it is until somebody looked at it.',
  ),
} as const satisfies Readonly<Record<string, Meaning>>

export type UpdateFindingCode = keyof typeof updateFindings
