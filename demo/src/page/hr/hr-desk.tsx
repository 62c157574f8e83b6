// The HR desk: whom the hospital employs, what can be done about each, and what came of it. Whoever
// is dismissed is asked for first: that alone cannot be taken back.

import { useState } from 'preact/hooks'
import type { HrAct, HrPersonShown, HrShown, PageMessage } from '../../demo-messages.ts'
import { ConfirmDismissal } from './confirm-dismissal.tsx'
import { HireForm } from './hire-form.tsx'
import type { rackMarks } from '../rack-marks.ts'
import { HrPerson } from './hr-person.tsx'

interface HrDeskProps {
  readonly hr: HrShown
  readonly marks: ReturnType<typeof rackMarks>
  /** The badge in the visitor's hand. */
  readonly chosen: string
  readonly onChoose: (uid: string) => void
  readonly say: (message: PageMessage) => void
}

export function HrDesk({ hr, marks, chosen, onChoose, say }: HrDeskProps) {
  const [leaving, setLeaving] = useState<HrPersonShown>()
  const ask = (act: HrAct, person: HrPersonShown, position?: HrPersonShown['position']): void => {
    if (act === 'dismiss') setLeaving(person)
    else say({ kind: 'hr', act, person: person.key, ...(position ? { position } : {}) })
  }
  return (
    <section class="hr" aria-label="HR desk">
      <h2>HR desk</h2>
      <p class="record-note">
        What is said here goes to the broker by SCIM, as from any HR system, and is felt at the next
        tap or on the open screen. Everybody here is invented.
      </p>
      <p
        class={hr.word?.isTrouble === true ? 'hr-word hr-trouble' : 'hr-word'}
        role="status"
        data-testid="hr-word"
      >
        {hr.word?.text ?? 'Nothing was changed yet.'}
      </p>
      <HireForm
        hr={hr}
        onHire={(person, position) => {
          say({ kind: 'hr', act: 'hire', person, position })
        }}
      />
      <ul class="hr-people">
        {hr.people.map((person) => (
          <HrPerson
            key={person.key}
            person={person}
            isPinOwn={marks.get(person.personId)?.isPinOwn === true}
            isLost={marks.get(person.personId)?.badge === 'lost'}
            positions={hr.positions}
            isInHand={person.uid === chosen}
            onTake={() => {
              onChoose(person.uid)
              // On a small display the readers are below the list.
              document.querySelector('.stations')?.scrollIntoView({ block: 'nearest' })
            }}
            onAct={(act, position) => {
              ask(act, person, position)
            }}
          />
        ))}
      </ul>
      {leaving && (
        <ConfirmDismissal
          name={leaving.name}
          onAnswer={(isSure) => {
            if (isSure) say({ kind: 'hr', act: 'dismiss', person: leaving.key })
            setLeaving(undefined)
          }}
        />
      )}
    </section>
  )
}
