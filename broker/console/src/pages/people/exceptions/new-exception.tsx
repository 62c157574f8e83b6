// Asking for an exception: for whom, which role or zone, for how long, why, and who answers for it.

import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { proposeException } from '../../../api/exception-queries.ts'
import type { ExceptionOrder } from '../../../api/exception-queries.ts'
import { zonesQuery } from '../../../api/settings-queries.ts'
import { ActButton } from '../../../parts/act-button.tsx'
import { PersonField } from '../../../parts/fields/person-field.tsx'
import type { Chosen } from '../../../parts/fields/person-field.tsx'
import { Panel } from '../../../parts/panel.tsx'

const hourMs = 3_600_000
const hoursMax = 92 * 24

export function NewException() {
  const [person, setPerson] = useState<Chosen>()
  const [owner, setOwner] = useState<Chosen>()
  const [kind, setKind] = useState<ExceptionOrder['kind']>('role')
  const [what, setWhat] = useState('')
  const [hours, setHours] = useState('12')
  const [reason, setReason] = useState('')
  const isWhole =
    person && owner && person.personId !== owner.personId && what !== '' && reason.trim() !== ''
  return (
    <Panel title="Ask for an exception">
      <div className="wk-form">
        <PersonField label="For whom" value={person} onChange={setPerson} />
        <label className="wk-field">
          <span>A role or a zone</span>
          <select
            value={kind}
            onChange={({ target }) => {
              setKind(target.value === 'zone' ? 'zone' : 'role')
              setWhat('')
            }}
          >
            <option value="role">a role</option>
            <option value="zone">a zone</option>
          </select>
        </label>
        <What kind={kind} value={what} onChange={setWhat} />
        <Hours value={hours} onChange={setHours} />
        <PersonField label="Who answers for it" value={owner} onChange={setOwner} />
        <label className="wk-field">
          <span>Why, without names</span>
          <textarea
            rows={3}
            maxLength={500}
            value={reason}
            onChange={({ target }) => {
              setReason(target.value)
            }}
          />
        </label>
        <ActButton
          disabled={!isWhole}
          label="Ask for it"
          question={`Ask for the ${kind} ${what} for ${person?.name ?? ''}?`}
          act={(pass) =>
            proposeException(
              {
                ...{ personId: person?.personId ?? '', ownerId: owner?.personId ?? '' },
                ...{ kind, what, reason: reason.trim(), lastsMs: Number(hours) * hourMs },
              },
              pass,
            )
          }
          said={() => 'It waits for somebody else’s word'}
        >
          <p>Nothing holds by it until an administrator other than you has said yes.</p>
        </ActButton>
      </div>
    </Panel>
  )
}

interface HoursProps {
  readonly value: string
  readonly onChange: (text: string) => void
}

function Hours({ value, onChange }: HoursProps) {
  return (
    <label className="wk-field">
      <span>Hours, from its approval on</span>
      <input
        type="number"
        min={1}
        max={hoursMax}
        value={value}
        onChange={({ target }) => {
          onChange(target.value)
        }}
      />
    </label>
  )
}

interface WhatProps extends HoursProps {
  readonly kind: ExceptionOrder['kind']
}

function What({ kind, value, onChange }: WhatProps) {
  const zones = useQuery(zonesQuery).data?.zones ?? []
  if (kind === 'role') {
    return (
      <label className="wk-field">
        <span>Which role</span>
        <input
          value={value}
          autoComplete="off"
          placeholder="charge-nurse"
          onChange={({ target }) => {
            onChange(target.value.trim().toLowerCase())
          }}
        />
      </label>
    )
  }
  return (
    <label className="wk-field">
      <span>Which zone</span>
      <select
        value={value}
        onChange={({ target }) => {
          onChange(target.value)
        }}
      >
        <option value="">choose</option>
        {zones.map(({ zoneId, label }) => (
          <option key={zoneId} value={zoneId}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}
