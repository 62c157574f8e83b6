// One thing that the command bar offers: a place to go to, or a badge to look for.

import type { RailEntry } from './rail-entries.ts'

export interface Target {
  readonly key: string
  readonly label: string
  readonly kind: string
  readonly to: RailEntry['to']
  readonly search: Readonly<Record<string, string>>
  /** Where it is no place to go to but a badge to look for: its last digits. */
  readonly ends?: string
}
