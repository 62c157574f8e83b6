// One alert: the rule in words, whom it is about, the facts behind it as links into the time line,
// and what was done about it.

import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { AlertFactShown, AlertShown } from '@wardkey/protocol/admin/alerts/alerts'
import { alertQueries } from '../../api/alert-queries.ts'
import { Doer } from '../../parts/doer.tsx'
import { counted, nameText } from '../../parts/names.ts'
import { Facts, Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { addressTime } from '../../parts/time/time-range.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { AlertActs } from './alert-acts.tsx'
import { alertOutcomeText, alertStateText, nobodyText, whereText } from './alert-words.ts'

const aroundMs = 30 * 60_000

export function AlertPanel({ alertId }: { readonly alertId: string }) {
  const query = useQuery(alertQueries.one(alertId))
  return (
    <Panel title={query.data?.title ?? 'Alert'}>
      <Answer query={query}>{(alert) => <Story alert={alert} />}</Answer>
    </Panel>
  )
}

function Story({ alert }: { readonly alert: AlertShown }) {
  const { can, who } = useSession()
  const { acknowledged, assigned, assignee, closed } = alert
  const isOwn = alert.people.some(({ personId }) => personId === who.personId)
  return (
    <>
      <p className="wk-story">{alert.sentence}</p>
      <Facts
        of={[
          ['About', <People key="about" alert={alert} />],
          ['Where', whereText(alert) || <Nothing key="where" />],
          ['Seen', counted(alert.count, 'time')],
          ['First', <Stamp key="first" ms={alert.firstMs} />],
          ['Last', <Stamp key="last" ms={alert.lastMs} />],
          ['State', alertStateText(alert)],
          ['Acknowledged', done(acknowledged)],
          ['Assigned to', assignee ? nameText(assignee) : <Nothing key="assignee" />],
          ['Assigned by', done(assigned)],
        ]}
      />
      <Behind alert={alert} />
      {closed ? (
        <section className="wk-alert-found">
          <h3>Closed: {alertOutcomeText(closed.outcome)}</h3>
          <p>{closed.note ?? 'The note was forgotten with a person whom it was about.'}</p>
          <p className="wk-quiet">
            <Doer by={closed.by} />, <Stamp ms={closed.atMs} />
          </p>
        </section>
      ) : isOwn ? (
        <p className="wk-quiet">It is about you: a colleague with your role looks after it.</p>
      ) : can('alerts:handle') ? (
        <AlertActs alert={alert} />
      ) : (
        <p className="wk-quiet">Your account may read it only.</p>
      )}
    </>
  )
}

const Nothing = () => <span className="wk-quiet">none</span>

function done(word: { readonly by: string; readonly atMs: number } | undefined): ReactNode {
  if (!word) return <span className="wk-quiet">not yet</span>
  return (
    <>
      <Doer by={word.by} />, <Stamp ms={word.atMs} />
    </>
  )
}

function People({ alert: { people, kind } }: { readonly alert: AlertShown }) {
  const { can } = useSession()
  if (people.length === 0) return <>{nobodyText(kind)}</>
  return (
    <ul className="wk-alert-people">
      {people.map((person) => (
        <li key={person.personId}>
          {can('people:read') ? (
            <Link to="/people" search={{ open: person.personId }}>
              {nameText(person)}
            </Link>
          ) : (
            nameText(person)
          )}
        </li>
      ))}
    </ul>
  )
}

/** The oldest first, as it happened. */
function Behind({ alert: { facts } }: { readonly alert: AlertShown }) {
  return (
    <section className="wk-alert-facts">
      <h3>{counted(facts.length, 'fact')} behind it</h3>
      <ol>
        {facts.map((fact) => (
          <li key={fact.index}>
            <Stamp ms={fact.atMs} />
            <span>
              {fact.sentence}
              {fact.rule !== undefined && <span className="wk-quiet"> rule {fact.rule}</span>}
            </span>
            <TimelineLink fact={fact} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function TimelineLink({ fact }: { readonly fact: AlertFactShown }) {
  const { can } = useSession()
  const { index, atMs, personId, workstationId } = fact
  const number = `fact ${String(index)}`
  if (!can('presence:read') || (personId === undefined && workstationId === undefined)) {
    return <span className="wk-quiet">{number}</span>
  }
  const from = addressTime(atMs - aroundMs)
  const to = addressTime(atMs + aroundMs)
  const whom = personId === undefined ? { workstationId } : { personId }
  return (
    <Link to="/timeline" search={{ ...whom, from, to }}>
      {number}
    </Link>
  )
}
