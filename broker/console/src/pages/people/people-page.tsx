// Who may come in? Everybody with an identity here, by name, role and status, and one of them
// beside the list.

import { useDeferredValue, useMemo } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { PersonSummary } from '@wardkey/protocol/admin/people'
import { peopleQuery } from '../../api/queries.ts'
import { Allowed } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { counted, nameText } from '../../parts/names.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { Exceptions } from './exceptions/exceptions-view.tsx'
import { PersonPanel } from './person-panel.tsx'
import { PersonStatus, statusWords } from './person-status.tsx'

const columns: readonly ShownColumn<PersonSummary>[] = [
  { id: 'name', head: 'Name', text: nameText, order: ({ name }) => name?.family ?? '' },
  { id: 'roles', head: 'Roles', text: ({ roles }) => roles.join(', ') },
  {
    id: 'status',
    head: 'Status',
    text: ({ status }) => statusWords[status],
    cell: ({ status }) => <PersonStatus status={status} />,
  },
  {
    id: 'id',
    head: 'Person',
    text: ({ personId }) => personId,
    cell: ({ personId }) => <code className="wk-quiet">{personId}</code>,
  },
]

export function PeoplePage() {
  return (
    <Allowed page="/people">
      <People />
    </Allowed>
  )
}

type Show = 'people' | 'exceptions'

function People() {
  const { can } = useSession()
  const [address] = useAddress()
  const maySee = can('exceptions:read')
  const show: Show = maySee && address['show'] === 'exceptions' ? 'exceptions' : 'people'
  const query = useQuery(peopleQuery)
  return (
    <>
      <PageTitle question="Who may come in?">
        {query.data && <p>{sentence(query.data.people)}</p>}
      </PageTitle>
      {maySee && (
        <div className="wk-bar">
          <Tabs<Show>
            label="What to look at"
            value={show}
            tabs={[
              ['people', 'People', query.data?.people.length],
              ['exceptions', 'Exceptions'],
            ]}
          />
        </div>
      )}
      {show === 'exceptions' ? <Exceptions /> : <Everybody />}
    </>
  )
}

function Everybody() {
  const [address, setAddress] = useAddress()
  const query = useQuery(peopleQuery)
  const { open } = address
  return (
    <>
      <div className="wk-bar" role="search">
        <label className="wk-field">
          <span>Find by name or role</span>
          <input
            type="search"
            value={address['q'] ?? ''}
            onChange={({ target }) => {
              setAddress({ q: target.value }, { replace: true })
            }}
          />
        </label>
      </div>
      <Answer query={query}>
        {({ people, isCut }) => (
          <>
            {isCut && <p className="wk-warn">There are more people than one page looks through.</p>}
            <Table people={people} />
          </>
        )}
      </Answer>
      {open !== undefined && <PersonPanel key={open} personId={open} />}
    </>
  )
}

function Table({ people }: { readonly people: readonly PersonSummary[] }) {
  const [address] = useAddress()
  const text = useDeferredValue(address['q'] ?? '')
  const found = useMemo(() => search(people, text), [people, text])
  return (
    <DataTable
      name="people"
      label="People"
      rows={found}
      columns={columns}
      keyOf={({ personId }) => personId}
      opens
      empty={
        people.length === 0 ? (
          <p>Nobody yet. People come from HR, or are added by an administrator.</p>
        ) : (
          <p>Nobody here is called that. Try the family name alone.</p>
        )
      }
    />
  )
}

function search(people: readonly PersonSummary[], text: string): readonly PersonSummary[] {
  const words = text.trim().toLowerCase().split(/\s+/)
  return people.filter((person) => {
    const all = `${nameText(person)} ${person.roles.join(' ')}`.toLowerCase()
    return words.every((word) => all.includes(word))
  })
}

function sentence(people: readonly PersonSummary[]): string {
  const active = people.filter(({ status }) => status === 'active').length
  const out = people.filter(({ status }) => status === 'suspended').length
  return `${String(active)} of ${counted(people.length, 'person', 'people')}; ${String(out)} suspended.`
}
