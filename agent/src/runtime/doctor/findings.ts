// Everything that `wardkey-agent doctor` can find: how bad it is, what it means and what to do, in
// the operator's words. docs/doctor.md is made from this. A code keeps its meaning for ever. Pure.

import { fail, warn, well } from './meaning.ts'
import type { Level, Meaning } from './meaning.ts'
import { updateFindings } from './updates/update-findings.ts'

export const findings = {
  'settings-valid': well('The settings are valid.'),
  'settings-not-valid': fail(
    'Settings are not valid, and the agent does not start. What follows was looked at as if they were unset.',
    'Mend what is named; wardkey-agent settings says where each comes from.',
  ),
  'settings-passed-over': warn(
    'Something was said that does not count: against a policy, or by a name that is not known.',
    'Take it away where it is said, or change the policy.',
  ),
  'data-folder-well': well('The data folder can be written, and by nobody else.'),
  'data-folder-missing': fail(
    'There is no data folder: this workstation was never enrolled by this user.',
    'Run the doctor as the user that the agent runs as; enrol the workstation if it is new.',
  ),
  'data-folder-not-writable': fail(
    'The data folder cannot be written.',
    'Give it to the user that the agent runs as, and run the doctor as that user.',
  ),
  'data-folder-open': fail(
    'Others can look into the data folder.',
    'Take their rights away (chmod 700).',
  ),
  'key-store-opens': well('The place of the private key opens.'),
  'key-store-closed': fail(
    'The system’s keyring does not open.',
    'Unlock it, or have a keyring service for this user; identity.store can be file where there is none.',
  ),
  'key-file-open': fail(
    'The file of the private key can be read by others, and is not used.',
    'Enrol the workstation again (--again): the key may be known. Then keep the file to its user.',
  ),
  'certificate-well': well('The certificate is there and will be renewed by itself.'),
  'certificate-missing': fail(
    'There is no certificate with its key: the workstation is not enrolled.',
    'Enrol it: wardkey-agent enroll, with a token from the broker.',
  ),
  'certificate-renewed-late': warn(
    'The certificate should have been renewed by now.',
    'Look at the broker and the log (identity.renewal-failed); it goes on until its end.',
  ),
  'certificate-over': fail(
    'The certificate is over: no connection is taken until it is renewed.',
    'Start the agent; it renews by itself for as long as the broker allows, and must be enrolled again after that.',
  ),
  'certificate-not-yet': fail(
    'The certificate is not good yet: the clock of this machine is behind.',
    'Set the clock.',
  ),
  'clock-well': well('The clock agrees with the broker’s.'),
  'clock-off': warn(
    'The clock is half a minute or more from the broker’s.',
    'Have the machine take its time from the network.',
  ),
  'clock-far-off': fail(
    'The clock is five minutes or more from the broker’s: certificates and bundles are judged wrongly.',
    'Set the clock, and have the machine take its time from the network.',
  ),
  'broker-none': fail('No broker is named.', 'Set broker.addresses.'),
  'broker-reached': well('The broker takes this workstation.'),
  'broker-not-enrolled': warn(
    'The broker is there; without a certificate it was asked no more.',
    'Enrol the workstation.',
  ),
  'broker-name-unknown': fail(
    'The broker’s name cannot be resolved.',
    'Look at the name in broker.addresses and at the machine’s DNS.',
  ),
  'broker-unreachable': fail(
    'Nothing answers at the broker’s address and port.',
    'Look whether the broker runs, and at firewalls on the way.',
  ),
  'broker-no-tls': fail(
    'What answers there speaks no TLS 1.3.',
    'Look at the port, and for a proxy on the way: the line must not be opened.',
  ),
  'broker-other-authority': fail(
    'What answers there has a certificate of another authority than this workstation believes.',
    'Brokers may have changed it while this workstation was off. Compare the fingerprint with what `wardkey-broker keys` shows: enrol again where it is the same. Where it is not, look for a proxy that opens TLS, or another broker there.',
  ),
  'broker-other-name': fail(
    'The broker’s certificate is for another name.',
    'Add the name to workstations.names at the broker, or set broker.serverName.',
  ),
  'broker-refuses': fail(
    'The broker does not take this workstation’s certificate.',
    'Look whether the workstation is active there (wardkey-broker workstation list); enrol it again if it was revoked, or if brokers have ended the authority of its certificate.',
  ),
  'broker-turns-away': fail(
    'The broker takes nobody at the moment.',
    'Try again in a minute; then look at the broker’s log.',
  ),
  'hello-answered': well('The running agent is connected to a broker.'),
  'hello-not-answered': fail(
    'The running agent is not connected.',
    'If the steps above are well, look at its log (link.ended).',
  ),
  'pcsc-well': well('The PC/SC service runs.'),
  'pcsc-stopped': fail(
    'The PC/SC service does not run.',
    'Start it: pcscd, or SCardSvr on Windows.',
  ),
  'pcsc-library-missing': fail(
    'The library of PC/SC is not installed.',
    'Install it (libpcsclite1 and pcscd), or switch readers.pcsc off.',
  ),
  'hid-library-missing': warn(
    'USB-HID cannot be used: its library does not load.',
    'Install the system’s libusb and libudev, or switch readers.hid and presence.hid off.',
  ),
  'reader-source-failed': fail(
    'Our own part that reads cards failed.',
    'Start the agent again; if it stays, send the bundle.',
  ),
  'reader-seen': well('A badge reader is there.'),
  'reader-none': fail(
    'No badge reader was found.',
    'Plug one in; look whether this user may use it (udev rules on Linux).',
  ),
  'reader-stuck': fail('The agent’s reader does not answer.', 'Unplug it and plug it in again.'),
  'reader-types': fail(
    'A badge reader types badge numbers like a keyboard, into whatever window is in front.',
    'Set it to CCID or SDK mode with its maker’s tool, or let the agent quieten it (rf IDEAS: readers.hid).',
  ),
  'browser-found': well('A browser was found.'),
  'browser-missing': fail(
    'No browser was found.',
    'Install Edge, Chrome or Chromium, or set browser.path.',
  ),
  'browser-mute': warn(
    'The browser does not tell its version.',
    'Start it once by hand as the agent’s user.',
  ),
  'browser-in-trouble': fail(
    'The running agent’s browser does not work.',
    'Look for a policy that sets RemoteDebuggingAllowed, and at the log.',
  ),
  'page-opens': well('The browser opens the page.'),
  'page-other-authority': fail(
    'The browser does not believe the authority of the page’s certificate: a private one, or a proxy that opens TLS.',
    'If it is the hospital’s own, give it to the browser: on Linux by managed policy (CACertificates; its own list and /etc/ssl do not count), on Windows and macOS by the system’s list. See docs/badges.md. Never switch the check off.',
  ),
  'page-other-name': fail(
    'The certificate of the page is for another name.',
    'Use the name that is on it (web.publicUrl at the broker), or have one made for this name.',
  ),
  'page-certificate-over': fail(
    'The certificate of the page is over, or not good yet.',
    'Renew it there; look at the clock of this machine too.',
  ),
  'page-no-tls': fail(
    'What answers at the page’s address has no TLS that the browser takes.',
    'Look at the address, at its port, and at web.tlsCertFile of the broker.',
  ),
  'page-unreachable': fail(
    'The browser does not reach the page.',
    'Look at its name and port, and at firewalls and proxies on the way.',
  ),
  'sensor-hears': well('A presence sensor is heard.'),
  'sensor-doubtful': warn(
    'A presence sensor is not believed: it changes too often, or never.',
    'Look where it points.',
  ),
  'sensor-withheld': warn(
    'A presence sensor is kept by the system’s own driver.',
    'See docs/presence.md for how to free it.',
  ),
  'alone-ready': well('People can sign in without a broker.'),
  'alone-not-offered': well('Nobody can sign in here without a broker; the zone decides that.'),
  'alone-ends-soon': warn(
    'In less than an hour nobody can sign in without a broker.',
    'Bring the broker or the network back.',
  ),
  'alone-over': fail(
    'The time without a broker is over: nobody can sign in.',
    'Bring the broker or the network back; use the downtime procedure.',
  ),
  'journal-refused': fail(
    'The broker refuses what this workstation decided by itself.',
    'Keep the data folder, and call the broker’s operator.',
  ),
  'journal-gap': warn(
    'Something is gone of what this workstation wrote down without a broker; people can work on.',
    'Keep the data folder; it is told to the broker, and wardkey-broker offline list shows it.',
  ),
  'disk-well': well('There is room on the disk.'),
  'disk-low': warn('Less than 500 MB are left on the disk.', 'Make room.'),
  'disk-full': fail(
    'Less than 50 MB are left on the disk: what must be kept may not be.',
    'Make room now.',
  ),
  ...updateFindings,
  'agent-runs': well('The agent runs.'),
  'agent-not-running': fail(
    'The agent does not run.',
    'Start it; its last lines in the log say why it ended.',
  ),
  'agent-not-seen': warn(
    'Whether the agent runs cannot be seen by this user.',
    'Run the doctor as the user that the agent runs as.',
  ),
  'check-late': warn(
    'A check did not end in its time.',
    'Run the doctor again; if it stays, what is named hangs.',
  ),
  'check-failed': warn('A check could not be made.', 'Run it as the user that the agent runs as.'),
} as const satisfies Readonly<Record<string, Meaning>>

export type FindingCode = keyof typeof findings

export interface Finding {
  readonly code: FindingCode
  readonly level: Level
  /** Which one of several; for who stands before the machine, never in a bundle. */
  readonly about?: string
}

export function finding(code: FindingCode, about?: string): Finding {
  const { level } = findings[code]
  return about === undefined ? { code, level } : { code, level, about }
}

export function worstOf(all: readonly Finding[]): Level {
  const levels = all.map(({ level }) => level)
  return levels.includes('fail') ? 'fail' : levels.includes('warn') ? 'warn' : 'ok'
}
