// How does the house show what it keeps to? The evidence archive for an auditor: for which days,
// what for, one button, and its making. Days, purpose and making stand in the address.

import { useRef, useState } from 'react'
import type { SubmitEvent } from 'react'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { beginEvidence } from '../../../api/evidence-queries.ts'
import type { EvidenceOrder, EvidencePurpose } from '../../../api/evidence-queries.ts'
import type { Pass } from '../../../api/acts.ts'
import { Refused } from '../../../api/ask.ts'
import { useAddress } from '../../../parts/address.ts'
import { useSession } from '../../../parts/shell/session.tsx'
import { Trouble } from '../../../parts/trouble.tsx'
import { dayOf, flawOf, lastQuarter } from './evidence-days.ts'
import { Making } from './making.tsx'
import './evidence.css'

const purposeWords: Readonly<Record<EvidencePurpose, string>> = {
  'internal-audit': 'an internal audit',
  'external-audit': 'an external audit',
  regulator: 'a regulator',
  incident: 'an incident',
  drill: 'a drill',
}
const purposes = Object.keys(purposeWords) as readonly EvidencePurpose[]

export function EvidenceView() {
  const [address, setAddress] = useAddress()
  const { making } = address
  const begin = useBegin((order, id) => {
    setAddress({ from: order.from, to: order.to, purpose: order.purpose, making: id })
  })
  return (
    <section className="wk-section wk-evidence" aria-labelledby="evidence">
      <h2 id="evidence">Evidence for an auditor</h2>
      <p>
        One signed file: for each rule of the law what the record and the database show, with
        proofs, and what that does not prove. It is no certificate. People are ids in it; it has no
        names and no badge numbers.
      </p>
      <Order
        isBusy={begin.isPending}
        onMake={(order) => {
          begin.mutate(order)
        }}
      />
      {begin.error && <Trouble error={begin.error} />}
      {making !== undefined && <Making key={making} id={making} />}
    </section>
  )
}

/** A try that may have come through is tried again under its key: nothing is made twice. */
function useBegin(onBegun: (order: EvidenceOrder, id: string) => void) {
  const { pass } = useSession()
  const kept = useRef<{ readonly text: string; readonly pass: Pass }>(undefined)
  return useMutation({
    mutationFn: (order: EvidenceOrder) => {
      const text = JSON.stringify(order)
      if (kept.current?.text !== text) kept.current = { text, pass: pass() }
      return beginEvidence(order, kept.current.pass)
    },
    onSuccess: ({ id }, order) => {
      kept.current = undefined
      onBegun(order, id)
    },
    onError: (error) => {
      const mayHaveCome = error instanceof Refused && (error.status === 0 || error.status >= 500)
      if (!mayHaveCome) kept.current = undefined
    },
  })
}

interface OrderProps {
  readonly isBusy: boolean
  readonly onMake: (order: EvidenceOrder) => void
}

function Order({ isBusy, onMake }: OrderProps) {
  const [address] = useAddress()
  const today = dayOf(new Date())
  const quarter = lastQuarter(today)
  const [from, setFrom] = useState(address['from'] ?? quarter.from)
  const [to, setTo] = useState(address['to'] ?? quarter.to)
  const [purpose, setPurpose] = useState(purposes.find((one) => one === address['purpose']))
  const flaw = flawOf({ from, to }, today)
  const make = (event: SubmitEvent): void => {
    event.preventDefault()
    if (flaw === undefined && purpose) onMake({ from, to, purpose })
  }
  return (
    <form className="wk-evidence-order" onSubmit={make}>
      <Day label="First day" value={from} onChange={setFrom} isBad={flaw !== undefined} />
      <Day label="Last day" value={to} onChange={setTo} isBad={flaw !== undefined} />
      <label className="wk-field">
        <span>What it is for</span>
        <select
          value={purpose ?? ''}
          onChange={({ target }) => {
            setPurpose(purposes.find((one) => one === target.value))
          }}
        >
          <option value="">choose</option>
          {purposes.map((one) => (
            <option key={one} value={one}>
              {purposeWords[one]}
            </option>
          ))}
        </select>
      </label>
      <Button type="submit" color="ward" disabled={isBusy || flaw !== undefined || !purpose}>
        Make the evidence archive
      </Button>
      <p className={flaw === undefined ? 'wk-quiet' : 'wk-bad'} id="evidence-days" role="status">
        {flaw ??
          (purpose
            ? 'That you have it made, for which days and what for, is written in the record.'
            : 'Choose what it is for: that is written in the record, with the days and who you are.')}
      </p>
    </form>
  )
}

interface DayProps {
  readonly label: string
  readonly value: string
  readonly onChange: (day: string) => void
  readonly isBad: boolean
}

/** Of the site's calendar, which the broker knows. */
function Day({ label, value, onChange, isBad }: DayProps) {
  return (
    <label className="wk-field">
      <span>{label}</span>
      <input
        type="date"
        required
        value={value}
        aria-invalid={isBad}
        aria-describedby="evidence-days"
        onChange={({ target }) => {
          onChange(target.value)
        }}
      />
    </label>
  )
}
