// Choosing a zone by its label. None is chosen to begin with: which rules hold is to be meant.

import type { ZoneShown } from '@wardkey/protocol/admin/workstations'

interface Props {
  readonly zones: readonly ZoneShown[]
  readonly value: string
  readonly onChange: (zoneId: string) => void
}

export function ZoneField({ zones, value, onChange }: Props) {
  return (
    <label className="wk-field">
      <span>Zone</span>
      <select
        value={value}
        onChange={({ target }) => {
          onChange(target.value)
        }}
      >
        <option value="">Choose one</option>
        {zones.map(({ zoneId, label }) => (
          <option key={zoneId} value={zoneId}>
            {label} ({zoneId})
          </option>
        ))}
      </select>
    </label>
  )
}
