// Placing a legal hold: whom and where it is about, of which time, and why. It holds at once.

import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { placeHold } from '../../../api/record/hold-queries.ts'
import type { HoldOrder } from '../../../api/record/hold-queries.ts'
import { workstationsQuery } from '../../../api/settings-queries.ts'
import { ActButton } from '../../../parts/act-button.tsx'
import { PersonField } from '../../../parts/fields/person-field.tsx'
import type { Chosen } from '../../../parts/fields/person-field.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { fieldMs } from '../../../parts/time/field-time.ts'
import { useZone } from '../../../parts/time/zone-choice.tsx'

const reasonMax = 500

export function NewHold() {
  const [isOfOne, setOfOne] = useState(false)
  const [person, setPerson] = useState<Chosen>()
  const [workstationId, setWorkstation] = useState('')
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [reason, setReason] = useState('')
  const isUtc = useZone().choice === 'utc'
  const fromMs = from === '' ? undefined : fieldMs(from, isUtc)
  const untilMs = until === '' ? undefined : fieldMs(until, isUtc)
  const isBackward = fromMs !== undefined && untilMs !== undefined && fromMs > untilMs
  const isWhole = (!isOfOne || person !== undefined) && reason.trim() !== '' && !isBackward
  const order: HoldOrder = {
    ...(isOfOne && person ? { personId: person.personId } : {}),
    ...(workstationId === '' ? {} : { workstationId }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
    reason: reason.trim(),
  }
  const whom = isOfOne ? (person?.name ?? '') : 'everybody'
  return (
    <Panel title="Place a legal hold">
      <div className="wk-form">
        <label className="wk-field">
          <span>Whom it is about</span>
          <select
            value={isOfOne ? 'one' : 'all'}
            onChange={({ target }) => {
              setOfOne(target.value === 'one')
            }}
          >
            <option value="all">everybody</option>
            <option value="one">one person</option>
          </select>
        </label>
        {isOfOne && <PersonField label="Who" value={person} onChange={setPerson} isAnybody />}
        <Place value={workstationId} onChange={setWorkstation} />
        <Time label={`From${isUtc ? ' (UTC)' : ''}`} value={from} onChange={setFrom} />
        <Time label={`Until${isUtc ? ' (UTC)' : ''}`} value={until} onChange={setUntil} />
        {isBackward && (
          <p className="wk-bad" role="alert">
            It ends before it begins: change one of the times.
          </p>
        )}
        <Reason value={reason} onChange={setReason} />
        <ActButton
          disabled={!isWhole}
          label="Place the hold"
          question={`Keep everything about ${whom} that this hold covers?`}
          act={(pass) => placeHold(order, pass)}
          said={() => 'It holds'}
        >
          <p>
            It holds at once: nothing that it covers goes, and nobody whom it covers is forgotten.
            To end it, one asks and somebody else of compliance lifts it.
          </p>
        </ActButton>
      </div>
    </Panel>
  )
}

interface FieldProps {
  readonly value: string
  readonly onChange: (text: string) => void
}

function Place({ value, onChange }: FieldProps) {
  const workstations = useQuery(workstationsQuery).data?.workstations ?? []
  const places = [...workstations].sort((a, b) => a.place.localeCompare(b.place, 'en'))
  return (
    <label className="wk-field">
      <span>Where</span>
      <select
        value={value}
        onChange={({ target }) => {
          onChange(target.value)
        }}
      >
        <option value="">everywhere</option>
        {places.map(({ workstationId, place }) => (
          <option key={workstationId} value={workstationId}>
            {place}
          </option>
        ))}
      </select>
    </label>
  )
}

function Time({ label, value, onChange }: FieldProps & { readonly label: string }) {
  return (
    <label className="wk-field">
      <span>{label}; empty: all of it</span>
      <input
        type="datetime-local"
        value={value}
        onChange={({ target }) => {
          onChange(target.value)
        }}
      />
    </label>
  )
}

function Reason({ value, onChange }: FieldProps) {
  return (
    <label className="wk-field">
      <span>Why, in one line and without names</span>
      <input
        value={value}
        maxLength={reasonMax}
        autoComplete="off"
        placeholder="case 4711"
        onChange={({ target }) => {
          onChange(target.value)
        }}
      />
    </label>
  )
}
