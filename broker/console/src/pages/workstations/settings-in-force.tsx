// Settings that are in force at a workstation: where each comes from, and its value where it is no
// free text.

import type { WorkstationDetails } from '@wardkey/protocol/admin/workstations'
import { Facts } from '../../parts/panel.tsx'

interface Props {
  readonly settings: NonNullable<WorkstationDetails['settings']>
}

export function SettingsInForce({ settings }: Props) {
  const set = settings.filter(({ from }) => from !== 'default')
  return (
    <details>
      <summary>
        Settings in force: {set.length} set, {settings.length - set.length} as they come
      </summary>
      <Facts
        of={set.map(({ key, from, value }) => [
          key,
          `${value === undefined ? 'set' : String(value)} (${from.replace('-', ' ')})`,
        ])}
      />
    </details>
  )
}
