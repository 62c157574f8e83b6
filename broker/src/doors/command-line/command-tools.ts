// What the commands are handed: where the broker is, and in which form to answer.

import type { Settings } from '../../platform/settings.ts'
import type { AdminClient } from './admin-client.ts'

export interface CommandNeeds {
  readonly settings: () => Settings
  readonly isJson: () => boolean
  /** Inside the key folder. */
  readonly adminTokenFile: string
  /** wardkey-record's own verifiers, `verify` and `verify-proof`; returns the exit code. */
  readonly verifyRecord: (words: readonly string[]) => Promise<number>
}

/** What each command is handed. */
export interface CommandTools extends CommandNeeds {
  readonly client: () => AdminClient
  /** To standard output: `value` as JSON, or else the text for people. */
  readonly say: (value: unknown, text: string) => void
}
