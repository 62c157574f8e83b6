// Who has applied, and for what: two choices and a button, which go once somebody is hired. A
// second press hires nobody else.

import { useState } from 'preact/hooks'
import type { HrPersonShown, HrShown } from '../../demo-messages.ts'

interface HireFormProps {
  readonly hr: HrShown
  readonly onHire: (applicant: string, position: HrPersonShown['position']) => void
}

export function HireForm({ hr, onHire }: HireFormProps) {
  const { applicants, positions } = hr
  const [wanted, setWanted] = useState('')
  const [position, setPosition] = useState<HrPersonShown['position']>('nurse')
  const [asked, setAsked] = useState<{ readonly key: string; readonly before: HrShown }>()
  // Whoever was chosen may be hired meanwhile: then the next one is meant.
  const applicant = applicants.find(({ key }) => key === wanted) ?? applicants[0]
  if (!applicant) {
    return (
      <p class="hr-hire">
        Everybody who applied is hired. Whoever was dismissed can be hired again; to begin anew, end
        the demo and start it with npm start -- --reset.
      </p>
    )
  }
  if (asked && !applicants.some(({ key }) => key === asked.key)) {
    return (
      <HireAnother
        onClick={() => {
          setAsked(undefined)
        }}
      />
    )
  }
  return (
    <form
      class="hr-hire"
      onSubmit={(event) => {
        event.preventDefault()
        setAsked({ key: applicant.key, before: hr })
        onHire(applicant.key, position)
      }}
    >
      <label>
        Applicant
        <select
          value={applicant.key}
          data-testid="hr-applicant"
          onChange={({ currentTarget }) => {
            setWanted(currentTarget.value)
          }}
        >
          {applicants.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <PositionChoice
        label="Hired as"
        testId="hr-position"
        positions={positions}
        chosen={position}
        onChoose={setPosition}
      />
      <button
        type="submit"
        class="hr-act hr-main"
        disabled={asked?.before === hr}
        data-testid="hr-hire"
      >
        Hire
      </button>
    </form>
  )
}

function HireAnother({ onClick }: { readonly onClick: () => void }) {
  return (
    <p class="hr-hire">
      <button type="button" class="hr-act" data-testid="hr-hire-another" onClick={onClick}>
        Hire somebody else
      </button>
    </p>
  )
}

interface PositionChoiceProps extends Pick<HrShown, 'positions'> {
  readonly label: string
  readonly testId: string
  readonly chosen: HrPersonShown['position']
  readonly onChoose: (position: HrPersonShown['position']) => void
}

export function PositionChoice(props: PositionChoiceProps) {
  const { label, testId, positions, chosen, onChoose } = props
  return (
    <label>
      {label}
      <select
        value={chosen}
        data-testid={testId}
        onChange={({ currentTarget }) => {
          const found = positions.find(({ key }) => key === currentTarget.value)
          if (found) onChoose(found.key)
        }}
      >
        {positions.map((one) => (
          <option key={one.key} value={one.key}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  )
}
