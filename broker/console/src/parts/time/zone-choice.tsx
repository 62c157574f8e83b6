// In which zone times are shown, and times themselves: never one without the other at hand.

import { createContext, use } from 'react'
import type { ReactNode } from 'react'
import { useLocalStorage } from '@mantine/hooks'
import { clockText, dayText, minuteText, stampText, utcText } from './time-text.ts'
import type { ZoneChoice } from './time-text.ts'

interface Zone {
  readonly choice: ZoneChoice
  readonly choose: (choice: ZoneChoice) => void
}
const Chosen = createContext<Zone>({ choice: 'local', choose: () => undefined })

export function ZoneProvider({ children }: { readonly children: ReactNode }) {
  const [choice, choose] = useLocalStorage<ZoneChoice>({
    key: 'wardkey-zone',
    defaultValue: 'local',
    getInitialValueInEffect: false,
    deserialize: (value) => (value === 'utc' ? 'utc' : 'local'),
    serialize: (value) => value,
  })
  return <Chosen value={{ choice, choose }}>{children}</Chosen>
}

/** `zone` is what the texts of `time-text` take: nothing for the viewer's own. */
export function useZone(): Zone & { readonly zone: string | undefined } {
  const chosen = use(Chosen)
  return { ...chosen, zone: chosen.choice === 'utc' ? 'UTC' : undefined }
}

interface StampProps {
  readonly ms: number
  readonly form?: 'stamp' | 'clock' | 'minute' | 'day'
}
const forms = { clock: clockText, minute: minuteText, day: dayText }

export function Stamp({ ms, form = 'stamp' }: StampProps) {
  const { zone } = useZone()
  const other = zone === undefined ? utcText(ms) : `${stampText(ms)} here`
  return (
    <time dateTime={new Date(ms).toISOString()} title={other}>
      {form === 'stamp' ? <DayAndClock ms={ms} zone={zone} /> : whole(forms[form](ms, zone))}
    </time>
  )
}

const whole = (text: string) => <span className="wk-whole">{text}</span>

/** As `stampText` has it; where room is short, the clock goes to a line of its own. */
function DayAndClock({ ms, zone }: { readonly ms: number; readonly zone: string | undefined }) {
  const clock = clockText(ms, zone)
  return (
    <>
      {whole(`${dayText(ms, zone)},`)} {whole(zone === undefined ? clock : `${clock} UTC`)}
    </>
  )
}
