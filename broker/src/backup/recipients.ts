// Who may open a backup, and what opens it, as people give them.

import { existsSync, readFileSync, statSync } from 'node:fs'
import type { KeyObject } from 'node:crypto'
import { exitCodes, Refused } from '../doors/command-line/exit.ts'
import { parseIdentity, parseRecipient } from '../platform/age/age-keys.ts'
import type { Identity } from '../platform/age/age-keys.ts'

export function recipientsOf(given: readonly string[]): readonly KeyObject[] {
  if (given.length === 0) {
    throw new Refused(
      exitCodes.usage,
      'Nobody could open it: make an identity elsewhere (wardkey-broker backup identity), and name\n' +
        'its recipient with --recipient or in the settings (backup.recipients, backup.keyRecipients).',
    )
  }
  return given.map((text) => {
    const key = parseRecipient(text)
    if (key) return key
    throw new Refused(exitCodes.usage, `${text.slice(0, 80)}: this is no recipient (age1…).`)
  })
}

/** Throws Refused where the file is not there, others can read it, or it is no identity. */
export function readIdentity(file: string): Identity {
  if (!existsSync(file)) throw new Refused(exitCodes.usage, `${file}: there is no such file.`)
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new Refused(exitCodes.config, `${file}: others can read it; run chmod 600 on it.`)
  }
  const identity = parseIdentity(readFileSync(file, 'utf8'))
  if (identity) return identity
  throw new Refused(exitCodes.usage, `${file}: this is no identity (AGE-SECRET-KEY-1…).`)
}
