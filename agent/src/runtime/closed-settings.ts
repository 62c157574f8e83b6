// Settings as they may leave the workstation: where each comes from, and its value where that is
// one of a closed set. Free text may name a person, a path or a host. Pure.

import type { ReadSettings } from '../platform/settings.ts'
import { settingsTable } from '../platform/settings-table.ts'

export interface ClosedSetting {
  readonly key: string
  readonly from: ReadSettings['origins'][keyof ReadSettings['origins']]['kind']
  readonly value?: string | number | boolean
}

export function closedSettings({
  settings,
  origins,
}: Pick<ReadSettings, 'settings' | 'origins'>): readonly ClosedSetting[] {
  return settingsTable.map(({ key, form }) => {
    const from = origins[key].kind
    const value: unknown = settings[key]
    const isClosed = form.kind === 'yes-no' || form.kind === 'number' || form.kind === 'choice'
    const isPlain =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    return isClosed && isPlain ? { key, from, value } : { key, from }
  })
}
