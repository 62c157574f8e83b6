// What the commands of backup and restore are handed.

import type { Settings } from '../platform/settings.ts'

export interface BackupTools {
  readonly settings: () => Settings
  readonly say: (value: object, text: string) => void
}

export interface OpenOptions {
  readonly identity: string
  readonly vkey?: string
}
