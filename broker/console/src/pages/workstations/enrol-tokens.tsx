// Tokens to enrol with: made for a zone and shown once, listed with what is left of them, and taken
// back.

import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { EnrolTokenShown } from '@wardkey/protocol/admin/fleet/enrolling'
import { mintEnrolToken, revokeEnrolToken } from '../../api/workstation-acts.ts'
import { enrolTokensQuery, zonesQuery } from '../../api/settings-queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { Doer } from '../../parts/doer.tsx'
import { counted } from '../../parts/names.ts'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { timeColumn } from '../../parts/table/usual-columns.tsx'
import { ZoneField } from './zone-field.tsx'

const hourMs = 3_600_000

export function EnrolTokens() {
  const { can } = useSession()
  const query = useQuery(enrolTokensQuery)
  return (
    <>
      {can('workstations:write') && <NewToken />}
      <Answer query={query}>
        {({ tokens }) => (
          <DataTable
            name="enrolment-tokens"
            label="Enrolment tokens"
            rows={tokens}
            columns={can('workstations:write') ? [...columns, takingBack] : columns}
            keyOf={({ tokenId }) => tokenId}
            empty={
              <p>
                There is none. A token enrols so many workstations in one zone: whoever may change
                workstations makes one here, and enters it at the workstation.
              </p>
            }
          />
        )}
      </Answer>
    </>
  )
}

function NewToken() {
  const zones = useQuery(zonesQuery).data?.zones ?? []
  const [zoneId, setZone] = useState('')
  const [uses, setUses] = useState('1')
  const [hours, setHours] = useState('24')
  const [from, setFrom] = useState('')
  const addresses = from.split(/[\s,]+/).filter((text) => text !== '')
  const order = { zoneId, uses: Number(uses), lifeMs: Number(hours) * hourMs }
  return (
    <div className="wk-bar">
      <ZoneField zones={zones} value={zoneId} onChange={setZone} />
      <NumberField label="Workstations" value={uses} max={1000} onChange={setUses} />
      <NumberField label="Hours" value={hours} max={720} onChange={setHours} />
      <label className="wk-field">
        <span>From addresses (empty: anywhere)</span>
        <input
          value={from}
          placeholder="10.20.0.0/16"
          onChange={({ target }) => {
            setFrom(target.value)
          }}
        />
      </label>
      <ActButton
        disabled={zoneId === ''}
        label="Make a token"
        question={`A token for ${counted(order.uses, 'workstation')} in ${zoneId}?`}
        act={(pass) =>
          mintEnrolToken(addresses.length === 0 ? order : { ...order, addresses }, pass)
        }
        said={({ token, caSha256 }) => `Shown this once: ${token} · the broker is ${caSha256}`}
      >
        <p>
          Whoever has it enrols computers in that zone until it is used up, over or taken back. It
          is shown once.
        </p>
      </ActButton>
    </div>
  )
}

interface NumberProps {
  readonly label: string
  readonly value: string
  readonly max: number
  readonly onChange: (text: string) => void
}

function NumberField({ label, value, max, onChange }: NumberProps) {
  return (
    <label className="wk-field">
      <span>{label}</span>
      <input
        type="number"
        min={1}
        max={max}
        value={value}
        onChange={({ target }) => {
          onChange(target.value)
        }}
      />
    </label>
  )
}

const columns: readonly ShownColumn<EnrolTokenShown>[] = [
  { id: 'state', head: 'State', text: ({ state }) => state.replace('-', ' ') },
  { id: 'zone', head: 'Zone', text: ({ zoneId }) => zoneId },
  {
    id: 'left',
    head: 'Left',
    text: ({ usesLeft, uses }) =>
      uses === undefined ? String(usesLeft) : `${String(usesLeft)} of ${String(uses)}`,
    order: ({ usesLeft }) => usesLeft,
  },
  timeColumn({ id: 'until', head: 'Until' }, ({ expiresMs }) => expiresMs),
  { id: 'from', head: 'From', text: ({ addresses }) => addresses?.join(' ') ?? 'anywhere' },
  {
    id: 'for',
    head: 'For',
    text: ({ reissueOf }) => (reissueOf === undefined ? 'new workstations' : 'one workstation'),
  },
  {
    id: 'by',
    head: 'Made by',
    text: ({ madeBy }) => madeBy ?? '',
    cell: ({ madeBy }) => (madeBy === undefined ? '' : <Doer by={madeBy} />),
  },
]

const takingBack: ShownColumn<EnrolTokenShown> = {
  id: 'take-back',
  head: 'Take back',
  text: () => '',
  cell: ({ tokenId, state, zoneId }) =>
    state === 'good' ? (
      <ActButton
        isSmall
        isGrave
        label="Take it back"
        question={`Take back the token for ${zoneId}?`}
        act={(pass) => revokeEnrolToken(tokenId, pass)}
        said={() => 'Taken back'}
      >
        <p>It enrols nothing from now on. What was enrolled with it stays.</p>
      </ActButton>
    ) : (
      ''
    ),
}
