// Who did something, as the record names it: a person by name where this page knows her, anything
// else as it stands.

import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { peopleQuery } from '../api/queries.ts'
import { nameText } from './names.ts'
import { useSession } from './shell/session.tsx'

const person = /^person ([0-9a-f-]{36})$/

export function Doer({ by }: { readonly by: string }) {
  const { can } = useSession()
  // Only what was fetched already: a name beside a date is no reason to look through everybody.
  const known = useQuery({ ...peopleQuery, enabled: false }).data
  const personId = person.exec(by)?.[1]
  if (personId === undefined) return by
  const found = known?.people.find((one) => one.personId === personId)
  const name = nameText(found ?? { personId })
  if (!can('people:read')) return name
  return (
    <Link to="/people" search={{ open: personId }}>
      {name}
    </Link>
  )
}
