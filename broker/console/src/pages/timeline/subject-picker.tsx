// Whose time line it is to be: a workstation, a zone or a person, by any word of its name.

import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { peopleQuery } from '../../api/queries.ts'
import { workstationsQuery, zonesQuery } from '../../api/settings-queries.ts'
import { useAddress } from '../../parts/address.ts'
import { nameText } from '../../parts/names.ts'
import { useSession } from '../../parts/shell/session.tsx'

interface Subject {
  readonly name: 'personId' | 'workstationId' | 'zoneId'
  readonly id: string
  readonly label: string
  readonly kind: string
}
const shownMax = 14
const lettersMin = 2

export function SubjectPicker() {
  const [text, setText] = useState('')
  const [, setAddress] = useAddress()
  const found = useSubjects(text)
  return (
    <section className="wk-subjects">
      <label className="wk-field">
        <span>Of a workstation, a zone or a person</span>
        <input
          type="search"
          value={text}
          placeholder="Name or place"
          onChange={({ target }) => {
            setText(target.value)
          }}
        />
      </label>
      <ul>
        {found.slice(0, shownMax).map(({ name, id, label, kind }) => (
          <li key={id}>
            <button
              type="button"
              className="wk-link"
              onClick={() => {
                const none = { personId: undefined, workstationId: undefined, zoneId: undefined }
                setAddress({ ...none, [name]: id })
              }}
            >
              {label}
            </button>{' '}
            <span className="wk-quiet">{kind}</span>
          </li>
        ))}
      </ul>
      <p className="wk-quiet">
        {found.length > shownMax
          ? `And ${String(found.length - shownMax)} more: another word narrows it down.`
          : 'People are found from two letters on. Whoever looks at a time line is in the record.'}
      </p>
    </section>
  )
}

function useSubjects(text: string): readonly Subject[] {
  const { can } = useSession()
  const isAsking = text.trim().length >= lettersMin
  const people = useQuery({ ...peopleQuery, enabled: isAsking && can('people:read') })
  const workstations = useQuery({ ...workstationsQuery, enabled: can('workstations:read') })
  const zones = useQuery({ ...zonesQuery, enabled: can('workstations:read') })
  const all: readonly Subject[] = [
    ...(zones.data?.zones ?? []).map(({ zoneId: id, label }) => ({
      ...{ name: 'zoneId' as const, id, label, kind: 'zone' },
    })),
    ...(workstations.data?.workstations ?? []).map(({ workstationId: id, place, zoneId }) => ({
      ...{ name: 'workstationId' as const, id, label: place, kind: `workstation, ${zoneId}` },
    })),
    ...(isAsking ? (people.data?.people ?? []) : []).map((person) => ({
      ...{ name: 'personId' as const, id: person.personId, label: nameText(person) },
      kind: `person, ${person.roles.join(', ')}`,
    })),
  ]
  const words = text.trim().toLowerCase().split(/\s+/)
  return all.filter(({ label, kind }) => {
    const says = `${label} ${kind}`.toLowerCase()
    return words.every((word) => says.includes(word))
  })
}
