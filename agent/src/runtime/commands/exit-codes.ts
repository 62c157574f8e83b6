// How every command ends, as its help says it. Numbers as sysexits.h has them where it has one.

import type { FaultCode } from '@wardkey/protocol/codes'
import type { Fault } from '../../platform/fault.ts'

export const exitCodes = {
  ok: 0,
  /** It runs, and something that it leans on does not. */
  trouble: 1,
  /** doctor: something keeps people from working, or soon will. */
  wrong: 2,
  notRunning: 3,
  noReader: 4,
  usage: 64,
  unavailable: 69,
  internal: 70,
  /** run, install-updates: another release is installed now, and is to be started. */
  again: 75,
  refused: 77,
  settings: 78,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export function exitCodeFor({ code }: Fault): ExitCode {
  if (code === 'settings-not-valid') return exitCodes.settings
  const away: readonly FaultCode[] = [
    'link-down',
    'port-taken',
    'keyring-unavailable',
    'key-missing',
  ]
  return away.includes(code) ? exitCodes.unavailable : exitCodes.internal
}

export const exitCodesHelp = `
Exit codes:
   0  done, or all is well
   1  status: it runs, and something it leans on does not; doctor: something is worth a look
   2  doctor: something is wrong
   3  status: it does not run
   4  readers: there is none
  64  the command line is not understood
  69  the broker, a port or the keyring could not be reached
  70  something failed that has no code of its own: read the log
  75  run, install-updates: another release is installed: start it anew
  77  the broker refused
  78  the settings are not valid`
