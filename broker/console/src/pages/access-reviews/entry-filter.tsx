// Which entries of a review are shown: by what was decided, and by whose they are. Both stand in
// the address.

import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { peopleQuery } from '../../api/queries.ts'
import { useAddress } from '../../parts/address.ts'
import { PersonField } from '../../parts/fields/person-field.tsx'
import { nameText } from '../../parts/names.ts'
import { useSession } from '../../parts/shell/session.tsx'
import { entryStates } from './review-words.ts'

interface Props {
  readonly state: string | undefined
  readonly person: string | undefined
}

export function EntryFilter({ state, person }: Props) {
  const { can } = useSession()
  const [, setAddress] = useAddress()
  const [isAsking, setAsking] = useState(person !== undefined)
  return (
    <div className="wk-bar">
      <label className="wk-field">
        <span>Which entries</span>
        <select
          value={state ?? ''}
          onChange={({ target }) => {
            setAddress({ state: target.value || undefined, open: undefined }, { replace: true })
          }}
        >
          <option value="">all</option>
          {entryStates.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {isAsking && can('people:read') && <OnePerson person={person} />}
      {!isAsking && can('people:read') && (
        <button
          type="button"
          className="wk-link"
          onClick={() => {
            setAsking(true)
          }}
        >
          Of one person
        </button>
      )}
    </div>
  )
}

/** The list of people is looked at only where it is asked for: each look is a fact. */
function OnePerson({ person }: Pick<Props, 'person'>) {
  const [, setAddress] = useAddress()
  const { data } = useQuery(peopleQuery)
  const found = data?.people.find(({ personId }) => personId === person)
  const name = nameText(found ?? { personId: person })
  return (
    <PersonField
      label="Of whom"
      value={person === undefined ? undefined : { personId: person, name }}
      isAnybody
      onChange={(chosen) => {
        if (chosen?.personId === person) return
        setAddress({ person: chosen?.personId, open: undefined }, { replace: true })
      }}
    />
  )
}
