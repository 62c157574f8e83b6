// How times, people and ways of signing in are said on the pages. Pure, but for the local time
// zone.

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const longDay = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
})
const shortDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})

export const timeOfDay = (ms: number): string => clock.format(ms)
export const timeToTheSecond = (ms: number): string => clockWithSeconds.format(ms)
export const dayInWords = (ms: number): string => longDay.format(ms)

/** A FHIR date, which has no time zone, as people write it. */
export const dateInWords = (date: string): string => shortDay.format(new Date(`${date}T00:00:00Z`))

/** The date at this place, as FHIR writes dates. */
export function localDate(ms: number): string {
  const at = new Date(ms)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

export function ageInYears(birthDate: string, nowMs: number): number {
  const [year, rest] = [Number(birthDate.slice(0, 4)), birthDate.slice(5)]
  const today = localDate(nowMs)
  const passed = today.slice(5) >= rest ? 0 : 1
  return Number(today.slice(0, 4)) - year - passed
}

const factorNames: readonly (readonly [amr: string, name: string])[] = [
  ['sc', 'smart card'],
  ['user', 'badge'],
  ['hwk', 'security key'],
  ['pin', 'PIN'],
  ['fpt', 'fingerprint'],
  ['face', 'face'],
  ['otp', 'one-time code'],
  ['pwd', 'password'],
]
const cards = ['smart card', 'badge', 'security key']

/** `amr` (RFC 8176) in words: “badge and PIN”. Several names for one card are said once. */
export function factorsInWords(amr: readonly string[]): string {
  const named = factorNames.filter(([value]) => amr.includes(value)).map(([, name]) => name)
  const card = named.find((name) => cards.includes(name))
  const said = named.filter((name) => name === card || !cards.includes(name))
  if (said.length === 0) return 'single sign-on'
  const last = said[said.length - 1] ?? ''
  return said.length === 1 ? last : `${said.slice(0, -1).join(', ')} and ${last}`
}

/** `nurse-practitioner` as “Nurse practitioner”. */
export function roleInWords(role: string): string {
  const words = role.replaceAll('-', ' ')
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** “1 patient”, “3 patients”. */
export function counted(count: number, one: string): string {
  return `${String(count)} ${one}${count === 1 ? '' : 's'}`
}
