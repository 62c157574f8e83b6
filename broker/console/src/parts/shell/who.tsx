// Who is signed in and until when, what is kept about her, the way out, and how she wants it:
// colours, and the zone of times. Both are remembered on this computer.

import { Link } from '@tanstack/react-router'
import { useMantineColorScheme } from '@mantine/core'
import { Stamp, useZone } from '../time/zone-choice.tsx'
import { useSession } from './session.tsx'

export function Who() {
  const { who, leave } = useSession()
  return (
    <section className="wk-who" aria-label="You">
      <Choices />
      <p className="wk-who-name">{who.account}</p>
      <p className="wk-quiet">
        {who.roles.length === 0 ? 'no role in the console' : who.roles.join(', ')}
        <br />
        until <Stamp ms={who.endsMs} form="minute" />
      </p>
      {who.hasOwnRecord && (
        <p>
          <Link to="/my-taps" activeOptions={{ exact: true, includeSearch: false }}>
            My taps
          </Link>
        </p>
      )}
      <button type="button" className="wk-link" onClick={leave}>
        Sign out
      </button>
    </section>
  )
}

function Choices() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { choice, choose } = useZone()
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <div className="wk-choices">
      <Choice
        label="Colours"
        value={colorScheme}
        options={[
          ['auto', 'As the system'],
          ['light', 'Light'],
          ['dark', 'Dark'],
        ]}
        onChange={setColorScheme}
      />
      <Choice
        label="Times"
        value={choice}
        options={[
          ['local', here === 'UTC' ? 'Here (UTC)' : here.replaceAll('_', ' ')],
          ['utc', 'UTC'],
        ]}
        onChange={choose}
      />
    </div>
  )
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly (readonly [Value, string])[]
  readonly onChange: (value: Value) => void
}

function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <label className="wk-choice">
      <span>{label}</span>
      <select
        value={value}
        onChange={({ target }) => {
          const chosen = options.find(([option]) => option === target.value)
          if (chosen) onChange(chosen[0])
        }}
      >
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
