// What emergency accesses show together: a reason that is always the first of the list, a zone that
// people have no right to but need, a person who has many. Each with its table.

import type { ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { PatternsShown } from '@wardkey/protocol/admin/break-glass'
import { grantQueries, peopleQuery } from '../../api/queries.ts'
import { useAddress } from '../../parts/address.ts'
import { counted, nameText } from '../../parts/names.ts'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { lengthText } from '../../parts/time/time-text.ts'

const periods = [7, 30, 90, 366]

export function Patterns() {
  const [address, setAddress] = useAddress()
  const asked = Number(address['days'])
  const days = periods.includes(asked) ? asked : 90
  const query = useQuery(grantQueries.patterns(days))
  return (
    <>
      <div className="wk-bar">
        <label className="wk-field">
          <span>Of the last</span>
          <select
            value={days}
            onChange={({ target }) => {
              setAddress({ days: target.value })
            }}
          >
            {periods.map((period) => (
              <option key={period} value={period}>
                {counted(period, 'day')}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Answer query={query}>{(patterns) => <Shown patterns={patterns} />}</Answer>
    </>
  )
}

function Shown({ patterns }: { readonly patterns: PatternsShown }) {
  const { reasons, zones, otherwise } = patterns
  const grants = useQuery(grantQueries.open).data?.grants ?? []
  const labelOf = (code: string): string =>
    grants.find(({ reason }) => reason === code)?.reasonLabel ?? code
  if (reasons.length === 0) {
    return (
      <p className="wk-empty">
        No emergency access in these days. Patterns appear here once there are some.
      </p>
    )
  }
  return (
    <div className="wk-patterns">
      <Choices
        title="By reason"
        head="Reason"
        of={reasons.map((one) => [labelOf(one.reason), one])}
      />
      <Choices title="By unit" head="Zone" of={zones.map((one) => [one.zoneId, one])} />
      <section className="wk-section">
        <h2>What an ordinary tap would have been told</h2>
        <p className="wk-quiet">What is often refused here may be a right that is missing.</p>
        <Bars
          head="Answer"
          of={otherwise.map(({ otherwise: code, count }) => [code, code, count])}
        />
      </section>
      <People title="Who had it more than once" of={patterns.people} />
      <People title="Who vouched more than once" of={patterns.witnesses} />
    </div>
  )
}

interface ChoicesProps {
  readonly title: string
  readonly head: string
  readonly of: readonly (readonly [
    string,
    PatternsShown['reasons'][number] | PatternsShown['zones'][number],
  ])[]
}

function Choices({ title, head, of }: ChoicesProps) {
  const most = Math.max(1, ...of.map(([, { count }]) => count))
  return (
    <section className="wk-section">
      <h2>{title}</h2>
      <table className="wk-table wk-plain">
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col">Accesses</th>
            <th scope="col" className="wk-number">
              Chosen after (median)
            </th>
            <th scope="col" className="wk-number">
              First of the list
            </th>
          </tr>
        </thead>
        <tbody>
          {of.map(([name, { count, medianTookMs, firstShare }]) => (
            <tr key={name}>
              <td className="wk-prose">{name}</td>
              <td>
                <Bar count={count} most={most} />
              </td>
              <td className="wk-number">{lengthText(medianTookMs)}</td>
              <td className="wk-number">{Math.round(firstShare * 100)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Bar({ count, most }: { readonly count: number; readonly most: number }) {
  return (
    <span className="wk-counted">
      <span className="wk-counted-bar" style={{ width: `${String((count / most) * 120)}px` }} />
      {count}
    </span>
  )
}

interface BarsProps {
  readonly head: string
  readonly of: readonly (readonly [key: string, name: ReactNode, count: number])[]
}

function Bars({ head, of }: BarsProps) {
  const most = Math.max(1, ...of.map(([, , count]) => count))
  return (
    <table className="wk-table wk-plain">
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">Accesses</th>
        </tr>
      </thead>
      <tbody>
        {of.map(([key, name, count]) => (
          <tr key={key}>
            <td>{name}</td>
            <td>
              <Bar count={count} most={most} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface PeopleProps {
  readonly title: string
  readonly of: PatternsShown['people']
}

function People({ title, of }: PeopleProps) {
  const { can } = useSession()
  const known = useQuery({ ...peopleQuery, enabled: of.length > 0 && can('people:read') }).data
  const named = (personId: string): string =>
    nameText(known?.people.find((one) => one.personId === personId) ?? { personId })
  return (
    <section className="wk-section">
      <h2>{title}</h2>
      {of.length === 0 ? (
        <p className="wk-quiet">Nobody in these days.</p>
      ) : (
        <Bars
          head="Person"
          of={of.map(({ personId, count }) => [
            personId,
            <Link key={personId} to="/people" search={{ open: personId }}>
              {named(personId)}
            </Link>,
            count,
          ])}
        />
      )}
    </section>
  )
}
