// The one way to choose from when to when: back from now, or between two times. It stands in the
// address (`from`, `to`).

import { useState } from 'react'
import { Button } from '@mantine/core'
import { useAddress } from '../address.ts'
import { fieldMs, fieldText } from './field-time.ts'
import { addressTime, parseRange, relativeRanges } from './time-range.ts'
import { useZone } from './zone-choice.tsx'

interface Props {
  /** What is shown where the address says nothing. */
  readonly usual?: string
}

export function TimePicker({ usual = '-8h' }: Props) {
  const [{ from = usual, to }, setAddress] = useAddress()
  const isRelative = to === undefined && relativeRanges.some(([value]) => value === from)
  return (
    <div className="wk-picker">
      <label className="wk-field">
        <span>When</span>
        <select
          value={isRelative ? from : 'between'}
          onChange={({ target }) => {
            if (target.value !== 'between') {
              setAddress({ from: target.value, to: undefined, zoom: undefined })
              return
            }
            const { fromMs, toMs } = parseRange({ from, to }, Date.now())
            setAddress({ from: addressTime(fromMs), to: addressTime(toMs), zoom: undefined })
          }}
        >
          {relativeRanges.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
          <option value="between">Between two times</option>
        </select>
      </label>
      {!isRelative && <Between key={`${from} ${to ?? ''}`} from={from} to={to} />}
    </div>
  )
}

interface BetweenProps {
  readonly from: string
  readonly to: string | undefined
}

function Between({ from, to }: BetweenProps) {
  const [, setAddress] = useAddress()
  const { choice } = useZone()
  const isUtc = choice === 'utc'
  const [range] = useState(() => parseRange({ from, to }, Date.now()))
  const [begin, setBegin] = useState(() => fieldText(range.fromMs, isUtc))
  const [end, setEnd] = useState(() => fieldText(range.toMs, isUtc))
  const fromMs = fieldMs(begin, isUtc)
  const toMs = fieldMs(end, isUtc)
  const isGood = fromMs < toMs
  return (
    <form
      className="wk-between"
      onSubmit={(event) => {
        event.preventDefault()
        setAddress({ from: addressTime(fromMs), to: addressTime(toMs), zoom: undefined })
      }}
    >
      <label className="wk-field">
        <span>From{isUtc ? ' (UTC)' : ''}</span>
        <input
          type="datetime-local"
          value={begin}
          onChange={({ target }) => {
            setBegin(target.value)
          }}
        />
      </label>
      <label className="wk-field">
        <span>To{isUtc ? ' (UTC)' : ''}</span>
        <input
          type="datetime-local"
          value={end}
          onChange={({ target }) => {
            setEnd(target.value)
          }}
        />
      </label>
      <Button type="submit" variant="default" disabled={!isGood}>
        Show
      </Button>
    </form>
  )
}
