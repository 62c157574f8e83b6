// Who did something, as the record names it: a person by name where this page knows her, anything
// else as it stands.

import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { peopleQuery, personQuery } from '../api/queries.ts'
import { nameText } from './names.ts'
import { useSession } from './shell/session.tsx'

const person = /^person ([0-9a-f-]{36})$/

export function Doer({ by }: { readonly by: string }) {
  const { can, who } = useSession()
  const personId = person.exec(by)?.[1]
  // What was fetched already, or this one alone: a name is no reason to look through everybody.
  const known = useQuery({ ...peopleQuery, enabled: false }).data
  const among = known?.people.find((one) => one.personId === personId)
  const isAsked = personId !== undefined && !among && can('people:read')
  const alone = useQuery({ ...personQuery(personId ?? ''), enabled: isAsked }).data
  if (personId === undefined) return by
  if (personId === who.personId) return 'you'
  const found = among ?? alone
  const name = nameText(found ?? { personId })
  if (!can('people:read')) return name
  return (
    <Link to="/people" search={{ open: personId }}>
      {name}
    </Link>
  )
}
