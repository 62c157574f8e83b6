// One person, found by part of her name: an active one, or anybody who was ever here.

import { useId, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { peopleQuery } from '../../api/queries.ts'
import { nameText } from '../names.ts'

export interface Chosen {
  readonly personId: string
  readonly name: string
}

interface Props {
  readonly label: string
  readonly value: Chosen | undefined
  readonly onChange: (chosen: Chosen | undefined) => void
  /** Also those who left, or may not come in now. */
  readonly isAnybody?: boolean
}

const offeredMax = 6

export function PersonField({ label, value, onChange, isAnybody = false }: Props) {
  const [text, setText] = useState('')
  const id = useId()
  const asked = text.trim().toLowerCase()
  const { data } = useQuery(peopleQuery)
  const found = (data?.people ?? [])
    .filter((one) => isAnybody || one.status === 'active')
    .filter((one) => nameText(one).toLowerCase().includes(asked))
    .slice(0, offeredMax)
  return (
    <div className="wk-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        value={value?.name ?? text}
        autoComplete="off"
        placeholder="Part of a name"
        onChange={({ target }) => {
          onChange(undefined)
          setText(target.value)
        }}
      />
      {value === undefined && asked.length > 1 && (
        <div className="wk-buttons-row">
          {found.length === 0 && (
            <span className="wk-quiet">
              {isAnybody ? 'Nobody' : 'Nobody active'} has that name.
            </span>
          )}
          {found.map((one) => (
            <button
              key={one.personId}
              type="button"
              className="wk-link"
              onClick={() => {
                onChange({ personId: one.personId, name: nameText(one) })
              }}
            >
              {nameText(one)}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
