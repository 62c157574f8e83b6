// What is done about an alert: acknowledged, taken or given to somebody, closed with what was
// found.

import { useId, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { AlertClosing, AlertShown } from '@wardkey/protocol/admin/alerts/alerts'
import { acknowledgeAlert, assignAlert, closeAlert } from '../../api/alert-queries.ts'
import { peopleQuery } from '../../api/queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { FindingFields } from '../../parts/fields/finding-fields.tsx'
import { nameText } from '../../parts/names.ts'
import { useSession } from '../../parts/shell/session.tsx'
import { alertOutcomeText } from './alert-words.ts'

type Outcome = AlertClosing['outcome']
const outcomes: readonly (readonly [Outcome, string])[] = [
  ['explained', 'Explained: there is an ordinary reason'],
  ['confirmed', 'Confirmed: it was what it looked like'],
  ['false-alarm', 'False alarm: the rule should not have spoken'],
]
const offeredMax = 6

export function AlertActs({ alert }: { readonly alert: AlertShown }) {
  const { can, who } = useSession()
  const { alertId, state, assignee } = alert
  return (
    <section className="wk-alert-acts">
      <h3>What you can do</h3>
      <div className="wk-buttons-row">
        {state === 'open' && (
          <ActButton
            label="Acknowledge"
            question="Say that you have seen it?"
            act={(pass) => acknowledgeAlert(alertId, pass)}
            said={() => 'Acknowledged'}
          >
            <p>It is written into the record under your name. It stays until it is closed.</p>
          </ActButton>
        )}
        {assignee?.personId !== who.personId && (
          <ActButton
            label="Take it"
            question="Look after it yourself?"
            act={(pass) => assignAlert(alertId, who.personId, pass)}
            said={() => 'It is yours'}
          >
            <p>It is written into the record. Somebody else can take it from you.</p>
          </ActButton>
        )}
      </div>
      {can('people:read') && <Assign alert={alert} />}
      <CloseForm alertId={alertId} />
    </section>
  )
}

function Assign({ alert }: { readonly alert: AlertShown }) {
  const [text, setText] = useState('')
  const id = useId()
  const asked = text.trim().toLowerCase()
  const { data } = useQuery({ ...peopleQuery, enabled: asked.length > 1 })
  const own = new Set(alert.people.map(({ personId }) => personId))
  const found = (data?.people ?? [])
    .filter((one) => one.status === 'active' && !own.has(one.personId))
    .filter((one) => nameText(one).toLowerCase().includes(asked))
    .slice(0, offeredMax)
  return (
    <div className="wk-field">
      <label htmlFor={id}>Give it to</label>
      <input
        id={id}
        value={text}
        autoComplete="off"
        placeholder="Part of a name"
        onChange={({ target }) => {
          setText(target.value)
        }}
      />
      {asked.length > 1 && (
        <div className="wk-buttons-row">
          {found.length === 0 && <span className="wk-quiet">Nobody active has that name.</span>}
          {found.map((one) => (
            <ActButton
              key={one.personId}
              isSmall
              label={`Assign to ${nameText(one)}`}
              question={`Give it to ${nameText(one)}?`}
              act={(pass) => assignAlert(alert.alertId, one.personId, pass)}
              said={() => 'Assigned'}
            >
              <p>It is written into the record. She finds it under Mine, if she may see it.</p>
            </ActButton>
          ))}
        </div>
      )}
    </div>
  )
}

function CloseForm({ alertId }: { readonly alertId: string }) {
  const [outcome, setOutcome] = useState<Outcome>()
  const [note, setNote] = useState('')
  return (
    <section className="wk-alert-close">
      <h3>Close it</h3>
      <FindingFields
        name="alert-outcome"
        outcomes={outcomes}
        outcome={outcome}
        onOutcome={setOutcome}
        note={note}
        onNote={setNote}
        kept="it is sealed, and forgotten with whom it is about"
      />
      <ActButton
        disabled={outcome === undefined || note.trim() === ''}
        label={outcome ? `Close as ${alertOutcomeText(outcome)}` : 'Close the alert'}
        question="Close this alert for good?"
        act={(pass) =>
          closeAlert(alertId, { outcome: outcome ?? 'explained', note: note.trim() }, pass)
        }
        said={() => 'Closed'}
      >
        <p>
          Found: <strong>{outcome && alertOutcomeText(outcome)}</strong>. It is written into the
          record under your name and cannot be opened again. The rule may raise a new one.
        </p>
      </ActButton>
    </section>
  )
}
